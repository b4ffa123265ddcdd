"""What pages show of how somebody is reached."""

from dataclasses import dataclass

from common.clock import now
from members.models import Channel, Client
from practice.invited import Mailed
from practice.models import Invitation, User
from reminders.models import ClientChannel, Kind, Message, MessageState, Silence


@dataclass(frozen=True)
class Way:
    """One channel to a client: the address as stored and as shown, consent, wishes, and whether it works."""

    channel: Channel
    address: str
    shown: str
    is_agreed: bool
    known: ClientChannel

    @property
    def is_dead(self) -> bool:
        """Whether messages to the present address came back."""
        return bool(self.known.trouble) and self.known.troubled_address == self.address


@dataclass(frozen=True)
class Contact:
    """How a client is reached now."""

    ways: list[Way]
    silence: Silence | None


@dataclass(frozen=True)
class Awaited:
    """An account that waits for its owner: whether a link is open, and what became of its mail."""

    is_invited: bool
    mailed: Mailed


def contact_of(client: Client) -> Contact:
    """Gather it: three queries."""
    agreed = set(client.consents.in_force().values_list("channel", flat=True))
    known = {row.channel: row for row in ClientChannel.objects.filter(client=client)}
    addresses = {Channel.EMAIL: (client.email, client.email), Channel.TEXT: (client.mobile, client.phone)}
    return Contact(
        ways=[
            Way(
                channel=channel,
                address=addresses[channel][0],
                shown=addresses[channel][1],
                is_agreed=channel in agreed,
                known=known.get(channel) or ClientChannel(client=client, channel=channel),
            )
            for channel in Channel
        ],
        silence=Silence.objects.in_force().filter(client=client).select_related("set_by").first(),
    )


def awaited_account(account: User | None) -> Awaited | None:
    """Gather how far an account is until its owner opens it: two queries, else none."""
    if account is None or account.has_usable_password() or not account.is_active:
        return None
    latest = account.invitations.order_by("-created_at").first()
    return Awaited(
        is_invited=latest is not None and latest.is_open(now()),
        mailed=mail_of_invitation(latest) if latest else Mailed(),
    )


def mail_of_invitation(invitation: Invitation) -> Mailed:
    """Say when the link first went out and, if the last attempt failed, why: one query."""
    rows = list(Message.objects.filter(kind=Kind.INVITATION, subject_id=invitation.pk).order_by("lead_hours"))
    tried = [row for row in rows if row.state in (MessageState.SENT, MessageState.FAILED)]
    has_failed = bool(tried) and tried[-1].state == MessageState.FAILED
    return Mailed(
        at=next((row.sent_at for row in rows if row.sent_at), None),
        trouble=tried[-1].get_outcome_display() if has_failed else "",
    )
