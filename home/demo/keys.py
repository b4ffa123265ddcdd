"""Primary keys that are the same whenever the same demo practice is made."""

from collections import Counter
from hashlib import blake2b
from uuid import UUID

# 2024-01-01 in milliseconds: the keys sort before any that is made while somebody works in the demo.
_FIRST_MOMENT = 1_704_067_200_000
_VERSION_7 = 7 << 76
_RFC_VARIANT = 2 << 62
_RANDOM_A = ((1 << 12) - 1) << 64
_RANDOM_B = (1 << 62) - 1


class Keys:
    """Deals out UUIDv7-shaped keys: the n-th key of a kind depends on the size, the seed and n alone.

    Later keys of a kind sort after earlier ones, so that indexes grow at their end.
    """

    def __init__(self, size: str, seed: int) -> None:
        self._salt = f"{size} {seed}".encode()
        self._dealt: Counter[str] = Counter()

    def next(self, kind: str) -> UUID:
        """Return the next key of ``kind``."""
        number = self._dealt[kind]
        self._dealt[kind] = number + 1
        digest = blake2b(b"%s %d" % (kind.encode(), number), digest_size=16, key=self._salt).digest()
        noise = int.from_bytes(digest, "big") & (_RANDOM_A | _RANDOM_B)
        return UUID(int=(_FIRST_MOMENT + number) << 80 | _VERSION_7 | _RFC_VARIANT | noise)
