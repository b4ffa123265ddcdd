"""The template language of the house: built in everywhere, so that templates need no ``{% load %}``.

Moments arrive in UTC and are shown as clocks in a named zone show them; there is no filter that guesses a zone.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.dateformat import format as date_text
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from common.clock import local, zone_name
from common.flash import undo_address
from common.forms import input_tag
from common.integrity import integrity
from common.navigation import MOST_ENTRIES, current_entry

register = template.Library()

# In the order of the cascade's layers; kith.css declares them.
STYLESHEETS = (
    "css/kith.css",
    "css/reset.css",
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/components/nav.css",
    "css/components/button.css",
    "css/components/sheet.css",
    "css/components/tag.css",
    "css/components/form.css",
    "css/components/feedback.css",
    "css/components/text.css",
    "css/components/table.css",
    "css/components/calendar.css",
    "css/components/entrance.css",
    "css/print.css",
)
MODULES = (
    "js/failure.js",
    "js/problems.js",
    "js/flash.js",
    "js/dialog.js",
    "js/autosubmit.js",
    "js/search-key.js",
    "js/log-off.js",
)

# The sign in a user agent and what it means; the first match wins, because browsers name their ancestors too.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)

# A ring of dots, one slightly apart.
MARK = mark_safe(
    '<svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true"><circle cx="12" cy="3.6" r="2.1"/>'
    '<circle cx="18.2" cy="6.6" r="2.1"/><circle cx="20.2" cy="13" r="2.1"/><circle cx="16.4" cy="18.8" r="2.1"/>'
    '<circle cx="9.6" cy="19.6" r="2.1"/><circle cx="4.2" cy="15.6" r="2.1"/>'
    '<circle cx="2.9" cy="7.2" r="2.1" opacity=".42"/></svg>'
)


# --- The page -------------------------------------------------------------------------------------------------------
@register.simple_tag
@lru_cache(maxsize=1)
def stylesheets() -> SafeString:
    """Link every style sheet of the house."""
    return format_html_join("\n", "{}", ((stylesheet(path),) for path in STYLESHEETS))


@register.simple_tag
@lru_cache
def stylesheet(path: str) -> SafeString:
    """Link one style sheet of a single page: ``{% stylesheet "css/pages/session.css" %}``."""
    return format_html('<link rel="stylesheet" href="{}" integrity="{}">', static(path), integrity(path))


@register.simple_tag
@lru_cache(maxsize=1)
def scripts() -> SafeString:
    """Load htmx and every module that works on all pages."""
    htmx = "django_htmx/htmx-2.min.js"
    return format_html(
        '<script src="{}" integrity="{}" defer></script>\n{}',
        static(htmx),
        integrity(htmx),
        format_html_join("\n", "{}", ((module(path),) for path in MODULES)),
    )


@register.simple_tag
@lru_cache
def module(path: str) -> SafeString:
    """Load one JavaScript module of a single page: ``{% module "js/passkey.js" %}``."""
    return format_html('<script type="module" src="{}" integrity="{}"></script>', static(path), integrity(path))


@register.simple_tag
def mark() -> SafeString:
    """Draw the mark of the house."""
    return MARK


@register.inclusion_tag("layout/nav.html", takes_context=True)
def navigation(context: RequestContext) -> dict[str, Any]:
    """List the places of a member of staff.

    A page may set ``nav_current`` (a view name of ``common.navigation``) and ``nav_counts`` (view name → number).
    """
    return _places(context, most=MOST_ENTRIES)


@register.inclusion_tag("layout/tabs.html", takes_context=True)
def tabs(context: RequestContext) -> dict[str, Any]:
    """List the member's places. A page may set ``nav_current``."""
    return _places(context, most=MOST_ENTRIES)


def _places(context: RequestContext, *, most: int) -> dict[str, Any]:
    match = context["request"].resolver_match
    entries = context["shell"].entries
    current = current_entry(
        entries, view_name=match.view_name if match else "", chosen=context.get("nav_current") or ""
    )
    counts = context.get("nav_counts") or {}
    places = [(entry, entry is current, counts.get(entry.view_name)) for entry in entries]
    return {"first": places[:most], "more": places[most:], "more_open": current in entries[most:]}


