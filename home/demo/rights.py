"""What the demo shows of rights: a record opened in an emergency, a disclosure by consent, copies asked for."""

from datetime import timedelta

from home.demo.scene import Scene
from members.models import Client, EmergencyAccess, EmergencyNotice
from practice.models import User
from records.models import Disclosure, DisclosureConsent, LegalBasis, RecordRequest


def add_emergency(scene: Scene, client: Client, *, by: User, told: User) -> None:
    """Let ``by`` have opened the record two evenings ago for a quarter of an hour; it waits for its review."""
    opened_at = scene.when(2, 21, 40)
    access = EmergencyAccess(
        id=scene.keys.next("emergency"),
        created_at=opened_at,
        client=client,
        by=by,
        reason="Called the on-call line after a fall, confused; needed the contact and what the leaders had noted.",
        opened_at=opened_at,
        closes_at=opened_at + timedelta(minutes=60),
        closed_at=opened_at + timedelta(minutes=14),
    )
    scene.sink.add(
        access,
        EmergencyNotice(id=scene.keys.next("emergency notice"), created_at=opened_at, access=access, user=told),
    )


def add_disclosure(scene: Scene, client: Client, *, by: User) -> None:
    """Let the individual therapist have received dates of attendance, by a consent; a copy is due in three weeks."""
    signed_on = scene.today - timedelta(days=40)
    what = {
        "recipient": "Dr. Helena Brandt, individual therapist",
        "content": "Dates of attendance since the beginning",
        "purpose": "Coordinating care",
    }
    consent = DisclosureConsent(
        id=scene.keys.next("disclosure consent"),
        created_at=scene.when(40),
        client=client,
        signed_on=signed_on,
        expires_on=signed_on + timedelta(days=365),
        recorded_by=by,
        **what,
    )
    made = Disclosure(
        id=scene.keys.next("disclosure"),
        created_at=scene.when(12),
        client=client,
        made_on=scene.today - timedelta(days=12),
        basis=LegalBasis.AUTHORIZATION,
        consent=consent,
        entered_by=by,
        **what,
    )
    scene.sink.add(consent, made, _asked(scene, client, by=by, days_ago=9))


def add_copy_put_off(scene: Scene, client: Client, *, by: User) -> None:
    """Let a copy that was asked for four weeks ago be put off once, by two weeks, with the reason."""
    asked = _asked(scene, client, by=by, days_ago=27)
    asked.extended_to = asked.due_on + timedelta(days=14)
    asked.extended_on = scene.today - timedelta(days=2)
    asked.extended_by = by
    asked.extension_reason = "Notes of two sessions wait for a colleague who is on leave until next week."
    scene.sink.add(asked)


def _asked(scene: Scene, client: Client, *, by: User, days_ago: int) -> RecordRequest:
    asked_on = scene.today - timedelta(days=days_ago)
    return RecordRequest(
        id=scene.keys.next("record request"),
        created_at=scene.when(days_ago),
        client=client,
        asked_on=asked_on,
        due_on=asked_on + timedelta(days=30),
        recorded_by=by,
    )
