"""How long records are kept, what holds them, and that nothing is deleted (R45)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from audit.querysets import Entries
from groups_app.models import MembershipState
from members.models import Client
from practice.models import Policy, Site, User
from records.holds import AlreadyHeld, NotHeld, lift_hold, place_hold
from records.models import LegalHold
from records.retention import due_or_held, kept_until
from tests.factories.groups_app import MembershipFactory
from tests.factories.members import ClientFactory, WaitingFactory
from tests.factories.practice import (
    AdministratorFactory,
    CoordinatorFactory,
    MemberUserFactory,
    SiteFactory,
    SupervisorFactory,
    TherapistFactory,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 25, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _second_step_is_not_required(settings: Any) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def supervisor() -> User:
    return SupervisorFactory()


@pytest.fixture
def desk(client: Browser, supervisor: User) -> Browser:
    client.force_login(supervisor)
    return client


def somebody(referred: date, born: date = date(1980, 5, 1), **fields: Any) -> Client:
    return ClientFactory(referral_date=referred, birth_date=born, **fields)


def shown(supervisor: User) -> list[tuple[Client, date, bool]]:
    return [(kept.client, kept.until, kept.is_due) for kept in due_or_held(supervisor, at=AT)]


@pytest.mark.parametrize(
    ("last_contact", "born", "until"),
    [
        (date(2019, 11, 24), date(1980, 5, 1), date(2026, 11, 24)),
        (date(2020, 2, 29), date(1980, 5, 1), date(2027, 2, 28)),
        (date(2019, 11, 24), date(2005, 6, 1), date(2030, 6, 1)),  # a minor then: seven years after eighteen
        (date(2023, 6, 1), date(2005, 6, 1), date(2030, 6, 1)),  # eighteen that very day
        (date(2010, 1, 1), date(2009, 1, 1), date(2034, 1, 1)),
    ],
)
def test_how_long_a_record_is_kept(last_contact: date, born: date, until: date) -> None:
    assert kept_until(last_contact=last_contact, born=born, years=7, minor_years=7) == until


class TestDue:
    def test_seven_years_after_the_last_contact(self, supervisor: User) -> None:
        over = somebody(date(2019, 11, 24))
        somebody(date(2019, 11, 25))
        assert shown(supervisor) == [(over, date(2026, 11, 24), True)]

    def test_who_is_in_a_group_proposed_or_waiting_is_not_due(self, supervisor: User) -> None:
        MembershipFactory(client=somebody(date(2010, 1, 1)))
        MembershipFactory(
            client=somebody(date(2010, 1, 1)),
            state=MembershipState.PROPOSED,
            pregroup_met_on=None,
            starts_on=None,
        )
        WaitingFactory(client=somebody(date(2010, 1, 1)))
        assert shown(supervisor) == []

    def test_a_membership_that_ended_later_counts(self, supervisor: User) -> None:
        MembershipFactory(
            client=somebody(date(2010, 1, 1)),
            state=MembershipState.LEFT,
            seat=None,
            starts_on=date(2018, 1, 1),
            ends_on=date(2022, 1, 1),
        )
        assert shown(supervisor) == []

    def test_the_policy_and_the_site_say_how_long(self, supervisor: User) -> None:
        here, there = somebody(date(2015, 1, 1)), somebody(date(2021, 1, 1), site=SiteFactory(name="Elsewhere"))
        Policy.objects.update(retention_years=20)
        assert shown(supervisor) == []
        Site.objects.filter(pk=there.site_id).update(retention_years=5)
        assert shown(supervisor) == [(there, date(2026, 1, 1), True)]
        Policy.objects.update(retention_years=10)
        assert shown(supervisor) == [(here, date(2025, 1, 1), True), (there, date(2026, 1, 1), True)]

    def test_held_ones_are_shown_whatever_their_time(self, supervisor: User) -> None:
        recent = somebody(date(2026, 1, 1))
        place_hold(client=recent, reason="Subpoena", by=supervisor)
        assert shown(supervisor) == [(recent, date(2033, 1, 1), False)]


class TestHold:
    def test_is_placed_once_and_lifted_once(self, supervisor: User) -> None:
        person = ClientFactory()
        hold = place_hold(client=person, reason="Subpoena", by=supervisor)
        with pytest.raises(AlreadyHeld, match="on hold already"):
            place_hold(client=person, reason="Again", by=supervisor)
        lift_hold(client=person, reason="Case closed", by=supervisor)
        with pytest.raises(NotHeld, match="not on hold any more"):
            lift_hold(client=person, reason="Again", by=supervisor)
        hold.refresh_from_db()
        assert (hold.reason, hold.lift_reason, hold.lifted_by) == ("Subpoena", "Case closed", supervisor)
        assert [entry.action for entry in Entries(client=person.pk)] == ["hold.lifted", "hold.placed"]

    def test_on_its_page(self, desk: Browser) -> None:
        person = somebody(date(2010, 1, 1))
        url = reverse("retention:hold", args=[person.pk])
        assert "Place a legal hold" in desk.get(url).content.decode()
        page = desk.post(url, {"reason": "Subpoena of March", "wanted": "place"}, follow=True).content.decode()
        assert "is on hold." in page
        assert "Subpoena of March" in page
        page = desk.get(url).content.decode()
        assert "Lift the legal hold" in page
        assert "Subpoena of March" in page

    def test_twice_says_so_and_changes_nothing(self, desk: Browser) -> None:
        url = reverse("retention:hold", args=[ClientFactory().pk])
        desk.post(url, {"reason": "Subpoena", "wanted": "place"})
        page = desk.post(url, {"reason": "Subpoena", "wanted": "place"}).content.decode()
        assert "on hold already" in page
        assert LegalHold.objects.count() == 1

    def test_needs_a_reason_and_keeps_what_was_typed(self, desk: Browser) -> None:
        url = reverse("retention:hold", args=[ClientFactory().pk])
        assert "Say why" in desk.post(url, {"reason": " ", "wanted": "place"}).content.decode()
        page = desk.post(url, {"reason": "Subpoena", "wanted": "nonsense"}).content.decode()
        assert "Subpoena" in page
        assert not LegalHold.objects.exists()

    @pytest.mark.parametrize(
        "outsider", [TherapistFactory, CoordinatorFactory, AdministratorFactory, MemberUserFactory]
    )
    def test_is_for_supervisors_only(self, client: Browser, outsider: Any) -> None:
        client.force_login(outsider())
        url = reverse("retention:hold", args=[ClientFactory().pk])
        assert client.get(url).status_code == 404
        assert client.post(url, {"reason": "x", "wanted": "place"}).status_code == 404
        assert client.get(reverse("retention:list")).status_code == 404
        assert not LegalHold.objects.exists()


class TestPage:
    def test_says_how_long_when_nothing_is_due(self, desk: Browser) -> None:
        page = desk.get(reverse("retention:list")).content.decode()
        assert "No record is due" in page
        assert "7 years" in page

    @pytest.mark.parametrize("rows", [1, 3])
    def test_costs_the_same_for_any_number_of_rows(
        self, desk: Browser, django_assert_num_queries: Any, rows: int
    ) -> None:
        for _ in range(rows):
            somebody(date(2010, 1, 1))
        with django_assert_num_queries(9):
            assert "Over" in desk.get(reverse("retention:list")).content.decode()

    def test_takes_no_post(self, desk: Browser) -> None:
        assert desk.post(reverse("retention:list")).status_code == 405


KEPT = [
    *("members_client", "members_intake", "members_contactconsent", "members_waitinglistentry"),
    *("groups_app_group", "groups_app_grouptransition", "groups_app_membership", "groups_app_membershiptransition"),
    *("sessions_log_absencenotice", "sessions_log_groupnote", "sessions_log_membernote"),
    *("sessions_log_addendum", "sessions_log_cosignature", "records_legalhold", "keys_datakey"),
]
_REFUSALS = """
SELECT count(*) FROM pg_trigger
WHERE tgrelid = %s::regclass AND tgenabled = 'O' AND tgtype & 8 > 0 AND tgqual IS NULL AND NOT tgisinternal
"""


@pytest.mark.parametrize("table", KEPT)
def test_the_database_refuses_every_deletion(table: str) -> None:
    """Without a condition, and also to the owner of the tables."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUSALS, [table])
        assert cursor.fetchone()[0] >= 1


def test_the_web_has_no_right_to_delete_either() -> None:
    person = ClientFactory()
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM members_client WHERE id = %s", [person.pk])
