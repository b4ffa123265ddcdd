"""Staff and clients of the demo practice."""

import json
import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from common.clock import moment
from common.names import sort_key
from home.demo import names, texts
from home.demo.scene import Place, Scene
from members.models import (
    Availability,
    Channel,
    Client,
    ClientProblemArea,
    ContactConsent,
    Gender,
    Intake,
    KeepApart,
    Screening,
    ScreeningFindings,
    ScreeningOutcome,
    ScreeningRequest,
    WaitingListEntry,
    WaitingOutcome,
)
from practice.models import Invitation, License, Role, Site, User
from reminders.models import Kind, Message, MessageState, Via


def add_staff(
    scene: Scene,
    *,
    first_name: str,
    last_name: str,
    roles: Sequence[Role],
    site: Site,
    email: str = "",
    credentials: str = "",
    licenses: Sequence[tuple[str, int]] = (),
) -> User:
    """Make a staff account with licenses given as (state, days from today until they end)."""
    user = User(
        id=scene.keys.next("staff"),
        created_at=scene.when(400),
        email=email or f"{_ascii(first_name)}.{_ascii(last_name)}@kith.example",
        first_name=first_name,
        last_name=last_name,
        credentials=credentials,
        roles=list(roles),
        home_site=site,
        password=scene.password,
    )
    scene.sink.add(user, EmailAddress(user=user, email=user.email, verified=True, primary=True))
    for state, days in licenses:
        scene.sink.add(
            License(
                id=scene.keys.next("license"),
                created_at=user.created_at,
                user=user,
                state=state,
                number=f"{state}-{scene.random.randint(10_000, 99_999):06d}",
                expires_on=scene.today + timedelta(days=days),
            )
        )
    return user


def add_invited(scene: Scene, *, first_name: str, last_name: str, role: Role, site: Site, by: User) -> None:
    """Make a colleague's account that its owner has not opened yet; the link went out two days ago."""
    at = scene.when(2, 12)
    user = User(
        id=scene.keys.next("staff"),
        created_at=at,
        email=f"{_ascii(first_name)}.{_ascii(last_name)}@kith.example",
        first_name=first_name,
        last_name=last_name,
        roles=[role],
        home_site=site,
        password=UNUSABLE_PASSWORD_PREFIX,
    )
    until = moment(scene.today + timedelta(days=13), time.min, site.zone)
    invitation = Invitation(id=scene.keys.next("invitation"), created_at=at, user=user, created_by=by, expires_at=until)
    mailed = Message(
        id=scene.keys.next("message"),
        created_at=at,
        kind=Kind.INVITATION,
        channel=Via.EMAIL,
        account=user,
        subject_id=invitation.pk,
        due_at=at,
        useful_until=until,
        state=MessageState.SENT,
        attempts=1,
        sent_at=min(at + timedelta(seconds=3), scene.at),
    )
    scene.sink.add(user, invitation, mailed)


def add_client(scene: Scene, place: Place, *, referred_on: date, number: int, **given: Any) -> Client:
    """Make a client of ``place`` who is ``given`` or whom chance chooses; ``number`` tells namesakes apart."""
    random = scene.random
    identity = given or _identity(scene)
    client = Client(
        id=scene.keys.next("client"),
        created_at=scene.on(referred_on),
        birth_date=scene.today - timedelta(days=random.randint(19 * 366, 68 * 365)),
        mobile=f"+1{random.choice(place.area_codes)}55501{random.randint(0, 99):02d}",
        site=place.site,
        online_ok=place.site.is_online or random.random() < 0.35,
        referral_date=referred_on,
        referral_reason_id=random.choice(scene.lists.referral_reasons),
        notes=random.choice(names.SCHEDULING_NOTES),
        **identity,
    )
    client.email = f"{_ascii(client.first_name)}.{_ascii(client.last_name)}.{number}@mail.example"
    scene.sink.add(client)
    _add_tags(scene, client)
    _add_consents(scene, client)
    return client


def add_account(scene: Scene, client: Client, *, email: str = "") -> User:
    """Make the account with which ``client`` signs in."""
    user = User(
        id=scene.keys.next("member account"),
        created_at=client.created_at,
        email=email or client.email,
        first_name=client.called,
        last_name=client.last_name,
        roles=[Role.MEMBER],
        password=scene.password,
    )
    scene.sink.add(user, EmailAddress(user=user, email=user.email, verified=True, primary=True))
    client.user = user
    return user


def add_wait(
    scene: Scene,
    client: Client,
    *,
    placed_on: date | None = None,
    also_free: Sequence[tuple[int, time, time]] = (),
) -> None:
    """Put ``client`` on the waiting list from the referral on, until ``placed_on`` if there is such a day.

    ``also_free`` are spans (weekday, from, until) at which the client can come besides those chance chooses.
    """
    scene.sink.add(
        WaitingListEntry(
            id=scene.keys.next("waiting"),
            created_at=client.created_at,
            client=client,
            since=client.referral_date,
            closed_on=placed_on,
            outcome=WaitingOutcome.PLACED if placed_on else "",
        )
    )
    for weekday, starts, ends in [*also_free, *_free_spans(scene, without={span[0] for span in also_free})]:
        scene.sink.add(
            Availability(
                id=scene.keys.next("availability"),
                created_at=client.created_at,
                client=client,
                weekday=weekday,
                starts=starts,
                ends=ends,
            )
        )


