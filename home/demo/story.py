"""The part of the demo practice that people meet first: three groups of one therapist, and those who wait for a place.

It is the same at every size. All three groups meet on the day on which the demo is made.
"""

import calendar
from collections.abc import Sequence
from datetime import date, time, timedelta

from groups_app.models import GroupState, LeavingReason, Length, MembershipState, Orientation
from home.demo import texts
from home.demo.accounts import DEMO_ACCOUNTS
from home.demo.calendar import first_day_before
from home.demo.climate import add_climate
from home.demo.groups import Part, Plan, add_group, make_group, session_days
from home.demo.life import add_cover, announce_door, tell_of_door
from home.demo.people import add_client, add_invited, add_screening, add_staff, add_wait, ask_to_screen, keep_apart
from home.demo.process import add_process_notes
from home.demo.rights import add_copy_put_off, add_disclosure, add_emergency
from home.demo.scene import Place, Scene
from home.demo.sessions import add_absence_notice, add_asking, add_second_looks, add_sessions, add_snippets
from members.models import Client, Gender, ScreeningOutcome
from practice.models import Role, Room, Supervision, User

_SHE, _HE, _THEY = ("she/her", Gender.WOMAN), ("he/him", Gender.MAN), ("they/them", Gender.NON_BINARY)

_MORNING_PEOPLE = (
    ("Imani", "Abara", "", _SHE),
    ("Jonas", "Zielińska", "", _HE),
    ("Keiko", "Tanaka", "", _SHE),
    ("Victor", "Brodsky", "", _HE),
    ("Rosa", "Moreau", "", _SHE),
    ("Tariq", "Haddad", "", _HE),
    ("Wren", "Lindqvist", "", _THEY),
)
_MEN = (
    ("Kwame", "Dlamini", "", _HE),
    ("Luca", "De Luca", "", _HE),
    ("Søren", "Eriksen", "", _HE),
    ("Quentin", "O'Connell", "Quinn", _HE),
    ("Farid", "Rahman", "", _HE),
    ("Umberto", "Rossi", "Berto", _HE),
    ("Petr", "Novák", "", _HE),
    ("Dmitri", "Petrosyan", "", _HE),
)
_EVENING_PEOPLE = (
    ("Zofia", "Szabó", "", _SHE),
    ("Mireille", "van der Berg", "", _SHE),
    ("Ben", "Kaplan", "", _HE),
    ("Xiomara", "Vasquez", "Xio", _SHE),
    ("José", "Ibarra", "", _HE),
)
_PROPOSED_PEOPLE = (("Noor", "Benítez", "", _SHE), ("Yusuf", "Okonkwo", "", _HE))
_WAITING_PEOPLE = (
    ("Đorđe", "Łoś", "", _HE),
    ("Chloé", "Smith-Okafor", "", _SHE),
    ("Hồng", "Nguyễn", "", _SHE),
    ("İpek", "Yılmaz", "", _SHE),
    ("Étienne", "Whitlock", "Ty", _HE),
    ("Màiri", "Quiroga", "", _SHE),
    ("Björn", "Grünwald", "", _HE),
    ("Fatoumata", "Mbeki", "", _SHE),
    ("Sasha", "Jankowski", "", _THEY),
    ("Ngozi", "Castellanos", "", _SHE),
)
Person = tuple[str, str, str, tuple[str, Gender]]


def add_story(scene: Scene) -> None:
    """Write the people with demo accounts, their groups, and twelve people on the waiting list."""
    dana, osei, ines = _add_staff(scene)
    brooklyn, online = scene.places["Brooklyn"], scene.places["Online"]
    room = brooklyn.rooms[1]
    _add_morning_circle(scene, brooklyn, room=room, leaders=[dana, osei], supervisor=ines)
    _add_mens_group(scene, brooklyn, room=room, leaders=[dana], cover=osei)
    first_member = _add_evening_group(scene, online, leaders=[dana])
    add_emergency(scene, first_member, by=osei, told=dana)
    _add_waiting(scene, brooklyn, not_with=first_member, screener=dana)


