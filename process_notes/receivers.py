"""What happens to shares when a supervision ends in the room below."""

from typing import Any

from django.dispatch import receiver

import audit.services
from common.acting import SYSTEM, acting_as
from common.clock import now
from practice.models import Supervision
from practice.signals import supervision_ended
from process_notes.models import Share


@receiver(supervision_ended, sender=Supervision)
def end_shares(supervision: Supervision, **_signal: Any) -> None:
    """End what the therapist shared with this supervisor: should it begin again, nothing is shared by that."""
    with acting_as(SYSTEM):  # an administrator ends it, who sees no share
        shares = Share.objects.open().filter(author=supervision.therapist_id, reader=supervision.supervisor_id)
        for given in shares:
            Share.objects.filter(pk=given.pk).update(ended_at=now())
            audit.services.record(action="process_note.share_ended", by=None, target=given)
