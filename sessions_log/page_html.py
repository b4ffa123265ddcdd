"""The controls of a session's page, written without templates: it has some two hundred of them (docs/benchmarks)."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from groups_app.models import Phase
from sessions_log.formats import GOAL, Part
from sessions_log.models import AttendanceStatus
from sessions_log.names.check import Named
from sessions_log.page_parts import CODES, GroupPart, LinePart, NotePart

_ALWAYS_SHOWN = (AttendanceStatus.PRESENT, AttendanceStatus.LATE)


def hidden(part: NotePart, was: str) -> SafeString:
    """Write the control that says what the part was when the page was made."""
    return format_html('<input type="hidden" name="{}" value="{}">', part.name("was"), was)


def segments(part: LinePart) -> SafeString:
    """Write how a person can have come, the usual three at one tap, and the minutes for who was there in part."""
    shown, rest = _choices(part.line.notice is not None, get_language())
    key = part.key
    is_open = " open" if any(choice.value == part.status for choice in rest) else ""
    more, unit = _words(get_language())
    wrong = " aria-invalid=true" if "minutes" in part.problems else ""
    further = f"<details{is_open}>{more}<div>{_radios(part, rest)}</div></details>"
    return mark_safe(  # noqa: S308 (built from escaped pieces)
        f'<div class="seg">{_radios(part, shown)}{further}</div>'
        f'<label class="minutes"><input id="id_{key}-minutes" name="{key}-minutes" value="{escape(part.minutes)}" '
        f'inputmode="numeric" maxlength="3" autocomplete="off"{wrong}> {unit}</label>'
    )


def person(part: LinePart, named: Sequence[Named], *, names: str, under: str) -> SafeString:
    """Write one person's line.

    ``names`` says what to do about those ``named`` in the note, ``under`` what went wrong with it.
    """
    line, nothing = part.line, _nothing(get_language())
    name, remark = escape(line.name), f'<p class="small muted">{escape(line.remark)}</p>' if line.remark else ""
    return mark_safe(  # noqa: S308 (built from escaped pieces)
        f'<li class="person" data-part="{part.key}"><div class="who"><b>{name}</b>{remark}</div>'
        f'<div class="came" role="radiogroup" aria-label="{name}"{" data-notice" if line.notice else ""}>'
        f"{hidden(part, part.was)}{segments(part)}</div>"
        f'<div class="words">{line_texts(part, named)}{nothing}<div data-names>{names}</div></div>{under}</li>'
    )


@lru_cache(maxsize=4)
def _nothing(_language: str | None) -> str:
    """Return what stands in place of the note of somebody who is marked as away."""
    return f'<p class="nothing small muted">{escape(_("Away. Nothing to write."))}</p>'


class Choice(NamedTuple):
    """One way to have come. ``opening`` is its label's tag, in clay for all but being here."""

    value: str
    label: str
    opening: str


def _radios(part: LinePart, choices: Sequence[Choice]) -> str:
    """The first choice of all has the id to which links lead."""
    name, chosen = f"{part.key}-status", part.status
    return "".join(
        f'{one.opening}<input type="radio" name="{name}" value="{one.value}"'
        f"{f' id={chr(34)}id_{name}{chr(34)}' if one.value == _ALWAYS_SHOWN[0] else ''}"
        f"{' checked' if one.value == chosen else ''}><span>{one.label}</span></label>"
        for one in choices
    )


@lru_cache(maxsize=16)
def _choices(has_notice: bool, _language: str | None) -> tuple[list[Choice], list[Choice]]:
    """Return what is shown and what stands behind "…". *Away* means what is known: with a notice, or without one."""
    with_notice, without = AttendanceStatus.ABSENT_WITH_NOTICE, AttendanceStatus.NO_SHOW
    away = with_notice if has_notice else without
    heard = _("with notice") if has_notice else _("no notice")
    away_label = f'{escape(_("Away"))} <span class="quiet-text">{escape(heard)}</span>'
    warn = '<label class="warn">'
    here, late = _ALWAYS_SHOWN
    shown = [
        Choice(here.value, escape(str(here.label)), "<label>"),
        Choice(late.value, escape(str(late.label)), warn),
        Choice(away.value, away_label, warn),
    ]
    rest = [status for status in AttendanceStatus if status not in (here, late, away)]
    return shown, [Choice(status.value, escape(str(status.label)), warn) for status in rest]


@lru_cache(maxsize=4)
def _words(_language: str | None) -> tuple[str, str]:
    """Return what opens the further choices, and the unit of the minutes."""
    more = f'<span class="quiet-text">{escape(_("More choices"))}</span><span aria-hidden="true">…</span>'
    return f"<summary>{more}</summary>", escape(_("min missed"))


