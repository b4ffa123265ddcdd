"""What rooms above may want to know, sent inside the transaction that did it: a receiver's refusal undoes it.

Three signals ask instead of telling, because the answer lies in a room above; what receivers return is the answer.
"""

from django.dispatch import Signal

# sender=Group, group, by. The leaders of today changed (R24); coming sessions are another room's.
leaders_changed = Signal()
# sender=Group, group, by. The group ended or was called off: sessions that have not begun do not take place (R29).
group_over = Signal()
# sender=Group, group, opening. The door will open: after at least one session in which it can be talked about (R28).
door_announced = Signal()
# sender=Group, group → a ``Condition``, or None. May the group start, as far as the other room knows? (R1)
start_asked = Signal()
# sender=Group, group, since (a moment) → whether the group has met since.
has_met_asked = Signal()
# sender=Group, groups, policy → group's key → how many of its members stay away (R27).
absences_asked = Signal()
