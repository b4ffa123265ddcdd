"""Background work: mailing invitations."""

from celery import shared_task

from common.acting import SYSTEM, acting_as
from practice import services


@shared_task
@acting_as(SYSTEM)
def mail_invitation(invitation_id: str) -> None:
    """Mail one invitation right after it was made."""
    services.mail_invitation(invitation_id=invitation_id)


@shared_task
@acting_as(SYSTEM)
def mail_due_invitations() -> None:
    """Mail the invitations whose own task was lost or whose mail was refused."""
    services.mail_due_invitations()
