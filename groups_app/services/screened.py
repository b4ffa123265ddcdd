"""Nobody is enrolled without an approved screening (R21). A trigger keeps it; this says it in a sentence."""

from django.utils.translation import gettext as _

from groups_app.services.errors import NotApproved
from members.models import Client, Screening, ScreeningOutcome


def is_approved(client: Client) -> bool:
    """Whether the decision in force lets ``client`` into a group."""
    return Screening.objects.current().filter(client=client, outcome=ScreeningOutcome.APPROVED).exists()


def require_approved(client: Client) -> None:
    """Raise ``NotApproved`` unless a therapist approved ``client``; its sentence says nothing clinical."""
    outcome = Screening.objects.current().filter(client=client).values_list("outcome", flat=True).first()
    if outcome != ScreeningOutcome.APPROVED:
        raise not_approved(client, outcome)


def not_approved(client: Client, outcome: str | None) -> NotApproved:
    """Return the refusal for an ``outcome`` that does not let anybody in."""
    if outcome is None:
        sentence = _("%(name)s has not been screened yet. Ask a therapist to screen first.")
    elif outcome == ScreeningOutcome.WAIT:
        sentence = _("The screening of %(name)s says to wait. A therapist can screen again.")
    else:
        sentence = _("The screening of %(name)s says: not suitable. A therapist can screen again.")
    return NotApproved(sentence % {"name": client.roster_name})