def add_intake(scene: Scene, client: Client, *, by: User) -> None:
    """Record what a clinician learned from ``client`` before the group."""
    random = scene.random
    intake = Intake(
        id=scene.keys.next("intake"),
        created_at=client.created_at,
        client=client,
        brings=random.choice(texts.BRINGS),
        hopes=random.choice(texts.HOPES),
        release_on_file=random.random() < 0.3,
        fee_cents=random.choice((6_000, 7_500, 9_000)),
        recorded_by=by,
        recorded_at=client.created_at,
    )
    scene.sink.add(
        intake, Intake.family_roles.through(intake=intake, familyrole_id=random.choice(scene.lists.family_roles))
    )


def add_screening(
    scene: Scene,
    client: Client,
    *,
    by: User,
    on: date,
    outcome: ScreeningOutcome = ScreeningOutcome.APPROVED,
    reason: str = "",
) -> None:
    """Record that a therapist decided about ``client`` on a day, with a checklist that fits the decision."""
    at = scene.on(on, 15)
    screening = Screening(
        id=scene.keys.next("screening"),
        created_at=at,
        client=client,
        outcome=outcome,
        decided_by=by,
        decided_at=at,
        review_on=on + timedelta(weeks=6) if outcome == ScreeningOutcome.WAIT else None,
    )
    answers = {code: {"answer": favors, "remark": ""} for code, favors in scene.lists.checklist}
    if outcome == ScreeningOutcome.WAIT:
        answers["travel"] = {"answer": True, "remark": "Two months abroad from next week."}
    scene.sink.add(
        screening,
        ScreeningFindings(
            id=scene.keys.next("findings"),
            created_at=at,
            screening=screening,
            answers=json.dumps(answers),
            reason=reason,
        ),
    )


def ask_to_screen(scene: Scene, client: Client, *, therapist: User, days_ago: int) -> None:
    """Record that the coordinator asked a therapist to screen ``client``, who has not decided yet."""
    at = scene.when(days_ago, 11)
    scene.sink.add(
        ScreeningRequest(
            id=scene.keys.next("screening request"),
            created_at=at,
            client=client,
            therapist=therapist,
            asked_by=scene.coordinator,
            asked_at=at,
        )
    )


def keep_apart(scene: Scene, one: Client, other: Client) -> None:
    """Record that two clients must not sit in one group."""
    smaller, larger = sorted((one.pk, other.pk))
    scene.sink.add(
        KeepApart(
            id=scene.keys.next("keep apart"),
            created_at=max(one.created_at, other.created_at),
            one_id=smaller,
            other_id=larger,
            recorded_by=scene.coordinator,
        )
    )


def _identity(scene: Scene) -> dict[str, str]:
    random = scene.random
    chance = random.random()
    if chance < 0.06:
        first_names, pronouns, gender = names.ANY_GENDER, "they/them", Gender.NON_BINARY
    elif chance < 0.52:
        first_names, pronouns, gender = names.WOMEN, "she/her", Gender.WOMAN
    else:
        first_names, pronouns, gender = names.MEN, "he/him", Gender.MAN
    asked = random.random() < 0.93
    return {
        "first_name": random.choice(first_names),
        "last_name": random.choice(names.FAMILY_NAMES),
        "preferred_name": random.choice(names.ANY_GENDER) if random.random() < 0.12 else "",
        "pronouns": pronouns if asked else "",
        "gender": gender if asked else "",
    }


def _free_spans(scene: Scene, *, without: set[int]) -> list[tuple[int, time, time]]:
    days = sorted(set(scene.random.sample(range(5), scene.random.randint(1, 3))) - without)
    return [(day, *scene.random.choice(names.FREE_SPANS)) for day in days]


def _add_tags(scene: Scene, client: Client) -> None:
    random, lists, sink = scene.random, scene.lists, scene.sink
    for pk in random.sample(lists.difficulties, random.randint(1, 4)):
        sink.add(Client.difficulties.through(client=client, difficultyarea_id=pk))
    for pk in random.sample(lists.goals, random.randint(1, 3)):
        sink.add(Client.goals.through(client=client, goal_id=pk))
    sink.add(Client.conditions.through(client=client, condition_id=random.choice(lists.conditions)))
    for position, pk in enumerate(random.sample(lists.problem_areas, random.randint(1, 2))):
        sink.add(ClientProblemArea(client=client, area_id=pk, is_primary=position == 0))


def _add_consents(scene: Scene, client: Client) -> None:
    channels = scene.random.choices(
        ((Channel.EMAIL,), (Channel.EMAIL, Channel.TEXT), (Channel.TEXT,)), weights=(6, 3, 1)
    )[0]
    scene.reached[client.pk] = channels
    for channel in channels:
        scene.sink.add(
            ContactConsent(
                id=scene.keys.next("consent"),
                created_at=client.created_at,
                client=client,
                channel=channel,
                given_at=client.created_at,
                recorded_by=scene.coordinator,
            )
        )


def _ascii(name: str) -> str:
    return re.sub(r"[^a-z]", "", sort_key(name))
