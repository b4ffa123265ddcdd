"""The texts that leave the house: practice, day, time, phone and how to stop, and nothing else (R48, R43)."""

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from common.clock import zone_name
from practice.models import Practice
from reminders.links import stop_token
from reminders.models import Reminder


def session_reminder(reminder: Reminder, *, practice: Practice) -> EmailMultiAlternatives:
    """Build the message to the one member a reminder is for; a repeated one has the same Message-ID."""
    client = reminder.membership.client
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    stop_address = settings.BASE_URL + reverse("reminders:stop", args=[stop_token(client.pk)])
    context = {
        "practice": practice,
        "session": reminder.session,
        "zone": zone_name(reminder.session.zone),
        "stop_address": stop_address,
    }
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string("emails/reminder.subject.txt", context).split()),
        body=render_to_string("emails/reminder.txt", context),
        from_email=formataddr((" ".join(practice.name.split()), sender)),
        to=[client.email],
        headers={
            "Message-ID": f"<{reminder.pk}@{sender.rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",
            # RFC 8058: mail programs show a button of their own, which posts to the address.
            "List-Unsubscribe": f"<{stop_address}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(render_to_string("emails/reminder.html", context), "text/html")
    return message
