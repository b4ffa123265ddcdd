"""What leaves the practice is written down, and a client gets the copy they ask for (R44, R46)."""

import datetime
import io
import json
import zipfile
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from audit.querysets import Entries
from common.acting import acting_as
from groups_app.models import Membership
from members.models import Client, Condition
from practice.models import User
from process_notes.models import ProcessNote
from records.disclosures import (
    PART_2_NOTICE,
    ConsentChosen,
    ConsentDoesNotFit,
    NeedsConsent,
    NotYet,
    enter_disclosure,
    is_part_2,
    revoke_consent,
)
from records.models import Disclosure, DisclosureConsent, LegalBasis, RecordRequest
from records.requests import CannotBePutOff, ask_for_record, hand_over, put_off
from sessions_log.models import Attendance, GroupNote, MemberNote
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.members import ClientFactory
from tests.factories.practice import AdministratorFactory, CoordinatorFactory, SupervisorFactory, TherapistFactory
from tests.factories.sessions_log import SessionFactory

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 24, 17, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 11, 24)
LINE = {"recipient": "Dr. Ana Ruiz", "content": "Dates of attendance", "purpose": "Coordinating care"}
FORM = {"made_on": "11/24/2026", "basis": "treatment", "consent": "", **LINE}
SignIn = Callable[[User], Browser]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sign_in() -> SignIn:
    def as_user(user: User) -> Browser:
        browser = Browser()
        browser.force_login(user)
        return browser

    return as_user


@pytest.fixture
def leader(db: None) -> User:
    return TherapistFactory()


@pytest.fixture
def noor(leader: User) -> Client:
    client = ClientFactory(first_name="Noor", last_name="Haddad", with_account=True)
    MembershipFactory(group=GroupFactory(leaders=[leader]), client=client)
    return client


@pytest.fixture
def consent(noor: Client, leader: User) -> DisclosureConsent:
    days = {"signed_on": datetime.date(2026, 11, 1), "expires_on": datetime.date(2027, 11, 1)}
    return DisclosureConsent.objects.create(client=noor, recorded_by=leader, **LINE, **days)


def under_part_2(client: Client) -> None:
    client.conditions.add(Condition.objects.get(code="addiction"))