def _add_staff(scene: Scene) -> tuple[User, User, User]:
    therapist, coordinator, supervisor, administrator, _ = DEMO_ACCOUNTS
    site = scene.places["Brooklyn"].site
    dana = add_staff(
        scene,
        first_name="Dana",
        last_name="Whitfield",
        email=therapist.email,
        credentials="PsyD",
        roles=[Role.THERAPIST],
        site=site,
        licenses=[("NY", 410), ("TX", 230)],
    )
    osei = add_staff(
        scene,
        first_name="Ruth",
        last_name="Osei",
        credentials="LCSW",
        roles=[Role.THERAPIST],
        site=site,
        licenses=[("NY", 24)],
    )
    scene.coordinator = add_staff(
        scene,
        first_name="Mina",
        last_name="Petrosyan",
        email=coordinator.email,
        roles=[Role.COORDINATOR],
        site=site,
    )
    ines = add_staff(
        scene,
        first_name="Ines",
        last_name="Castellanos",
        email=supervisor.email,
        credentials="PhD",
        roles=[Role.SUPERVISOR],
        site=site,
        licenses=[("NY", 600)],
    )
    paul = add_staff(
        scene,
        first_name="Paul",
        last_name="Lindqvist",
        email=administrator.email,
        roles=[Role.ADMINISTRATOR],
        site=site,
    )
    add_invited(scene, first_name="Hannah", last_name="Boyd", role=Role.COORDINATOR, site=site, by=paul)
    _supervise(scene, ines, [dana, osei])
    return dana, osei, ines


def _supervise(scene: Scene, supervisor: User, therapists: Sequence[User]) -> None:
    """Let the supervisor read what the therapists sign."""
    for therapist in therapists:
        scene.sink.add(
            Supervision(
                id=scene.keys.next("supervision"),
                created_at=scene.when(400),
                supervisor=supervisor,
                therapist=therapist,
                since=scene.today - timedelta(days=400),
            )
        )


def _add_morning_circle(scene: Scene, place: Place, *, room: Room, leaders: Sequence[User], supervisor: User) -> None:
    """Running, session 7 of 14 today: one away, one lost, a door announced, notes missing, an agreement to sign."""
    group = make_group(
        scene,
        name=f"{calendar.day_name[scene.today.weekday()]} morning circle",
        site=place.site,
        room=room,
        first_day=_first_day(scene, place, sessions_before=6),
        start_time=time(10),
        length=Length.TIME_LIMITED,
        session_count=14,
        state=GroupState.RUNNING,
    )
    parts = [Part(client) for client in _add_people(scene, place, _MORNING_PEOPLE, first_number=1)]
    parts[0].account_email = DEMO_ACCOUNTS[-1].email
    plan = Plan(
        group,
        leaders,
        parts,
        session_days(scene, group),
        moved={10: time(11)},
        drafts={6},
        member_notes_missing={6: 2},
        slips={6: texts.SLIP},
        changed_on=scene.today - timedelta(days=4),
        unsigned_change={0},
        keeps_meetings=True,
    )
    parts[1].away_since = 4
    reason = "One member has stayed away, and three places are free."
    announce_door(scene, group, opens_on=plan.days[8], reason=reason, by=plan.lead)
    add_group(scene, plan)
    tell_of_door(scene, group, parts)
    sessions = add_sessions(scene, plan)
    add_absence_notice(scene, parts[3], sessions[6], given_at=scene.when(2, 17))
    add_process_notes(scene, plan, sessions, reader=supervisor)
    add_disclosure(scene, parts[0].client, by=plan.lead)
    add_copy_put_off(scene, parts[2].client, by=plan.lead)
    author, colleague = leaders
    add_second_looks(scene, sessions, author=author, colleague=colleague)
    add_asking(scene, parts[1], by=colleague, days_ago=16)
    add_snippets(scene, author)
    add_climate(scene, sessions)


