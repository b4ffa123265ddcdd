"""Keys that stand in a file, as containers and their keepers of secrets mount them."""

from pathlib import Path


def lines_of(path: str) -> list[str]:
    """Return the entries of the file at ``path``, one a line; none when there is no path. ``#`` begins a comment.

    Raises ``OSError`` when the file cannot be read: to start without its keys would be to lose notes.
    """
    if not path:
        return []
    lines = (line.partition("#")[0].strip() for line in Path(path).read_text().splitlines())
    return [line for line in lines if line]
