"""The alphabet of text messages (GSM 03.38): what costs one septet, what two, and what has no sign of its own."""

import unicodedata

ONE_MESSAGE = 160
_IN_PARTS = 153
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")
_STAND_INS = {
    "’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ", "\u202f": " ",
    "·": "-", "•": "-", "`": "'", "´": "'",
}  # fmt: skip


def plain(text: str) -> str:
    """Return ``text`` in signs that a text message has: typographic ones and unknown accents become simple ones.

    What has no counterpart (an emoji) is left out, because one such sign would halve the room for all others.
    """
    signs: list[str] = []
    for sign in text:
        replaced = _STAND_INS.get(sign, sign)
        if not _is_known(replaced):
            simple = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
            replaced = "".join(one for one in simple if _is_known(one))
        signs.append(replaced)
    return "".join(signs)


def is_plain(text: str) -> bool:
    """Whether every sign of ``text`` has its place in the alphabet."""
    return _is_known(text)


def septets(text: str) -> int:
    """Return how much room ``text`` takes; it must be plain."""
    return len(text) + sum(sign in _EXTENDED for sign in text)


def segments(text: str) -> int:
    """Return how many messages a provider sends, and bills, for ``text``."""
    room = septets(text)
    return 1 if room <= ONE_MESSAGE else -(-room // _IN_PARTS)


def _is_known(text: str) -> bool:
    return all(sign in _BASIC or sign in _EXTENDED for sign in text)
