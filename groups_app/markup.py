"""The small part of Markdown that an agreement may use: emphasis, lists, lines, paragraphs. The rest is words.

One reading serves the page (safe HTML) and the printed copy (a tree of plain data).
"""

from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_READER = MarkdownIt("zero", {"breaks": True, "html": False}).enable(
    ["list", "newline", "emphasis", "balance_pairs", "fragments_join"]
)
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li"}


def to_html(body: str) -> SafeString:
    """Return ``body`` as HTML that holds no tag but the few above and no attribute at all."""
    html = nh3.clean(_READER.render(body), tags=_TAGS, attributes={"ol": {"start"}})
    return mark_safe(html)  # noqa: S308 (cleaned on the line above)


def to_blocks(body: str) -> list[dict[str, Any]]:
    """Return ``body`` as blocks: ``{"kind": "paragraph", "runs": […]}`` or ``{"kind": "list", "items": […]}``.

    An item is a list of blocks again. A run is ``{"text", "strong", "em"}``; a line's end is a run of one line feed.
    """
    return _blocks(iter(_READER.parse(body)), until="")


def _blocks(tokens: Any, *, until: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for token in tokens:
        if token.type == until:
            break
        if token.type == "inline":
            found.append({"kind": "paragraph", "runs": _runs(token.children or [])})
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            is_ordered = token.type == "ordered_list_open"
            items = _items(tokens, until=token.type.replace("open", "close"))
            found.append(
                {"kind": "list", "ordered": is_ordered, "start": int(token.attrGet("start") or 1), "items": items}
            )
    return found


def _items(tokens: Any, *, until: str) -> list[list[dict[str, Any]]]:
    items = []
    for token in tokens:
        if token.type == until:
            break
        if token.type == "list_item_open":
            items.append(_blocks(tokens, until="list_item_close"))
    return items


def _runs(tokens: list[Token]) -> list[dict[str, Any]]:
    strong = em = False
    runs = []
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            strong = token.type == "strong_open"
        elif token.type in ("em_open", "em_close"):
            em = token.type == "em_open"
        else:
            text = "\n" if token.type in ("softbreak", "hardbreak") else token.content
            runs.append({"text": text, "strong": strong, "em": em})
    return [run for run in runs if run["text"]]
