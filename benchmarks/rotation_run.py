"""The part of ``benchmarks.rotation`` that knows the models."""

import random
import threading
import time
from typing import Any

from django.db import connection, transaction

from common.acting import SYSTEM, acting_as, go_on_as
from common.clock import now
from keys import rotation
from keys.models import DataKey
from keys.rotation import Fate
from keys.store import store
from sessions_log.models import MemberNote
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.sessions_log import SessionFactory

GROUPS, MEMBERS, WRITERS = 10, 8, 3
SIGNED_EACH = 2  # every other note is signed: locked for everybody but the replacing of keys


@acting_as(SYSTEM)
def run(count: int) -> int:
    """Make ``count`` notes, replace their keys while writers write, compare every word; return how many are lost."""
    expected = dict(_notes(count))
    print(f"{count:,} notes in {GROUPS} groups, one in {SIGNED_EACH} signed.")
    stop = threading.Event()
    writers = [threading.Thread(target=_write, args=[writer, expected, stop]) for writer in range(WRITERS)]
    for writer in writers:
        writer.start()
    begun = time.monotonic()
    try:
        renewed = rotation.renew()
        fates = rotation.reseal(lambda *_: None)
        while any(late := rotation.reseal(lambda *_: None).values()):
            fates[Fate.RESEALED] += sum(late)
    finally:
        seconds = time.monotonic() - begun
        stop.set()
        for writer in writers:
            writer.join()
    store.forget()
    locked = fates[Fate.LOCKED]
    lost = sum(note.parts != expected[note.pk] for note in MemberNote.objects.all().iterator())
    old = DataKey.objects.filter(retired_at__isnull=False).count()
    print(
        f"{renewed} data keys replaced, {fates[Fate.RESEALED]:,} texts encrypted anew in {seconds:.1f} s beside "
        f"{sum(WRITES):,} saves by {WRITERS} writers; {old} keys retired; {locked} signed texts "
        f"kept their key; {lost} notes lost."
    )
    return lost + locked


WRITES = [0] * WRITERS


def _notes(count: int) -> Any:
    for _ in range(GROUPS):
        group = GroupFactory()
        members = [MembershipFactory(group=group) for _ in range(MEMBERS)]
        sessions = -(-count // (GROUPS * MEMBERS))
        author = members[0].proposed_by
        notes = []
        for number in range(1, sessions + 1):
            session = SessionFactory(group=group, number=number)
            notes += [
                MemberNote(
                    session=session,
                    membership=membership,
                    author=author,
                    updated_at=now(),
                    parts={"text": f"words of {membership.pk} in session {number}"},
                    **({} if place % SIGNED_EACH else {"signed_at": now(), "signed_by": author}),
                )
                for place, membership in enumerate(members)
            ]
        MemberNote.objects.bulk_create(notes)
        yield from ((note.pk, note.parts) for note in notes)


def _write(writer: int, expected: dict[Any, Any], stop: threading.Event) -> None:
    """Save notes of one's own share as the page does: lock, read, change, save; remember what was acknowledged."""
    go_on_as(SYSTEM)
    drafts = MemberNote.objects.unsigned().order_by("pk").values_list("pk", flat=True)
    mine = [pk for number, pk in enumerate(drafts) if number % WRITERS == writer]
    dice = random.Random(writer)  # noqa: S311
    while not stop.is_set():
        pk = dice.choice(mine)
        with transaction.atomic():
            note = MemberNote.objects.select_for_update().select_related("session").get(pk=pk)
            note.parts = {"text": f"{note.parts['text'][:60]} saved {WRITES[writer]}"}
            note.save()
        expected[pk] = note.parts
        WRITES[writer] += 1
    connection.close()
