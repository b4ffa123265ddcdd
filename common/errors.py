"""The root of every refusal of a domain rule."""


class RuleBroken(Exception):  # noqa: N818 (refusals are named for what is so: GroupFull, DoorShut)
    """A rule of the domain says no.

    The text is a translated sentence for the person at the screen: it says what is wrong and what to do. Services raise
    subclasses; views show the sentence on the form and lose nothing that was typed.
    """

    @property
    def sentence(self) -> str:
        """The sentence to show."""
        return str(self)
