"""What an author can do, and what is refused."""

from datetime import timedelta

import pytest
import time_machine

from common.acting import acting_as
from groups_app.models import Membership
from practice.models import Role, Supervision, User
from practice.services import begin_supervision, end_supervision
from process_notes.circle import map_of, maps_of, together
from process_notes.interactions.entries import GROUP, Kind
from process_notes.models import InteractionMap, ProcessNote, Share
from process_notes.services import (
    NoSuchSeat,
    NotAReader,
    NothingToShare,
    SameSeat,
    StaleProcessNote,
    end_share,
    keep_note,
    record_interaction,
    share,
    take_back_interaction,
)
from process_notes.services.talk import MOST_ENTRIES
from sessions_log.models import Session
from sessions_log.services import AlreadyCancelled, TooEarly, cancel_session, record_attendance
from tests.factories.practice import AdministratorFactory, CoordinatorFactory, SupervisorFactory, TherapistFactory

pytestmark = pytest.mark.django_db


def seat(membership: Membership) -> str:
    return f"m:{membership.pk}"


class TestNote:
    def test_kept_once_and_again(self, past_session: Session, therapist: User) -> None:
        first = keep_note(session=past_session, text="One", version=0, by=therapist)
        keep_note(session=past_session, text="Two", version=first.version, by=therapist)
        note = ProcessNote.objects.by(therapist).get()
        assert (note.text, note.version) == ("Two", 2)

    def test_the_same_words_write_nothing(self, past_session: Session, therapist: User) -> None:
        keep_note(session=past_session, text="One", version=0, by=therapist)
        assert keep_note(session=past_session, text="One", version=0, by=therapist).version == 1

    def test_no_words_make_no_note(self, past_session: Session, therapist: User) -> None:
        keep_note(session=past_session, text="", version=0, by=therapist)
        assert not ProcessNote.objects.exists()

    def test_an_older_window_does_not_overwrite(self, past_session: Session, therapist: User) -> None:
        keep_note(session=past_session, text="One", version=0, by=therapist)
        with pytest.raises(StaleProcessNote) as stale:
            keep_note(session=past_session, text="Two", version=0, by=therapist)
        assert stale.value.stored.text == "One"

    def test_each_leader_has_their_own(self, past_session: Session, therapist: User) -> None:
        keep_note(session=past_session, text="Mine", version=0, by=therapist)
        keep_note(session=past_session, text="Hers", version=0, by=TherapistFactory())
        assert ProcessNote.objects.by(therapist).get().text == "Mine"

    def test_not_before_the_session(self, session: Session, therapist: User) -> None:
        with pytest.raises(TooEarly):
            keep_note(session=session, text="One", version=0, by=therapist)

    def test_not_about_a_cancelled_one(self, session: Session, therapist: User, clock: time_machine.Traveller) -> None:
        cancel_session(session=session, reason="Ill", by=therapist)
        clock.move_to(session.ends_at)
        with pytest.raises(AlreadyCancelled):
            keep_note(session=session, text="One", version=0, by=therapist)


