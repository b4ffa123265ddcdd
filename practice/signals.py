"""What rooms above may listen to."""

from django.dispatch import Signal

# An account was taken over by its owner. Sent inside the transaction, so a receiver that fails undoes the acceptance.
# Arguments: sender (the class ``User``), user.
invitation_accepted = Signal()

# Somebody no longer supervises a therapist. Sent inside the transaction.
# Arguments: sender (the class ``Supervision``), supervision.
supervision_ended = Signal()
