"""How an agreement's words become a page."""

from django import template
from django.utils.safestring import SafeString

from groups_app.markup import to_html

register = template.Library()


@register.filter
def marked_up(body: str) -> SafeString:
    """Show a clause's body: emphasis and lists, everything else as it was typed."""
    return to_html(body)
