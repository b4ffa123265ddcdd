"""What rooms above may want to know, sent inside the transaction that did it: a receiver's refusal undoes it."""

from django.dispatch import Signal

# sender=Group, group, by. The leaders of today changed (R24); coming sessions are another room's.
leaders_changed = Signal()
