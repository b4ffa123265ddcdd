"""What rooms above may want to know of sessions, sent inside the transaction that did it."""

from django.dispatch import Signal

# sender=Session, session, by. The last of its notes was signed (R37).
session_documented = Signal()
