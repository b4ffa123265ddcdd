"""Who was at a record: for supervisors with names, for the client as the policy says (R42)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from audit.querysets import Entries
from audit.services import record
from common.clock import today_in
from members.models import Client
from members.trail import lines_for_client
from practice.models import Policy, User
from tests.factories.members import ClientFactory
from tests.factories.practice import (
    AdministratorFactory,
    CoordinatorFactory,
    MemberUserFactory,
    SupervisorFactory,
    TherapistFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> User:
    return MemberUserFactory()


@pytest.fixture
def person(member: User) -> Client:
    return ClientFactory(user=member)


@pytest.fixture
def reader() -> User:
    return CoordinatorFactory(first_name="Corinna", last_name="Deskman")


def read(person: Client, reader: User, times: int = 1, action: str = "client.read") -> None:
    for _ in range(times):
        record(action=action, by=reader, target=person, client=person, reason="On call")


def test_opening_a_record_is_recorded(signed_in: Any, person: Client, reader: User) -> None:
    browser = signed_in(reader)
    for name in ("members:detail", "members:edit", "members:consents"):
        browser.get(reverse(name, args=[person.pk]))
    assert [entry.action for entry in Entries(client=person.pk, actor=reader.pk)] == [
        "client.contact_read",
        "client.read",
        "client.read",
    ]


def test_reading_the_intake_is_recorded(signed_in: Any, person: Client) -> None:
    supervisor = SupervisorFactory()
    signed_in(supervisor).get(reverse("members:intake", args=[person.pk]))
    assert len(Entries(client=person.pk, actor=supervisor.pk, actions=("intake.read",))) == 1


class TestSupervisor:
    def test_sees_who_what_when_and_why(self, signed_in: Any, person: Client, reader: User) -> None:
        read(person, reader)
        page = signed_in(SupervisorFactory()).get(reverse("members:trail", args=[person.pk])).content.decode()
        for words in ("Corinna Deskman", "Coordinator", "Opened the client record", "On call"):
            assert words in page

    def test_sees_what_was_done_with_others_only_there(self, signed_in: Any, person: Client, reader: User) -> None:
        read(ClientFactory(), reader)
        page = signed_in(SupervisorFactory()).get(reverse("members:trail", args=[person.pk])).content.decode()
        assert "Corinna" not in page
        assert "Nobody yet" in page

    def test_looking_at_it_is_in_it(self, signed_in: Any, person: Client) -> None:
        browser = signed_in(SupervisorFactory(last_name="Overseer"))
        url = reverse("members:trail", args=[person.pk])
        browser.get(url)
        assert "Looked at who was at the record" in browser.get(url).content.decode()

    def test_may_narrow_it_to_days(self, signed_in: Any, person: Client, reader: User) -> None:
        read(person, reader)
        browser, url = signed_in(SupervisorFactory()), reverse("members:trail", args=[person.pk])
        today = today_in(person.site.zone)
        tomorrow = today + timedelta(days=1)
        assert (
            "Corinna" in browser.get(url, {"since": f"{today:%m/%d/%Y}", "until": f"{today:%m/%d/%Y}"}).content.decode()
        )
        page = browser.get(url, {"since": f"{tomorrow:%m/%d/%Y}"}).content.decode()
        assert "Nobody on these days" in page
        wrong = browser.get(url, {"since": f"{tomorrow:%m/%d/%Y}", "until": f"{today:%m/%d/%Y}"}).content.decode()
        assert "The first day is after the last" in wrong
        assert "Corinna" in wrong

    @pytest.mark.parametrize("lines", [1, 3])
    def test_costs_the_same_for_any_number_of_lines(
        self, signed_in: Any, person: Client, django_assert_num_queries: Any, lines: int
    ) -> None:
        for _ in range(lines):
            read(person, TherapistFactory())
        browser = signed_in(SupervisorFactory())
        with django_assert_num_queries(9):
            browser.get(reverse("members:trail", args=[person.pk]))

    def test_reads_on_page_by_page(self, signed_in: Any, person: Client, reader: User) -> None:
        read(person, reader, times=26)
        response = signed_in(SupervisorFactory()).get(reverse("members:trail", args=[person.pk]), {"page": "2"})
        assert len(response.context["lines"]) == 1
        assert "26 to 26 of 26" in response.content.decode()

    def test_finds_the_way_from_the_record(self, signed_in: Any, person: Client) -> None:
        url = reverse("members:trail", args=[person.pk])
        page = reverse("members:detail", args=[person.pk])
        assert url in signed_in(SupervisorFactory()).get(page).content.decode()
        assert url not in signed_in(CoordinatorFactory()).get(page).content.decode()

    @pytest.mark.parametrize(
        "outsider", [TherapistFactory, CoordinatorFactory, AdministratorFactory, MemberUserFactory]
    )
    def test_nobody_else_does(self, signed_in: Any, person: Client, outsider: Any) -> None:
        assert signed_in(outsider()).get(reverse("members:trail", args=[person.pk])).status_code == 404

    def test_nothing_is_changed_there(self, signed_in: Any, person: Client) -> None:
        assert signed_in(SupervisorFactory()).post(reverse("members:trail", args=[person.pk])).status_code == 405


class TestMember:
    def test_sees_roles_and_plain_words(self, signed_in: Any, person: Client, member: User, reader: User) -> None:
        read(person, reader)
        page = signed_in(member).get(reverse("members:own_trail")).content.decode()
        assert "Coordinator" in page
        assert "Opened your record" in page
        for hidden in ("Corinna", "Deskman", "On call", "127.0.0.1"):
            assert hidden not in page

    def test_sees_names_where_the_policy_says_so(
        self, signed_in: Any, person: Client, member: User, reader: User
    ) -> None:
        Policy.objects.update(trail_names_staff=True)
        read(person, reader)
        page = signed_in(member).get(reverse("members:own_trail")).content.decode()
        assert "Corinna Deskman" in page
        assert "Coordinator" in page

    def test_sees_nothing_of_others(self, signed_in: Any, person: Client, member: User, reader: User) -> None:
        read(ClientFactory(), reader)
        assert "Nobody yet" in signed_in(member).get(reverse("members:own_trail")).content.decode()

    def test_what_was_done_is_said_without_clinical_words(self, person: Client, member: User, reader: User) -> None:
        for action in ("note.process_read", "waiting.exported", "screening.declined"):
            read(person, reader, action=action)
        record(action="agreement.signed", by=member, client=person)
        record(action="reminder.sent", by=None, client=person)
        told = [(line.who, line.what) for line in lines_for_client(list(Entries(client=person.pk)), member)]
        assert told == [
            ("Kith, by itself", "Worked on your record"),
            ("You", "Worked on your record"),
            ("Coordinator", "Worked on your record"),
            ("Coordinator", "Took a copy of it"),
            ("Coordinator", "Opened your record"),
        ]

    def test_finds_the_way_from_their_own_page(self, signed_in: Any, person: Client, member: User) -> None:
        assert reverse("members:own_trail") in signed_in(member).get(reverse("home:me")).content.decode()

    @pytest.mark.parametrize("outsider", [TherapistFactory, CoordinatorFactory, SupervisorFactory])
    def test_it_is_no_page_for_staff(self, signed_in: Any, outsider: Any) -> None:
        assert signed_in(outsider()).get(reverse("members:own_trail")).status_code == 404
