"""The mails of this room. They name the practice and nothing of what it does (R43, R48)."""

from datetime import date
from email.utils import formataddr, parseaddr
from typing import Any

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.dateformat import format as date_text
from django.utils.html import escape
from django.utils.translation import gettext as _

from practice.models import Invitation, Practice


def invitation_mail(invitation: Invitation, *, practice: Practice, link: str, last_day: date) -> EmailMultiAlternatives:
    """Return the mail that carries ``link`` to the one person it is for, in the dress of all messages."""
    context = _letter(invitation, practice, link, last_day)
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    mail = EmailMultiAlternatives(
        subject=context["heading"],
        body=render_to_string("emails/message.txt", context),
        from_email=formataddr((practice.name_in_messages, address)),
        to=[invitation.user.email],
        # A second copy after a crash between sending and noting it is recognized by mail programs.
        headers={"Message-ID": f"<{invitation.pk}@{address.rpartition('@')[2]}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(css_inline.inline(render_to_string("emails/message.html", context)), "text/html")
    return mail


def _letter(invitation: Invitation, practice: Practice, link: str, last_day: date) -> dict[str, Any]:
    named = {"practice": practice.name_in_messages}
    paragraphs = [
        _("Hello %(name)s,") % {"name": invitation.user.first_name},
        _("%(practice)s has made an account for you. Choose your password with the link below.") % named,
        _("The link works once, until the end of %(day)s. If you did not expect this message, you can ignore it.")
        % {"day": date_text(last_day, "F j, Y")},
    ]
    if practice.phone:
        paragraphs.append(_("If you have a question, please call %(phone)s.") % {"phone": practice.phone})
    return {
        "heading": _("Your account at %(practice)s") % named,
        "body": "\n\n".join(paragraphs),
        "paragraphs": [{"html": escape(text)} for text in paragraphs],
        "action": _("Choose your password"),
        "link": link,
        "reason": _("%(practice)s writes to you because it made an account for you.") % named,
        "stop": "",
    }