@register.filter
def undo_url(message: Message) -> str:
    """Return where a message's *Undo* button posts to, or nothing."""
    return undo_address(message.extra_tags)


@register.filter
def device(user_agent: str) -> str:
    """Say in a few words what a browser says about itself at length: "Firefox, Windows"."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), None)
    system = next((name for sign, name in SYSTEMS if sign in user_agent), None)
    return ", ".join(filter(None, (browser, system))) or gettext("Unknown device")


# --- Time -----------------------------------------------------------------------------------------------------------
register.filter("zone_name", zone_name)


@register.filter
def clock(moment: datetime, zone: str) -> str:
    """Show the time of day: "6:00 PM"."""
    return date_text(local(moment, zone), "g:i A")


@register.filter
def weekday_date(day: date, zone: str = "") -> str:
    """Show a day or, given its zone, the day of a moment: "Tuesday, November 24"."""
    return date_text(_day(day, zone), "l, F j")


@register.filter
def month_date(day: date, zone: str = "") -> str:
    """Show a day without its weekday: "November 24"."""
    return date_text(_day(day, zone), "F j")


@register.filter
def full_date(day: date, zone: str = "") -> str:
    """Show a day with its year: "November 24, 2026"."""
    return date_text(_day(day, zone), "F j, Y")


@register.simple_tag
def span(start: datetime, end: datetime, zone: str) -> str:
    """Show from when to when: "10:00–11:30 AM" or "11:30 AM–1:00 PM"."""
    first, last = local(start, zone), local(end, zone)
    same_half = date_text(first, "A") == date_text(last, "A")
    return f"{date_text(first, 'g:i' if same_half else 'g:i A')}–{date_text(last, 'g:i A')}"


def _day(day: date, zone: str) -> date:
    if isinstance(day, datetime):
        return local(day, zone)
    return day


# --- Small pictures -------------------------------------------------------------------------------------------------
@register.simple_tag
def dots(here: int, away: int = 0, free: int = 0) -> SafeString:
    """Draw the places of a group. Hidden from screen readers: say the same in words beside it."""
    kinds = ["on"] * here + ["away"] * away + ["off"] * free
    return format_html('<span class="dots" aria-hidden="true">{}</span>', _marks(kinds))


@register.simple_tag
def steps(now: int, total: int) -> SafeString:
    """Draw how far a group has come: sessions before number ``now`` are done, ``now`` is under way."""
    kinds = ["done" if number < now else "now" if number == now else "next" for number in range(1, total + 1)]
    return format_html('<div class="steps" aria-hidden="true">{}</div>', _marks(kinds))


def _marks(kinds: list[str]) -> SafeString:
    return format_html_join("", '<i class="{}"></i>', ((kind,) for kind in kinds))


# --- Forms ----------------------------------------------------------------------------------------------------------
@register.filter
def choice_input(option: Mapping[str, Any]) -> SafeString:
    """Return the radio button or checkbox of one choice of a widget."""
    return input_tag(option)


@register.filter
def first_control(field: BoundField) -> str:
    """Return the id of the first control of a field, where a link to it must lead."""
    return f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label or field.auto_id


@register.filter
def unended(label: object) -> str:
    """Return a label that is a sentence without its end: something follows it."""
    return str(label).rstrip(".?:")


@register.filter
def control(field: BoundField) -> str:
    """Return what kind of control a field is, for its template: "checkbox" or nothing special."""
    return getattr(field.field.widget, "input_type", "")


# --- What never changes ---------------------------------------------------------------------------------------------
class Still(template.Node):
    """Renders its content once a language and process."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self._rendered: dict[str | None, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        language = get_language()
        if language not in self._rendered:
            self._rendered[language] = self.nodelist.render(context)
        return self._rendered[language]


@register.tag
def still(parser: Any, token: Any) -> Still:
    """``{% still %}…{% endstill %}``: words and addresses that are the same for everybody, on pages asked for often."""
    nodelist = parser.parse(("endstill",))
    parser.delete_first_token()
    return Still(nodelist)
