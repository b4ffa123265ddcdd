"""A record is opened in an emergency: by whom, for how long, what it shows, who is told and who reviews (R41)."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from audit.querysets import Entries
from common.acting import acting_as
from groups_app.models import Membership
from home.reads.chart import chart_of
from members.models import Client, EmergencyAccess, EmergencyNotice, Intake, Verdict
from members.services import emergency
from practice.models import User
from process_notes.models import ProcessNote
from sessions_log.models import BoundaryEvent, GroupNote, MemberNote
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.members import ClientFactory
from tests.factories.practice import CoordinatorFactory, SupervisorFactory, TherapistFactory
from tests.factories.sessions_log import SessionFactory

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 24, 17, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
REASON = "Called from the emergency room, asks for the medication."


@pytest.fixture(autouse=True)
def _second_step_is_not_required(settings: Any) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def clock() -> Any:
    """Both clocks: the program's, and the database's, which its policies go by."""
    with time_machine.travel(NOON, tick=False) as traveller:

        def go_to(moment: datetime.datetime) -> None:
            traveller.move_to(moment)
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('kith.now', %s, true)", [moment.isoformat()])

        go_to(NOON)
        yield go_to


@pytest.fixture
def leader(db: None) -> User:
    return TherapistFactory(first_name="Dana", last_name="Whitfield")


@pytest.fixture
def noor(leader: User) -> Client:
    """Somebody in Dana's group, about whom everything is written, beside Sam, about whom it is too."""
    group = GroupFactory(leaders=[leader], name="Tuesday circle")
    session = SessionFactory(group=group)
    about = {"session": session, "author": leader, "updated_at": NOON}
    signature = {"signed_at": NOON, "signed_by": leader}
    for first, last in (("Noor", "Haddad"), ("Sam", "Okoye")):
        client = ClientFactory(first_name=first, last_name=last, birth_date=datetime.date(1990, 3, 27))
        membership = MembershipFactory(group=group, client=client)
        Intake.objects.create(client=client, brings=f"intake {first}", recorded_by=leader, recorded_at=NOON)
        BoundaryEvent.objects.create(
            session=session, membership=membership, kind="contact", words=f"event {first}",
            recorded_by=leader, recorded_at=NOON,
        )  # fmt: skip
        MemberNote.objects.create(parts={"note": f"signed {first}"}, membership=membership, **about, **signature)
    draft = SessionFactory(group=group)
    MemberNote.objects.create(
        parts={"note": "draft Noor"}, membership=Membership.objects.get(client__first_name="Noor"),
        session=draft, author=leader, updated_at=NOON,
    )  # fmt: skip
    GroupNote.objects.create(parts={"theme": "theme of the group"}, **about, **signature)
    with acting_as(leader):
        ProcessNote.objects.create(text="psychotherapy note", **about)
    return Client.objects.get(first_name="Noor")


@pytest.fixture
def outsider(db: None) -> User:
    return TherapistFactory(first_name="Ruth", last_name="Osei")


@pytest.fixture
def sign_in() -> Callable[[User], Browser]:
    def as_user(user: User) -> Browser:
        browser = Browser()
        browser.force_login(user)
        return browser

    return as_user


def opened(client: Client, by: User) -> EmergencyAccess:
    with acting_as(by):
        return emergency.open_in_emergency(client=client, reason=REASON, by=by)


SECRETS = ("intake Sam", "event Sam", "signed Sam", "draft Noor", "theme of the group", "psychotherapy note", "Okoye")
CHART = ("intake Noor", "event Noor", "signed Noor", "Tuesday circle", "Dana Whitfield")


