"""Every address × every kind of person × GET and POST, with objects of one group (R41, R43).

A new address without a row fails. Who is not named in a row gets 404, so that not even existence is told; anonymous
people are sent to sign in, staff without a second factor to set one up.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from common.clock import now
from groups_app.models import GroupState, Membership, MembershipState, Signature
from members.models import WaitingOutcome
from practice.models import Role, User
from practice.services import invitation_token, invite
from records.models import ClientImport, ImportState
from reminders.links import stop_token
from tests.factories.groups_app import AgreementFactory, GroupFactory, MembershipFactory
from tests.factories.members import ClientFactory, WaitingFactory
from tests.factories.practice import ClosureFactory, RoomFactory, TherapistFactory, UserFactory
from tests.factories.sessions_log import SessionFactory

pytestmark = pytest.mark.django_db

# The people, by letter.
PERSONAS = {
    "A": "anonymous",
    "M": "member of the group",
    "m": "member of another group",
    "T": "leader of the group",
    "t": "therapist of another group",
    "S": "supervisor",
    "C": "coordinator",
    "D": "administrator",
    "X": "coordinator without a second factor",
}
EVERYBODY = "AMmTtSCDX"
SIGNED_IN = "MmTtSCD"
MEMBERS = "Mm"
CLINICAL_DESK = "TtSC"


@dataclass(frozen=True)
class Row:
    """Who gets an answer to GET and to POST, of which object the address speaks, and what the POST must carry."""

    get: str = ""
    post: str = ""
    of: str = ""
    carries: str = ""


MATRIX: dict[str, Row] = {
    "healthz": Row(get=EVERYBODY),
    "readyz": Row(get=EVERYBODY),
    "home:front": Row(get=SIGNED_IN),
    "home:today": Row(get="TtS"),
    "home:desk": Row(get="C"),
    "home:member": Row(get=MEMBERS),
    "home:schedule": Row(get=MEMBERS),
    "home:me": Row(get=MEMBERS),
    "home:start_email": Row(post=MEMBERS),
    "home:stop_email": Row(post=MEMBERS),
    "home:crisis": Row(get=EVERYBODY),
    "home:group": Row(get="TSC", of="group"),
    "home:search": Row(get=CLINICAL_DESK),
    "home:style": Row(),
    "accounts:accept_invitation": Row(get=EVERYBODY, post=EVERYBODY, of="invitation"),
    "practice:settings": Row(get="D", post="D"),
    "practice:policy": Row(get="D", post="D"),
    "practice:sites": Row(get="D"),
    "practice:site_new": Row(get="D", post="D"),
    "practice:site": Row(get="D", post="D", of="site"),
    "practice:room_new": Row(get="D", post="D", of="site"),
    "practice:room": Row(get="D", post="D", of="room"),
    "practice:closures": Row(get="D"),
    "practice:closure_new": Row(get="D", post="D"),
    "practice:closure_delete": Row(post="D", of="closure"),
    "practice:people": Row(get="D"),
    "practice:person_new": Row(get="D", post="D"),
    "practice:person": Row(get="D", post="D", of="person"),
    "practice:person_invite": Row(post="D", of="person"),
    "practice:person_deactivate": Row(get="D", post="D", of="person"),
    "practice:person_reactivate": Row(post="D", of="person"),
    "practice:license_new": Row(get="D", post="D", of="person"),
    "practice:license": Row(get="D", post="D", of="license"),
    "practice:license_delete": Row(post="D", of="license"),
    "members:list": Row(get=CLINICAL_DESK),
    "members:new": Row(get="SC", post="SC"),
    "members:waiting": Row(get="SC"),
    "members:waiting_export": Row(get="SC"),
    "members:waiting_close": Row(post="SC", of="wait"),
    "members:waiting_resume": Row(post="SC", of="closed wait"),
    "members:detail": Row(get="TSC", of="client"),
    "members:edit": Row(get="SC", post="SC", of="client"),
    "members:consents": Row(get="SC", post="SC", of="client"),
    "members:keep_apart_add": Row(get="TSC", post="TSC", of="client", carries="other client"),
    "members:intake": Row(get="TS", post="TS", of="client"),
    "groups_app:list": Row(get=CLINICAL_DESK),
    "groups_app:edit": Row(get="TSC", post="TSC", of="group"),
    "groups_app:change_state": Row(get="TS", post="TS", of="group"),
    "groups_app:agreement_edit": Row(get="TS", post="TS", of="group"),
    "groups_app:accept": Row(post="TS", of="proposal"),
    "groups_app:decline": Row(get="TS", post="TS", of="proposal"),
    "groups_app:withdraw": Row(get="TSC", post="TSC", of="proposal"),
    "groups_app:pregroup": Row(get="TS", post="TS", of="membership"),
    "groups_app:agreements": Row(get=MEMBERS),
    "groups_app:sign": Row(get="M", post="M", of="membership"),
    "groups_app:signed": Row(get="M", of="signature"),
    "sessions_log:calendar": Row(get=CLINICAL_DESK),
    "sessions_log:agenda": Row(get=CLINICAL_DESK),
    "sessions_log:new_group": Row(get=CLINICAL_DESK, post=CLINICAL_DESK),
    "sessions_log:notes": Row(get="TtS"),
    "sessions_log:session": Row(get="TSC", post="T", of="session"),
    "sessions_log:move": Row(get="TSC", post="TSC", of="session"),
    "sessions_log:cancel": Row(get="TSC", post="TSC", of="session"),
    "sessions_log:absence": Row(post="M", of="session"),
    "sessions_log:absence_withdraw": Row(post="M", of="session"),
    "matching:board": Row(get="SC"),
    "matching:group": Row(get="SC", of="group"),
    "matching:propose": Row(post="SC", of="candidate"),
    "matching:take_back": Row(post="SC", of="proposal"),
    "reminders:deliveries": Row(get="C"),
    "reminders:stop": Row(get=EVERYBODY, post=EVERYBODY, of="stop link"),
    "reminders:mailbox": Row(),
    "reminders:mail": Row(of="mail"),
    "records:imports": Row(get="C"),
    "records:new_import": Row(get="C", post="C"),
    "records:import": Row(get="C", of="import"),
    "records:import_take": Row(post="C", of="import"),
    "records:import_resume": Row(post="C", of="import"),
    "records:import_discard": Row(post="C", of="import"),
}

# Packages answer for their own pages; ours are the templates and the gates in front of them.
FOREIGN = ("account_", "mfa_", "usersessions_")


def own_patterns() -> Iterator[str]:
    """Yield the name of each address of ours."""

    def walk(patterns: list[URLPattern | URLResolver], namespace: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern.url_patterns, inner)
            else:
                yield f"{namespace}{pattern.name}"

    return (name for name in walk(get_resolver().url_patterns, "") if not name.startswith(FOREIGN))


@dataclass
class World:
    """One group with everything that belongs to it, and the people around it."""

    people: dict[str, User]
    objects: dict[str, dict[str, object]]


@pytest.fixture
def world() -> World:
    leader = TherapistFactory()
    member, stranger = (ClientFactory(with_account=True) for _ in range(2))
    group = GroupFactory(leaders=[leader], state=GroupState.FORMING)
    other = GroupFactory(leaders=[TherapistFactory()])
    session = SessionFactory(group=group)
    membership = MembershipFactory(group=group, client=member)
    MembershipFactory(group=other, client=stranger)
    proposed = MembershipFactory(group=group, state=MembershipState.PROPOSED)
    version = AgreementFactory(group=group, published_by=leader)
    closed_wait = WaitingFactory(client=proposed.client, closed_on=group.first_day, outcome=WaitingOutcome.WITHDRAWN)
    site = group.site
    people = {
        "M": member.user,
        "m": stranger.user,
        "T": leader,
        "t": other.leaders.get().user,
        "S": UserFactory(roles=[Role.SUPERVISOR]),
        "C": UserFactory(roles=[Role.COORDINATOR]),
        "D": UserFactory(roles=[Role.ADMINISTRATOR]),
        "X": UserFactory(roles=[Role.COORDINATOR]),
    }
    for letter in "TtSCD":
        Authenticator.objects.create(user=people[letter], type=Authenticator.Type.TOTP, data={"secret": ""})
    return World(
        people=people,
        objects={
            "": {},
            "group": {"pk": group.pk},
            "session": {"pk": session.pk},
            "client": {"pk": member.pk},
            "other client": {"other": proposed.client_id},
            "wait": {"pk": WaitingFactory().pk},
            "closed wait": {"pk": closed_wait.pk},
            "membership": {"pk": membership.pk},
            "proposal": {"pk": proposed.pk},
            "signature": {"pk": _signed(membership, version, member.user).pk},
            "candidate": {"pk": group.pk, "client_pk": WaitingFactory().client_id},
            "import": {"pk": _import(people["C"]).pk},
            "site": {"pk": site.pk},
            "room": {"pk": RoomFactory(site=site).pk},
            "closure": {"pk": ClosureFactory(first_day="2098-01-01", last_day="2098-01-01").pk},
            "person": {"pk": leader.pk},
            "license": {"pk": leader.licenses.get().pk},
            "invitation": {"token": invitation_token(invite(user=UserFactory(password=None), by=None))},
            "stop link": {"token": stop_token(member.pk)},
            "mail": {"key": str(uuid.uuid4())},
        },
    )


def _signed(membership: Membership, version: object, account: User) -> Signature:
    return Signature.objects.create(
        membership=membership,
        version=version,
        account=account,
        text="x",
        sha256="x",
        typed_name="x",
        has_read=True,
        intends_to_sign=True,
        signed_at=now(),
    )


def _import(user: User) -> ClientImport:
    return ClientImport.objects.create(uploaded_by=user, file_name="a.csv", content=b"", state=ImportState.CHECKED)


def is_answered(response: HttpResponse) -> bool:
    """Whether the person got through: neither 404, nor a wrong verb, nor sent away to sign in or to set up a factor."""
    assert response.status_code != 500
    if response.status_code in (404, 405):
        return False
    target = response.headers.get("Location", "")
    return not target.startswith((reverse(django_settings.LOGIN_URL), reverse("mfa_index")))


def test_every_address_has_a_row() -> None:
    assert set(own_patterns()) == set(MATRIX)


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_only_those_named_get_an_answer(name: str, world: World, settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = True
    row = MATRIX[name]
    address = reverse(name, kwargs=world.objects[row.of])
    answered = {"get": "", "post": ""}
    # Outsiders first: a POST of somebody who may changes the world.
    for letter in sorted(PERSONAS, key=lambda letter: letter in row.post):
        for verb in answered:
            browser = Browser()
            if letter in world.people:
                browser.force_login(world.people[letter])
            if is_answered(getattr(browser, verb)(address, world.objects[row.carries])):
                answered[verb] += letter
    assert {verb: set(letters) for verb, letters in answered.items()} == {"get": set(row.get), "post": set(row.post)}
