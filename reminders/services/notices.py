"""What people read in Kith itself."""

from common.clock import now
from practice.models import User
from reminders.models import Message


def note_read(*, user: User) -> int:
    """Note that ``user`` has seen their notices; return how many were new."""
    return Message.objects.notices_of(user).filter(read_at__isnull=True).update(read_at=now())