class TestMap:
    def test_recorded_in_order(self, past_session: Session, therapist: User, members: list[Membership]) -> None:
        one, two = seat(members[0]), seat(members[1])
        for source, target in ((one, two), (two, one), (one, GROUP)):
            record_interaction(session=past_session, source=source, target=target, kind=Kind.SUPPORT, by=therapist)
        network, recorded = map_of(past_session, therapist)
        assert [(each.number, each.source, each.target) for each in recorded] == [
            (1, one, two),
            (2, two, one),
            (3, one, GROUP),
        ]
        assert [(pair.first.name, pair.second.name) for pair in network.mutual] == [("Imani A.", "Jonas Z.")]

    def test_leaders_are_in_the_circle(self, past_session: Session, therapist: User, members: list[Membership]) -> None:
        source = f"l:{therapist.pk}"
        record_interaction(
            session=past_session, source=source, target=seat(members[2]), kind=Kind.FEEDBACK, by=therapist
        )
        assert map_of(past_session, therapist)[0].total == 1

    def test_who_was_away_has_no_seat_unless_something_is_recorded_of_them(
        self, past_session: Session, therapist: User, members: list[Membership]
    ) -> None:
        for target in (GROUP, seat(members[1])):
            record_interaction(
                session=past_session, source=seat(members[0]), target=target, kind=Kind.REMARK, by=therapist
            )
        statuses = {members[1].pk: "no-show", members[2].pk: "absent-notice"}
        record_attendance(session=past_session, statuses=statuses, by=therapist)
        network, _recorded = map_of(past_session, therapist)
        (stage,) = maps_of(past_session.group, therapist)
        for one in (network, stage.network):
            assert [each.name for each in one.seats] == ["D. Whitfield", "Imani A.", "Jonas Z."]
            assert one.isolates == []
        with pytest.raises(NoSuchSeat):
            record_interaction(
                session=past_session, source=seat(members[2]), target=GROUP, kind=Kind.REMARK, by=therapist
            )

    @pytest.mark.parametrize("field", ["source", "target", "kind"])
    def test_only_people_of_the_circle(
        self, field: str, past_session: Session, therapist: User, members: list[Membership]
    ) -> None:
        values = {"source": seat(members[0]), "target": seat(members[1]), "kind": Kind.REMARK, field: "nobody"}
        with pytest.raises(NoSuchSeat):
            record_interaction(session=past_session, **values, by=therapist)

    def test_the_group_says_nothing(self, past_session: Session, therapist: User, members: list[Membership]) -> None:
        with pytest.raises(NoSuchSeat):
            record_interaction(
                session=past_session, source=GROUP, target=seat(members[1]), kind=Kind.REMARK, by=therapist
            )

    def test_nobody_speaks_to_themselves(
        self, past_session: Session, therapist: User, members: list[Membership]
    ) -> None:
        with pytest.raises(SameSeat):
            record_interaction(
                session=past_session, source=seat(members[0]), target=seat(members[0]), kind=Kind.REMARK, by=therapist
            )

    def test_taken_back_once(self, past_session: Session, therapist: User, members: list[Membership]) -> None:
        for _ in range(2):
            record_interaction(
                session=past_session, source=seat(members[0]), target=GROUP, kind=Kind.REMARK, by=therapist
            )
        for _ in range(2):
            take_back_interaction(session=past_session, number=2, by=therapist)
        assert [one.number for one in map_of(past_session, therapist)[1]] == [1]

    def test_nothing_to_take_back(self, past_session: Session, therapist: User) -> None:
        take_back_interaction(session=past_session, number=1, by=therapist)
        assert not InteractionMap.objects.exists()

    def test_a_map_has_an_end(
        self, past_session: Session, therapist: User, members: list[Membership], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("process_notes.services.talk.MOST_ENTRIES", 1)
        values = {"source": seat(members[0]), "target": GROUP, "kind": Kind.REMARK, "by": therapist}
        record_interaction(session=past_session, **values)
        with pytest.raises(NoSuchSeat):
            record_interaction(session=past_session, **values)
        assert MOST_ENTRIES > 500

    def test_over_sessions_each_with_the_people_of_its_day(
        self, past_session: Session, therapist: User, members: list[Membership], clock: time_machine.Traveller
    ) -> None:
        """A member who left stays in the figures of the sessions they were in (R31)."""
        later = past_session.group.sessions.get(number=2)
        members[0].state, members[0].seat, members[0].ends_on = "left", None, past_session.local_day
        members[0].leaving_reason = "completed"
        members[0].save()
        clock.move_to(later.ends_at + timedelta(hours=1))
        for session in (past_session, later):
            record_interaction(
                session=session, source=seat(members[1]), target=seat(members[2]), kind=Kind.REMARK, by=therapist
            )
        stages = maps_of(past_session.group, therapist)
        assert [len(stage.network.seats) for stage in stages] == [4, 3]
        assert together(stages).total == 2


class TestSharing:
    def test_ends_with_the_supervision(self, past_session: Session, therapist: User) -> None:
        keep_note(session=past_session, text="One", version=0, by=therapist)
        supervisor = SupervisorFactory(of=[therapist])
        share(session=past_session, reader=supervisor, by=therapist)
        with acting_as(supervisor):
            assert ProcessNote.objects.get().text == "One"
        with acting_as(AdministratorFactory()):
            end_supervision(supervision=Supervision.objects.get(), by=therapist)
        begin_supervision(supervisor=supervisor, therapist=therapist, by=None)
        assert Share.objects.get().ended_at is not None, "nothing is shared by beginning again"
        assert not Share.objects.visible_to(supervisor).exists()
        with acting_as(supervisor):
            assert not ProcessNote.objects.exists()

    def test_is_read_only_while_the_supervision_lasts(self, past_session: Session, therapist: User) -> None:
        """Also if something forgot to end the share: the database asks for both."""
        keep_note(session=past_session, text="One", version=0, by=therapist)
        supervisor = SupervisorFactory(of=[therapist])
        share(session=past_session, reader=supervisor, by=therapist)
        Supervision.objects.update(until=Supervision.objects.get().since)
        assert not Share.objects.visible_to(supervisor).exists()
        with acting_as(supervisor):
            assert not ProcessNote.objects.exists()

    def test_with_a_supervisor_until_it_is_ended(self, past_session: Session, therapist: User) -> None:
        keep_note(session=past_session, text="One", version=0, by=therapist)
        supervisor = SupervisorFactory(of=[therapist])
        given = share(session=past_session, reader=supervisor, by=therapist)
        assert share(session=past_session, reader=supervisor, by=therapist) == given
        assert list(Share.objects.visible_to(supervisor)) == [given]
        for _ in range(2):
            end_share(given=given, by=therapist)
        assert not Share.objects.visible_to(supervisor).exists()

    def test_ended_by_its_author_only(self, past_session: Session, therapist: User) -> None:
        keep_note(session=past_session, text="One", version=0, by=therapist)
        supervisor = SupervisorFactory(of=[therapist])
        given = share(session=past_session, reader=supervisor, by=therapist)
        end_share(given=given, by=supervisor)
        assert Share.objects.visible_to(supervisor).exists()

    def test_nothing_to_share(self, past_session: Session, therapist: User) -> None:
        with pytest.raises(NothingToShare):
            share(session=past_session, reader=SupervisorFactory(of=[therapist]), by=therapist)

    def test_with_nobody_but_the_own_supervisors(self, past_session: Session, therapist: User) -> None:
        keep_note(session=past_session, text="One", version=0, by=therapist)
        co_leader = TherapistFactory()
        past_session.group.leaders.create(user=co_leader, position=2, since=past_session.group.first_day)
        closed = SupervisorFactory(is_active=False, of=[therapist])
        demoted = SupervisorFactory(of=[therapist])
        demoted.roles = [Role.THERAPIST]
        demoted.save()
        for reader in (therapist, co_leader, CoordinatorFactory(), SupervisorFactory(), closed, demoted):
            with pytest.raises(NotAReader):
                share(session=past_session, reader=reader, by=therapist)
