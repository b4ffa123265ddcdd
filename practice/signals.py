"""What rooms above may listen to."""

from django.dispatch import Signal

# There is an invitation whose link is to reach its person. Sent inside the transaction.
# Arguments: sender (the class ``Invitation``), invitation.
invitation_made = Signal()

# Asks what became of the mail with its link; the answer, a ``practice.invited.Mailed``, lies in a room above.
# Arguments: sender (the class ``Invitation``), invitation.
invitation_mail_asked = Signal()

# An account was taken over by its owner. Sent inside the transaction, so a receiver that fails undoes the acceptance.
# Arguments: sender (the class ``User``), user.
invitation_accepted = Signal()

# Somebody no longer supervises a therapist. Sent inside the transaction.
# Arguments: sender (the class ``Supervision``), supervision.
supervision_ended = Signal()
