"""The mails of this room. They name the practice and nothing of what it does (R43, R48)."""

from datetime import date

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from practice.models import Invitation, Practice


def invitation_mail(invitation: Invitation, *, practice: Practice, link: str, last_day: date) -> EmailMultiAlternatives:
    """Return the mail that carries ``link`` to the one person it is for."""
    context = {"practice": practice, "person": invitation.user, "link": link, "last_day": last_day}
    mail = EmailMultiAlternatives(
        subject=_("Your account at %(practice)s") % {"practice": practice.name},
        body=render_to_string("emails/invitation.txt", context),
        to=[invitation.user.email],
        # A second copy after a crash between sending and noting it is recognized by mail programs.
        headers={"Message-ID": f"<{invitation.pk}@{_mail_domain()}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("emails/invitation.html", context), "text/html")
    return mail


def _mail_domain() -> str:
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].rstrip(">")