class TestLedger:
    def test_a_line_is_written_once(self, noor: Client, leader: User) -> None:
        made = enter_disclosure(client=noor, made_on=TODAY, basis=LegalBasis.TREATMENT, by=leader, **LINE)
        assert made.notice == ""
        rows = Disclosure.objects.filter(pk=made.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(recipient="Somebody else")
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
        assert [entry.action for entry in Entries(client=noor.pk)] == ["disclosure.made"]

    def test_tells_what_happened(self, noor: Client, leader: User) -> None:
        tomorrow = TODAY + datetime.timedelta(days=1)
        with pytest.raises(NotYet):
            enter_disclosure(client=noor, made_on=tomorrow, basis=LegalBasis.LAW, by=leader, **LINE)

    def test_consent_must_be_chosen_and_fit(self, noor: Client, leader: User, consent: DisclosureConsent) -> None:
        by = {"client": noor, "basis": LegalBasis.AUTHORIZATION, "by": leader}
        with pytest.raises(ConsentChosen):
            enter_disclosure(made_on=TODAY, **by, **LINE)
        for made_on, changes in ((datetime.date(2026, 10, 1), {}), (TODAY, {"recipient": "The court"})):
            with pytest.raises(ConsentDoesNotFit):
                enter_disclosure(made_on=made_on, consent=consent, **by, **LINE | changes)
        assert enter_disclosure(made_on=TODAY, consent=consent, **by, **LINE | {"recipient": "dr. ana  ruiz"})
        for _twice in range(2):
            revoke_consent(consent=consent, by=leader)
        consent.refresh_from_db()
        with pytest.raises(ConsentDoesNotFit):
            enter_disclosure(made_on=TODAY, consent=consent, **by, **LINE)

    def test_what_was_consented_to_stays(self, consent: DisclosureConsent) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            DisclosureConsent.objects.update(recipient="Everybody")

    def test_under_part_2_nothing_leaves_without_consent_and_it_carries_the_notice(
        self, noor: Client, leader: User, consent: DisclosureConsent
    ) -> None:
        under_part_2(noor)
        by = {"client": noor, "made_on": TODAY, "by": leader}
        for basis in (LegalBasis.TREATMENT, LegalBasis.COURT, LegalBasis.LAW, LegalBasis.SAFETY):
            with pytest.raises(NeedsConsent):
                enter_disclosure(basis=basis, **by, **LINE)
        assert enter_disclosure(basis=LegalBasis.TREATMENT, consent=consent, **by, **LINE).notice == PART_2_NOTICE
        assert enter_disclosure(basis=LegalBasis.EMERGENCY, **by, **LINE).notice == PART_2_NOTICE

    def test_the_database_asks_for_the_consent_too(self, noor: Client, leader: User) -> None:
        under_part_2(noor)
        with pytest.raises(IntegrityError, match="part 2"), transaction.atomic():
            Disclosure.objects.create(client=noor, made_on=TODAY, basis=LegalBasis.TREATMENT, entered_by=leader, **LINE)


class TestLedgerPages:
    def test_is_kept_by_who_cares_for_the_client(self, noor: Client, leader: User, sign_in: SignIn) -> None:
        new, ledger = (reverse(f"disclosures:{name}", args=[noor.pk]) for name in ("disclosure_new", "ledger"))
        browser = sign_in(leader)
        assert browser.post(new, FORM | {"recipient": ""}).status_code == 200
        assert browser.post(new, FORM | {"basis": "own-request"}).status_code == 200
        assert browser.post(new, FORM).url == ledger
        assert "Dr. Ana Ruiz" in browser.get(ledger).content.decode()
        for keeper in (SupervisorFactory(), CoordinatorFactory()):
            assert "Dr. Ana Ruiz" in sign_in(keeper).get(ledger).content.decode()
            assert sign_in(keeper).post(new, FORM).url == ledger
        assert Disclosure.objects.count() == 3
        assert "Dr. Ana Ruiz" in sign_in(noor.user).get(reverse("disclosures:my_record")).content.decode()

    def test_others_find_nothing(self, noor: Client, consent: DisclosureConsent, sign_in: SignIn) -> None:
        pages = [reverse(f"disclosures:{name}", args=[noor.pk]) for name in ("disclosure_new", "ledger", "consent_new")]
        for other in (TherapistFactory(), AdministratorFactory(), noor.user):
            browser = sign_in(other)
            assert {browser.get(page).status_code for page in pages} == {404}
            assert browser.post(pages[0], FORM).status_code == 404
            assert browser.post(reverse("disclosures:consent_revoke", args=[consent.pk])).status_code == 404
        assert not Disclosure.objects.exists()

    def test_under_part_2_the_page_says_so(
        self, noor: Client, leader: User, sign_in: SignIn, consent: DisclosureConsent
    ) -> None:
        under_part_2(noor)
        new, browser = reverse("disclosures:disclosure_new", args=[noor.pk]), sign_in(leader)
        refused = browser.post(new, FORM).content.decode()
        assert "choose the consent it goes by" in refused
        assert PART_2_NOTICE in refused
        assert browser.post(new, FORM | {"consent": consent.pk}).status_code == 302

    def test_a_consent_is_recorded_and_taken_back(self, noor: Client, leader: User, sign_in: SignIn) -> None:
        browser, new = sign_in(leader), reverse("disclosures:consent_new", args=[noor.pk])
        days = {"signed_on": "11/1/2026", "expires_on": "11/1/2027"}
        assert browser.post(new, LINE | days | {"expires_on": "10/1/2026"}).status_code == 200
        assert browser.post(new, LINE | days).status_code == 302
        revoke = reverse("disclosures:consent_revoke", args=[DisclosureConsent.objects.get().pk])
        assert browser.get(revoke).status_code == 405
        assert [browser.post(revoke).status_code for _twice in range(2)] == [302, 302]
        assert DisclosureConsent.objects.get().revoked_on == TODAY


class TestCopy:
    @pytest.fixture
    def written(self, noor: Client, leader: User) -> Client:
        """Everything about Noor, and beside it what no copy may hold."""
        membership = Membership.objects.get(client=noor)
        session, draft = (SessionFactory(group=membership.group) for _ in range(2))
        fellow = MembershipFactory(group=membership.group)
        about = {"author": leader, "updated_at": NOON}
        signature = {"signed_at": NOON, "signed_by": leader}
        Attendance.objects.create(
            session=session, membership=membership, status="late", recorded_by=leader, recorded_at=NOON
        )
        MemberNote.objects.create(session=draft, parts={"note": "a draft"}, membership=membership, **about)
        for of, words in ((membership, "spoke of grief"), (fellow, "about a fellow")):
            MemberNote.objects.create(session=session, parts={"note": words}, membership=of, **about, **signature)
        GroupNote.objects.create(session=session, parts={"theme": "the whole group"}, **about, **signature)
        with acting_as(leader):
            ProcessNote.objects.create(session=session, text="for myself", **about)
        return noor

    def test_is_asked_for_handed_over_and_taken(
        self, written: Client, leader: User, sign_in: SignIn, clock: time_machine.Traveller
    ) -> None:
        member, mine = sign_in(written.user), reverse("disclosures:my_record")
        for _twice in range(2):
            assert member.post(mine).status_code == 302
        asked = RecordRequest.objects.get()
        assert asked.due_on == datetime.date(2026, 12, 24), "30 days by default"
        copy, page = (reverse(f"disclosures:{name}", args=[asked.pk]) for name in ("copy", "request"))
        assert "You have it by" in member.get(mine).content.decode()
        assert member.get(copy).status_code == 404, "not before it is handed over"
        clinic = sign_in(leader)
        assert "Due December 24" in clinic.get(reverse("disclosures:requests")).content.decode()
        clock.move_to(NOON + datetime.timedelta(days=31))
        clinic, member = sign_in(leader), sign_in(written.user)
        assert "Overdue" in clinic.get(page).content.decode()
        for _twice in range(2):
            assert clinic.post(page).status_code == 302
        line = Disclosure.objects.get()
        assert (line.basis, line.recipient, line.request) == (LegalBasis.OWN_REQUEST, "Noor Haddad", asked)
        assert "Download your copy" in member.get(mine).content.decode()
        record, pdf = self.unpacked(member.get(copy).content)
        assert [(part["attendance"], part["note"][0]["words"]) for part in record["sessions"]] == [
            ("Late", "spoke of grief")
        ]
        text = json.dumps(record)
        for hidden in ("a draft", "about a fellow", "the whole group", "for myself"):
            assert hidden not in text
        assert pdf.startswith(b"%PDF")
        assert "record.exported" in [entry.action for entry in Entries(client=written.pk)]

    @staticmethod
    def unpacked(content: bytes) -> tuple[dict, bytes]:  # type: ignore[type-arg]
        archive = zipfile.ZipFile(io.BytesIO(content))
        return json.loads(archive.read("record.json")), archive.read("record.pdf")

    def test_is_for_the_client_and_who_leads_their_group(self, noor: Client, leader: User, sign_in: SignIn) -> None:
        asked = ask_for_record(client=noor, by=leader)
        hand_over(request=asked, by=leader)
        copy, page = (reverse(f"disclosures:{name}", args=[asked.pk]) for name in ("copy", "request"))
        assert sign_in(leader).get(copy).status_code == 200
        supervisor = sign_in(SupervisorFactory())
        assert (supervisor.get(page).status_code, supervisor.get(copy).status_code) == (200, 404)
        others = (TherapistFactory(), CoordinatorFactory(), ClientFactory(with_account=True).user)
        for other in others:
            browser = sign_in(other)
            assert [browser.get(copy).status_code, browser.post(page).status_code] == [404, 404]

    def test_the_desk_sees_until_when_and_leaves_the_rest_to_clinicians(
        self, noor: Client, leader: User, sign_in: SignIn
    ) -> None:
        desk = sign_in(CoordinatorFactory())
        page = desk.post(reverse("disclosures:request_new", args=[noor.pk])).url
        assert "Due December 24" in desk.get(reverse("disclosures:requests")).content.decode()
        shown = desk.get(page).content.decode()
        assert "hands it over" in shown
        assert "Hand over the copy" not in shown
        assert desk.post(page).status_code == 404
        assert RecordRequest.objects.open().count() == 1

    def test_may_be_asked_for_in_person(self, noor: Client, leader: User, sign_in: SignIn) -> None:
        url = reverse("disclosures:request_new", args=[noor.pk])
        browser = sign_in(leader)
        assert browser.get(url).status_code == 405
        assert [browser.post(url).status_code for _twice in range(2)] == [302, 302]
        assert RecordRequest.objects.count() == 1


class TestMoreTime:
    """45 CFR 164.524(b)(2)(ii): once, 30 days at most, in time, and told with the reason."""

    REASON = "Two of the notes are with a colleague who is on leave."
    DUE = datetime.date(2026, 12, 24)

    @pytest.fixture
    def asked(self, noor: Client, leader: User) -> RecordRequest:
        return ask_for_record(client=noor, by=leader)

    def test_once_and_the_client_reads_why(
        self, asked: RecordRequest, leader: User, sign_in: SignIn, clock: time_machine.Traveller
    ) -> None:
        url, browser = reverse("disclosures:put_off", args=[asked.pk]), sign_in(leader)
        assert "until January 23, 2027 at the latest" in browser.get(url).content.decode()
        for wrong in ({"until": "12/24/2026"}, {"until": "1/24/2027"}, {"until": "1/15/2027", "reason": ""}):
            assert browser.post(url, {"reason": self.REASON, **wrong}).status_code == 200
        form = {"until": "1/15/2027", "reason": self.REASON}
        assert browser.post(url, form).status_code == 302
        assert "once already" in browser.post(url, form).content.decode()
        mine = sign_in(asked.client.user).get(reverse("disclosures:my_record")).content.decode()
        assert self.REASON in mine
        assert "You have it by January 15, 2027" in mine
        assert (
            "Put off from December 24" in browser.get(reverse("disclosures:request", args=[asked.pk])).content.decode()
        )
        assert "record.put_off" in [entry.action for entry in Entries(client=asked.client_id)]
        clock.move_to(datetime.datetime(2027, 1, 16, 17, tzinfo=datetime.UTC))
        assert "Overdue since January 15" in sign_in(leader).get(reverse("disclosures:requests")).content.decode()

    def test_not_once_it_is_late_or_done(
        self, asked: RecordRequest, leader: User, clock: time_machine.Traveller
    ) -> None:
        more = {"request": asked, "until": datetime.date(2027, 1, 15), "reason": self.REASON, "by": leader}
        clock.move_to(NOON + datetime.timedelta(days=31))
        with pytest.raises(CannotBePutOff, match="has passed"):
            put_off(**more)
        clock.move_to(NOON)
        hand_over(request=asked, by=leader)
        with pytest.raises(CannotBePutOff, match="handed over"):
            put_off(**more)

    def test_is_for_who_hands_over(self, asked: RecordRequest, sign_in: SignIn) -> None:
        url = reverse("disclosures:put_off", args=[asked.pk])
        form = {"until": "1/15/2027", "reason": self.REASON}
        for other in (TherapistFactory(), CoordinatorFactory(), AdministratorFactory(), asked.client.user):
            assert sign_in(other).post(url, form).status_code == 404
        assert sign_in(SupervisorFactory()).post(url, form).status_code == 302

    @pytest.mark.parametrize(
        "change",
        [
            {"extended_to": DUE},
            {"extended_to": DUE + datetime.timedelta(days=31)},
            {"extended_on": DUE + datetime.timedelta(days=1)},
            {"extension_reason": ""},
            {"extended_by": None},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_the_database_knows_the_law(self, asked: RecordRequest, leader: User, change: dict[str, object]) -> None:
        right = {
            "extended_to": self.DUE + datetime.timedelta(days=30),
            "extended_on": self.DUE,
            "extension_reason": self.REASON,
            "extended_by": leader,
        }
        rows = RecordRequest.objects.filter(pk=asked.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**right | change)
        rows.update(**right)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(extended_to=self.DUE + datetime.timedelta(days=20))


class TestPart2:
    def test_the_practice_says_which_conditions(self, noor: Client, leader: User, sign_in: SignIn) -> None:
        url, browser = reverse("disclosures:part_2"), sign_in(AdministratorFactory())
        grief = Condition.objects.get(code="grief")
        noor.conditions.add(grief)
        assert not is_part_2(noor)
        for _twice in range(2):
            assert browser.post(url, {"conditions": [grief.pk]}).url == url
        assert [each.code for each in Condition.objects.filter(is_part_2=True)] == ["grief"]
        assert len(Entries(actions=("disclosure.part_2_changed",))) == 1
        assert is_part_2(noor)
        with pytest.raises(IntegrityError, match="part 2"), transaction.atomic():
            Disclosure.objects.create(client=noor, made_on=TODAY, basis=LegalBasis.TREATMENT, entered_by=leader, **LINE)

    def test_is_for_administrators(self, sign_in: SignIn, leader: User) -> None:
        for other in (leader, SupervisorFactory(), CoordinatorFactory()):
            browser, url = sign_in(other), reverse("disclosures:part_2")
            assert [browser.get(url).status_code, browser.post(url).status_code] == [404, 404]
        assert Condition.objects.get(is_part_2=True).code == "addiction"