class TestChart:
    def test_shows_the_chart_and_nothing_beside_it(
        self, clock: Any, noor: Client, outsider: User, sign_in: Callable[[User], Browser]
    ) -> None:
        access = opened(noor, outsider)
        page = sign_in(outsider).get(reverse("home:emergency_chart", args=[access.pk])).content.decode()
        assert [words for words in CHART if words not in page] == []
        assert [words for words in SECRETS if words in page] == []

    def test_is_over_after_its_time_in_the_program_and_in_the_database(
        self, clock: Any, noor: Client, outsider: User, sign_in: Callable[[User], Browser]
    ) -> None:
        access = opened(noor, outsider)
        url = reverse("home:emergency_chart", args=[access.pk])
        browser = sign_in(outsider)

        def seen() -> tuple[int, bool, int]:
            with acting_as(outsider):
                rows = Client.objects.count(), MemberNote.objects.count(), Intake.objects.count()
                return sum(rows), Client.objects.visible_to(outsider).exists(), browser.get(url).status_code

        assert seen() == (3, True, 200)
        clock(NOON + HOUR - datetime.timedelta(seconds=1))
        assert seen() == (3, True, 200)
        clock(NOON + HOUR)
        assert seen() == (0, False, 410)

    def test_the_database_goes_by_its_own_clock(self, clock: Any, noor: Client, outsider: User) -> None:
        """Whatever the program believes: the row's time is compared in the policy."""
        opened(noor, outsider)
        with acting_as(outsider), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('kith.now', %s, true)", [(NOON + HOUR).isoformat()])
            assert Client.objects.count() == 0

    def test_nothing_in_it_can_be_changed(self, clock: Any, noor: Client, outsider: User) -> None:
        opened(noor, outsider)
        with acting_as(outsider):
            assert Client.objects.update(first_name="X") == 0
            assert MemberNote.objects.update(version=9) == 0
            with pytest.raises(DatabaseError), transaction.atomic():
                Intake.objects.create(client=ClientFactory(), recorded_by=outsider, recorded_at=NOON)

    def test_psychotherapy_notes_stay_closed_to_raw_sql(self, clock: Any, noor: Client, outsider: User) -> None:
        opened(noor, outsider)
        with acting_as(outsider), connection.cursor() as cursor:
            for table in ("process_notes_processnote", "process_notes_interactionmap", "sessions_log_groupnote"):
                cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 (names of our own)
                assert cursor.fetchone() == (0,)

    def test_is_recorded_each_time_with_the_reason(
        self, clock: Any, noor: Client, outsider: User, sign_in: Callable[[User], Browser]
    ) -> None:
        access = opened(noor, outsider)
        sign_in(outsider).get(reverse("home:emergency_chart", args=[access.pk]))
        entries = [(entry.action, entry.reason) for entry in Entries(client=noor.pk, actor=outsider.pk)]
        assert entries == [("emergency.chart_read", REASON), ("emergency.opened", REASON)]

    def test_closes_at_once(self, clock: Any, noor: Client, outsider: User, sign_in: Callable[[User], Browser]) -> None:
        access = opened(noor, outsider)
        browser, chart = sign_in(outsider), reverse("home:emergency_chart", args=[access.pk])
        close = reverse("home:emergency_close", args=[access.pk])
        assert browser.get(close).status_code == 405
        assert [browser.post(close).status_code for _twice in range(2)] == [302, 302]
        assert browser.get(chart).status_code == 410
        assert sign_in(TherapistFactory()).post(close).status_code == 404

    @pytest.mark.parametrize("count", [1, 3])
    def test_costs_the_same(
        self, count: int, clock: Any, noor: Client, outsider: User, django_assert_num_queries: Any
    ) -> None:
        membership = Membership.objects.get(client=noor)
        author = membership.proposed_by
        for _ in range(count):
            MemberNote.objects.create(
                parts={"note": "x"}, membership=membership, session=SessionFactory(group=membership.group),
                author=author, updated_at=NOON, signed_at=NOON, signed_by=author,
            )  # fmt: skip
        opened(noor, outsider)
        with acting_as(outsider), django_assert_num_queries(10):
            chart_of(noor.pk)


