"""What happened against the agreement that feelings are put into words and not acted out (R5)."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.encryption import EncryptedTextField
from groups_app.models import Membership
from practice.models import User
from sessions_log.models.notes import BUT_NEW_KEYS, OF_GROUP
from sessions_log.models.schedule import Session


class BoundaryKind(models.TextChoices):
    """Which clause of the agreement it touches."""

    CONTACT = "contact", _("Physical contact")
    DEMONSTRATION = "demonstration", _("Acted out instead of said")
    WALKING_OUT = "walking-out", _("Walked out")
    OUTSIDE_CONTACT = "outside-contact", _("Contact outside the group")
    CONFIDENTIALITY = "confidentiality", _("Confidentiality")
    OTHER = "other", _("Something else")


_REFUSE_WHEN_SIGNED = """
    IF EXISTS (
        SELECT FROM sessions_log_groupnote WHERE session_id = {row}.session_id AND signed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'the notes of this session are signed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN {result};
"""


class BoundaryEvent(Record):
    """One event of a session, for therapists. It belongs to the record and is locked with the group note."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="boundary_events")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="boundary_events")
    kind = models.CharField(max_length=15, choices=BoundaryKind.choices)
    words = EncryptedTextField(_("in a few words"), blank=True, scope=OF_GROUP)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "id")
        triggers = [
            pgtrigger.Trigger(
                name="boundary_event_added_before",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_REFUSE_WHEN_SIGNED.format(row="NEW", result="NEW"),
            ),
            pgtrigger.Trigger(
                name="boundary_event_locked",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition(BUT_NEW_KEYS),
                func=_REFUSE_WHEN_SIGNED.format(row="OLD", result="CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END"),
            ),
        ]

    def __str__(self) -> str:
        return f"boundary event {self.pk}"
