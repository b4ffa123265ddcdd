"""What a channel answers, whatever provider stands behind it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Receipt:
    """The provider took the message. ``provider_id`` is its name for it, ``segments`` what a text is billed as."""

    provider_id: str = ""
    segments: int | None = None


class ChannelError(Exception):
    """The message did not go out. The text never holds an address: it may be logged."""


class Refused(ChannelError):  # noqa: N818 (answers are named for what is so)
    """This message to this address will never be taken; trying again is no use."""


class OptedOut(Refused):
    """The provider knows that this recipient said stop."""


class TryLater(ChannelError):  # noqa: N818
    """This message was not taken now; others may be."""


class Unreachable(ChannelError):  # noqa: N818
    """Nothing can be sent at present: there is no server, or it wants nothing from us."""
