"""The marks of the attendance grid; hundreds on a page, so each is made once."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy

from home.reads.group import Column
from sessions_log.models import AttendanceStatus

register = template.Library()

# Mark → class, letter, words for who cannot see it. Shapes and letters differ, not colors alone.
MARKS = {
    AttendanceStatus.PRESENT.value: ("at", "✓", AttendanceStatus.PRESENT.label),
    AttendanceStatus.LATE.value: ("at late", "L", AttendanceStatus.LATE.label),
    AttendanceStatus.LEFT_EARLY.value: ("at late", "E", AttendanceStatus.LEFT_EARLY.label),
    AttendanceStatus.ABSENT_WITH_NOTICE.value: ("at away", "A", AttendanceStatus.ABSENT_WITH_NOTICE.label),
    AttendanceStatus.NO_SHOW.value: ("at gone", "N", AttendanceStatus.NO_SHOW.label),
    AttendanceStatus.WALKED_OUT.value: ("at gone", "W", AttendanceStatus.WALKED_OUT.label),
    AttendanceStatus.CALLED_OFF.value: ("", "–", AttendanceStatus.CALLED_OFF.label),
    "off": ("", "–", gettext_lazy("Cancelled")),
    "away": ("at away", "A", gettext_lazy("Will be away")),
    "coming": ("at none", "", gettext_lazy("Expected")),
    "none": ("at none", "?", gettext_lazy("Not recorded")),
}


@lru_cache(maxsize=256)
def _cell(mark: str, is_next: bool, language: str | None) -> SafeString:
    opening = mark_safe('<td class="now">') if is_next else mark_safe("<td>")
    if not mark:
        return format_html("{}</td>", opening)
    css, letter, words = MARKS[mark]
    return format_html(
        '{}<span class="{}" aria-hidden="true">{}</span><span class="quiet-text">{}</span></td>',
        opening,
        css,
        letter,
        words,
    )


@register.simple_tag
def attendance_cells(marks: Iterable[str], columns: Sequence[Column]) -> SafeString:
    """Draw one member's cells, one a column."""
    language = get_language()
    cells = (_cell(mark, column.is_next, language) for mark, column in zip(marks, columns, strict=True))
    return mark_safe("".join(cells))  # noqa: S308 (every cell comes from format_html)


@register.simple_tag
def attendance_key() -> list[tuple[str, str, object]]:
    """Return class, letter and words of the recorded marks, for the key below the grid."""
    return [MARKS[status] for status in AttendanceStatus.values]