class TestFinding:
    @pytest.fixture
    def ask(self, clock: Any, noor: Client, outsider: User, sign_in: Callable[[User], Browser]) -> Any:
        """Asks for Noor by name, or as it is told."""
        browser, url = sign_in(outsider), reverse("home:emergency")
        born = {"birth_date_month": "3", "birth_date_day": "27", "birth_date_year": "1990"}
        name = {"first_name": "Noor", "last_name": "haddad", **born}
        return lambda number=None, **changes: browser.post(url, {"number": number} if number else name | changes)

    def test_needs_the_exact_name_and_day(self, ask: Any) -> None:
        assert "Open the record of Noor Haddad?" in ask().content.decode()
        for changes in ({"first_name": "Noo"}, {"last_name": "Hadda"}, {"birth_date_day": "26"}, {"last_name": ""}):
            page = ask(**changes).content.decode()
            assert "Error:" in page
            assert "Open the record of" not in page

    def test_or_the_number(self, ask: Any, noor: Client) -> None:
        assert "Open the record of Noor Haddad?" in ask(noor.record_number.lower()).content.decode()
        for number in (noor.record_number[:-1], noor.record_number[1:], "%", "4F2A-91BC-07DE"):
            assert "Open the record of" not in ask(number).content.decode()

    def test_two_of_the_same_name_and_day_are_not_told_apart(self, ask: Any) -> None:
        ClientFactory(first_name="Noor", last_name="Haddad", birth_date=datetime.date(1990, 3, 27))
        assert "No one record fits exactly." in ask().content.decode()

    def test_whoever_tries_out_names_is_stopped(self, ask: Any) -> None:
        assert [ask(first_name=f"N{number}").status_code for number in range(7)] == [200] * 6 + [429]

    def test_each_search_is_recorded(self, ask: Any, noor: Client) -> None:
        ask()
        ask(first_name="Nora")
        assert [entry.client_id for entry in Entries(actions=("emergency.searched",))] == [None, noor.pk]

    def test_opens_with_a_reason_and_tells_who_cares(
        self, ask: Any, noor: Client, leader: User, outsider: User, sign_in: Callable[[User], Browser]
    ) -> None:
        found = ask().context["form"].initial["found"]
        browser, url = sign_in(outsider), reverse("home:emergency_open")
        assert browser.get(url).status_code == 405
        for incomplete in (
            {"reason": "x", "is_meant": "on"},
            {"reason": REASON},
            {"reason": " " * 30, "is_meant": "on"},
        ):
            assert browser.post(url, {"found": found, **incomplete}).status_code == 200
        assert not EmergencyAccess.objects.exists()
        words = {"found": found, "reason": REASON, "is_meant": "on"}
        chart = [browser.post(url, words).url for _twice in range(2)]
        assert chart[0] == chart[1]
        assert "Close now" in browser.get(chart[0]).content.decode()
        assert "Close now" in browser.get(reverse("home:today")).content.decode(), "on every page"
        assert [notice.user for notice in EmergencyNotice.objects.all()] == [leader]
        assert "Opened in an emergency" in sign_in(leader).get(reverse("home:today")).content.decode()

    def test_what_was_found_is_for_who_found_it(self, ask: Any, sign_in: Callable[[User], Browser], clock: Any) -> None:
        words = {"found": ask().context["form"].initial["found"], "reason": REASON, "is_meant": "on"}
        url = reverse("home:emergency_open")
        for browser, token in ((sign_in(TherapistFactory()), words["found"]), (sign_in(TherapistFactory()), "x")):
            assert browser.post(url, words | {"found": token}).url == reverse("home:emergency")
        assert not EmergencyAccess.objects.exists()

    def test_is_for_clinical_staff(self, sign_in: Callable[[User], Browser], noor: Client) -> None:
        for other in (CoordinatorFactory(), ClientFactory(with_account=True).user):
            browser = sign_in(other)
            assert browser.get(reverse("home:emergency")).status_code == 404
            assert browser.post(reverse("home:emergency_open"), {}).status_code == 404


