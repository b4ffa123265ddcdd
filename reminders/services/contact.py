"""How a client is written to: stopping, starting again, silence, wishes, dead addresses (R48)."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from common.clock import now
from common.errors import RuleBroken
from members.models import Channel, Client
from members.services import give_consent, invite_again, withdraw_consent
from practice.models import User
from reminders.models import ClientChannel, Silence, Trouble, Wish


class Silenced(RuleBroken):
    """Nothing may leave the house for the client."""

    def __init__(self, client: Client) -> None:
        super().__init__(
            _("Safety first: nothing is sent to %(name)s. Lift that, then send the link.") % {"name": client.name}
        )


def send_link(*, client: Client, by: User) -> None:
    """Send a fresh link to a client who has not opened the account. Raises ``Silenced``, and as ``invite_again``."""
    if Silence.objects.in_force().filter(client=client).exists():
        raise Silenced(client)
    invite_again(client=client, by=by)


def stop_email(*, client: Client) -> None:
    """Withdraw the client's consent to e-mail at once; doing it again changes nothing."""
    withdraw_consent(client=client, channel=Channel.EMAIL, by=None)


@transaction.atomic
def reach(*, client: Client, channel: Channel, wish: Wish | None, by: User) -> Wish | None:
    """Let the client be reached through ``channel`` for what they ``wish``, or not at all; return what held before.

    Raises ``NoMobile`` for texts to a client without a number.
    """
    Client.objects.select_for_update(no_key=True).only("pk").get(pk=client.pk)
    known = ClientChannel.objects.filter(client=client, channel=channel).first()
    was = Wish(known.wish if known else Wish.ALL) if _is_agreed(client, channel) else None
    if wish is None:
        withdraw_consent(client=client, channel=channel, by=by)
    else:
        give_consent(client=client, channel=channel, by=by)
        choose_wish(client=client, channel=channel, wish=wish)
    return was


def _is_agreed(client: Client, channel: Channel) -> bool:
    return bool(client.consents.in_force().filter(channel=channel).exists())


@transaction.atomic
def silence(*, client: Client, by: User) -> Silence:
    """Let nothing leave the house for the client from now on ("safety first"); one that is in force stays as it is."""
    Client.objects.select_for_update(no_key=True).only("pk").get(pk=client.pk)
    found, is_new = Silence.objects.get_or_create(
        client=client, lifted_at=None, defaults={"set_at": now(), "set_by": by}
    )
    if is_new:
        record(action="message.silenced", by=by, target=found, client=client)
    return found


@transaction.atomic
def lift_silence(*, client: Client, by: User) -> bool:
    """Write to the client again as they consented; return whether a silence was in force."""
    is_lifted = Silence.objects.in_force().filter(client=client).update(lifted_at=now(), lifted_by=by) == 1
    if is_lifted:
        record(action="message.silence_lifted", by=by, client=client)
    return is_lifted


def choose_wish(*, client: Client, channel: Channel, wish: Wish) -> None:
    """Note what the client wants through a channel."""
    ClientChannel.objects.update_or_create(client=client, channel=channel, defaults={"wish": wish})


def note_trouble(*, client: Client, channel: Channel, trouble: Trouble) -> None:
    """Send nothing more to the client's present address; a corrected one is written to again.

    Who marked a message as unwanted has said stop: the consent ends.
    """
    address = client.email if channel == Channel.EMAIL else client.mobile
    ClientChannel.objects.update_or_create(
        client=client,
        channel=channel,
        defaults={"trouble": trouble, "troubled_at": now(), "troubled_address": address},
    )
    if trouble == Trouble.COMPLAINED:
        withdraw_consent(client=client, channel=channel, by=None)


def clear_trouble(*, client: Client, channel: Channel) -> None:
    """Write to the address again, because somebody made sure that it works."""
    ClientChannel.objects.filter(client=client, channel=channel).update(
        trouble="", troubled_at=None, troubled_address=""
    )