def _add_mens_group(scene: Scene, place: Place, *, room: Room, leaders: Sequence[User], cover: User) -> None:
    """Ending, session 31 of 36 today: one member leaves before the others, one has left, last week's note unsigned."""
    group = make_group(
        scene,
        name="Men's process group",
        site=place.site,
        room=room,
        first_day=_first_day(scene, place, sessions_before=30),
        start_time=time(13, 30),
        length=Length.TIME_LIMITED,
        session_count=36,
        state=GroupState.ENDING,
        orientation=Orientation.PSYCHODYNAMIC,
    )
    days = session_days(scene, group)
    parts = [Part(client, reliability=0.88) for client in _add_people(scene, place, _MEN, first_number=8)]
    parts[-2].state, parts[-2].ends_on, parts[-2].why = MembershipState.LEAVING, days[32], LeavingReason.MOVED
    parts[-1].state, parts[-1].ends_on, parts[-1].why = MembershipState.LEFT, days[11], LeavingReason.DROPPED_OUT
    plan = Plan(group, leaders, parts, days, cancelled={22}, drafts={30}, ending_checks=2, keeps_meetings=True)
    add_group(scene, plan)
    add_cover(scene, group, cover)
    add_sessions(scene, plan)


def _add_evening_group(scene: Scene, place: Place, *, leaders: Sequence[User]) -> Client:
    """Forming, session 1 of 16 today: five have a place, one of them has not signed, two are proposed, three are free.

    Returns one of its members.
    """
    group = make_group(
        scene,
        name="Evening group, online",
        site=place.site,
        online_link="https://meet.kith.example/evening",
        first_day=_first_day(scene, place, sessions_before=0),
        start_time=time(18),
        length=Length.TIME_LIMITED,
        session_count=16,
        state=GroupState.FORMING,
        orientation=Orientation.ATTACHMENT,
    )
    parts = [Part(client) for client in _add_people(scene, place, _EVENING_PEOPLE, first_number=16)]
    parts[-1].state, parts[-1].has_signed = MembershipState.PREPARING, False
    proposed = _add_people(scene, scene.places["Brooklyn"], _PROPOSED_PEOPLE, first_number=21)
    parts += [Part(client, state=MembershipState.PROPOSED) for client in proposed]
    plan = Plan(group, leaders, parts, session_days(scene, group), keeps_meetings=True)
    add_group(scene, plan)
    add_sessions(scene, plan)
    return parts[0].client


def _add_waiting(scene: Scene, place: Place, *, not_with: Client, screener: User) -> None:
    """Ten people besides the two proposed ones. Every other one could come when the evening group meets.

    One waits for the decision of a therapist who is asked, one was told to wait, one nobody has asked about yet.
    """
    evening = (scene.today.weekday(), time(17), time(21))
    for position, client in enumerate(_add_people(scene, place, _WAITING_PEOPLE, first_number=23)):
        client.online_ok = position % 2 == 0
        add_wait(scene, client, also_free=[evening] if position % 2 == 0 else [])
        if position == 2:
            keep_apart(scene, client, not_with)
        if position == 1:
            ask_to_screen(scene, client, therapist=screener, days_ago=1)
        elif position == 6:
            add_screening(
                scene,
                client,
                by=screener,
                on=scene.today - timedelta(days=9),
                outcome=ScreeningOutcome.WAIT,
                reason="Wants a group and would use it well. Away for two months; ask again after that.",
            )
        elif position != 7:
            add_screening(scene, client, by=screener, on=scene.today - timedelta(days=5))


def _add_people(scene: Scene, place: Place, people: Sequence[Person], *, first_number: int) -> list[Client]:
    return [
        add_client(
            scene,
            place,
            referred_on=scene.today - timedelta(days=21 + 9 * (number % 11)),
            number=number,
            first_name=first_name,
            last_name=last_name,
            preferred_name=preferred_name,
            pronouns=pronouns,
            gender=gender,
        )
        for number, (first_name, last_name, preferred_name, (pronouns, gender)) in enumerate(people, start=first_number)
    ]


def _first_day(scene: Scene, place: Place, *, sessions_before: int) -> date:
    closed = scene.closed_days(place.site)
    first_day = first_day_before(scene.today, sessions_before=sessions_before, cadence=1, closed=closed)
    while first_day in closed:  # only when nothing came before today and today is a day off
        first_day += timedelta(weeks=1)
    return first_day