class TestServices:
    def test_who_leads_the_group_needs_no_emergency(self, noor: Client, leader: User) -> None:
        with pytest.raises(emergency.AlreadyYours):
            emergency.open_in_emergency(client=noor, reason=REASON, by=leader)

    def test_others_cannot(self, noor: Client) -> None:
        with pytest.raises(emergency.NotForYou):
            emergency.open_in_emergency(client=noor, reason=REASON, by=CoordinatorFactory())

    def test_without_a_leader_the_coordinators_are_told(self, outsider: User) -> None:
        mina = CoordinatorFactory()
        opened(ClientFactory(), outsider)
        assert [notice.user for notice in EmergencyNotice.objects.all()] == [mina]

    def test_again_after_its_time_is_a_new_one(self, clock: Any, noor: Client, outsider: User) -> None:
        first = opened(noor, outsider)
        clock(NOON + 2 * HOUR)
        second = opened(noor, outsider)
        first.refresh_from_db()
        assert first != second
        assert first.closed_at == first.closes_at

    def test_what_was_said_stays(self, clock: Any, noor: Client, outsider: User) -> None:
        access = EmergencyAccess.objects.filter(pk=opened(noor, outsider).pk)
        for change in ({"reason": "x"}, {"closes_at": NOON + 3 * HOUR}, {"by": SupervisorFactory()}):
            with pytest.raises(DatabaseError), transaction.atomic():
                access.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            access.delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            access.update(verdict=Verdict.JUSTIFIED, reviewed_at=NOON, reviewed_by=outsider)


class TestReview:
    def test_once_by_a_supervisor(
        self, clock: Any, noor: Client, outsider: User, sign_in: Callable[[User], Browser]
    ) -> None:
        access = opened(noor, outsider)
        browser = sign_in(SupervisorFactory())
        listed, url = reverse("home:emergency_reviews"), reverse("home:emergency_review", args=[access.pk])
        assert "Overdue" not in browser.get(listed).content.decode()
        clock(NOON + datetime.timedelta(days=4))
        assert "Overdue" in browser.get(listed).content.decode()
        assert REASON in browser.get(url).content.decode()
        assert browser.post(url, {"verdict": "justified"}).status_code == 200
        form = {"verdict": "not-justified", "note": "The family was not in danger."}
        assert browser.post(url, form).url == listed
        assert "has reviewed this access already" in browser.post(url, form, follow=True).content.decode()
        access.refresh_from_db()
        assert (access.verdict, access.review_note) == (Verdict.NOT_JUSTIFIED, "The family was not in danger.")
        assert "Not justified" in browser.get(listed).content.decode()

    def test_never_ones_own(self, noor: Client, sign_in: Callable[[User], Browser]) -> None:
        supervisor = SupervisorFactory()
        access = opened(noor, supervisor)
        url = reverse("home:emergency_review", args=[access.pk])
        page = sign_in(supervisor).post(url, {"verdict": "justified", "note": "Mine"}, follow=True).content.decode()
        assert "Another supervisor reviews it." in page
        access.refresh_from_db()
        assert access.verdict == ""

    def test_is_for_supervisors(
        self, noor: Client, outsider: User, leader: User, sign_in: Callable[[User], Browser]
    ) -> None:
        access = opened(noor, outsider)
        for other in (outsider, leader, CoordinatorFactory(), noor.user or TherapistFactory()):
            browser = sign_in(other)
            assert browser.get(reverse("home:emergency_reviews")).status_code == 404
            assert browser.get(reverse("home:emergency_review", args=[access.pk])).status_code == 404


class TestNotice:
    def test_is_seen_once_by_whom_it_is_for(
        self, noor: Client, outsider: User, leader: User, sign_in: Callable[[User], Browser]
    ) -> None:
        opened(noor, outsider)
        notice = EmergencyNotice.objects.get()
        url = reverse("home:emergency_notice", args=[notice.pk])
        browser = sign_in(leader)
        page = browser.get(url).content.decode()
        assert REASON in page
        assert "Ruth Osei" in page
        assert [browser.post(url).status_code for _twice in range(2)] == [302, 302]
        assert len(list(Entries(actions=("emergency.seen",)))) == 1
        assert sign_in(outsider).get(url).status_code == 404