def line_texts(part: LinePart, named: Sequence[Named] = ()) -> SafeString:
    """Write the texts of one person's note, with the names that were found in it."""
    if len(part.parts) == 1:
        (one,) = part.parts
        label = escape(_("Note for %(name)s") % {"name": part.line.name})
        return mark_safe(_area(part, one.key, 2, one.hint, css="bare", label=label, named=named))  # noqa: S308
    return mark_safe(  # noqa: S308 (built from escaped pieces)
        "".join(
            f'<label class="part"><span>{escape(str(one.label))}</span>'
            + _area(part, one.key, one.rows, one.hint or " ", css=_css_of(one), named=named)
            + "</label>"
            for one in part.parts
        )
    )


def _css_of(one: Part) -> str:
    return "bare pulled" if one.key == GOAL else "bare"


def group_text(part: GroupPart, key: str, named: Sequence[Named] = ()) -> SafeString:
    """Write one labeled text of the group note, with its problem if there is one."""
    one = next(one for one in part.parts if one.key == key)
    return mark_safe(  # noqa: S308 (built from escaped pieces)
        f'<div class="field{" wrong" if key in part.problems else ""}">'
        f'<label for="id_{part.name(key)}">{escape(str(one.label))}</label>{problem(part, key)}'
        f"{_area(part, key, one.rows, one.hint, named=named)}</div>"
    )


def _area(
    part: NotePart,
    key: str,
    rows: int,
    hint: object,
    *,
    css: str = "",
    label: str = "",
    named: Iterable[Named] = (),
) -> str:
    wrong = f' aria-invalid="true" aria-describedby="id_{part.name(key)}_error"' if key in part.problems else ""
    return (
        f'<span class="marked"><textarea name="{part.name(key)}" id="id_{part.name(key)}" rows="{rows}"'
        f"{f' class={chr(34)}{css}{chr(34)}' if css else ''}{f' aria-label={chr(34)}{label}{chr(34)}' if label else ''}"
        f' placeholder="{escape(str(hint))}" autocomplete="off"{wrong}>\n{escape(part.texts[key])}</textarea>'
        f"{marks(part, key, named)}</span>"
    )


def marks(part: NotePart, key: str, named: Iterable[Named]) -> str:
    """Write a text once more with its names marked, to be laid over its control: a control cannot mark words (R35).

    Nothing where there are no names, or other words stand there than those in which they were found.
    """
    text = part.texts[key]
    places = sorted((place for one in named for place in one.places.get(key, ())), key=lambda place: place.start)
    if not places or text != part.stored.get(key):
        return ""
    written, position = [], 0
    for place in places:
        written += [escape(text[position : place.start]), f"<mark>{escape(text[place.start : place.end])}</mark>"]
        position = place.end
    return f'<span class="marks" aria-hidden="true">{"".join(written)}{escape(text[position:])}</span>'


def problem(part: NotePart, key: str) -> SafeString:
    """Write what is wrong with a control, if anything is."""
    if key not in part.problems:
        return SafeString("")
    return format_html('<p class="error" id="id_{}_error">{}</p>', part.name(key), part.problems[key])


def people(lines: Iterable[LinePart], chosen: str) -> SafeString:
    """Write everybody as an option of a list, of which ``chosen`` is a key."""
    return mark_safe(  # noqa: S308 (built from escaped pieces)
        "".join(
            f'<option value="{part.key}"{" selected" if part.key == chosen else ""}>{escape(part.line.name)}</option>'
            for part in lines
        )
    )


def chips(part: GroupPart, name: str) -> SafeString:
    """Write any of many choices of the group note."""
    chosen = part.codes[name]
    return mark_safe(  # noqa: S308 (built from escaped pieces)
        "".join(
            f'<label class="chip"><input type="checkbox" name="group-{name}" value="{value}"'
            f"{' checked' if value in chosen else ''}><span>{label}</span></label>"
            for value, label in _labels(CODES[name], get_language())
        )
    )


def phases(part: GroupPart, choices: Iterable[Phase]) -> SafeString:
    """Write the phases of a time-limited group, one of which may be chosen."""
    return mark_safe(  # noqa: S308 (built from escaped pieces)
        "".join(
            f'<label class="chip"><input type="radio" name="group-phase" value="{value}"'
            f"{' checked' if value == part.phase else ''}><span>{escape(label)}</span></label>"
            for value, label in (("", pgettext("no phase", "Not said")), *((one.code, one.name) for one in choices))
        )
    )


@lru_cache(maxsize=32)
def _labels(choices: type[TextChoices], _language: str | None) -> Sequence[tuple[str, str]]:
    return [(value, escape(str(label))) for value, label in choices.choices]
