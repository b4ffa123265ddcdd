"""A therapist's psychotherapy notes of the demo: words to herself, who spoke to whom, one session shared."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from home.demo.groups import Plan
from home.demo.scene import Scene
from practice.models import User
from process_notes.interactions.entries import GROUP, Interaction, Kind, written
from process_notes.models import InteractionMap, ProcessNote, Share
from sessions_log.models import Session

_WORDS = (
    "I notice how glad I am when she speaks, and how slow I am to interrupt her. Whose mother am I in this room?",
    "The long silence was mine as much as theirs. I wanted to be thought of as patient.",
    "My irritation came before his lateness. He asks for nothing, and I want to give him nothing.",
    "Two of them sit where my sister and I would have sat. For supervision, before it becomes an intervention.",
    "I protected the quietest one again. The group let me, and so nobody had to be curious about it.",
    "Felt left out of their laughter at the end, and pleased about it ten minutes later.",
)
_KINDS = (Kind.REMARK, Kind.FEEDBACK, Kind.LANDING, Kind.SUPPORT, Kind.CONFRONTATION, Kind.DISCLOSURE, Kind.NEW)
_KIND_WEIGHTS = (9, 6, 3, 5, 2, 4, 1)
_FIRST_MAP = 2  # the session from which on she drew maps


def add_process_notes(scene: Scene, plan: Plan, sessions: Sequence[Session], *, reader: User) -> None:
    """Write what the group's first leader keeps about its past sessions; the newest is shared with ``reader``."""
    random = Random(f"process {scene.size.name} {scene.seed}")  # noqa: S311 (an invented group's talk)
    past = [session for session in sessions if session.local_day < scene.today]
    for session, words in zip(past, _WORDS, strict=False):
        kept_at = min(scene.at, session.ends_at + timedelta(minutes=55))
        own = {"session": session, "author": plan.lead, "created_at": session.ends_at, "updated_at": kept_at}
        scene.sink.add(ProcessNote(id=scene.keys.next("process note"), text=words, version=3, **own))
        if session.number >= _FIRST_MAP:
            talk = _talk(random, plan, session)
            scene.sink.add(
                InteractionMap(id=scene.keys.next("interaction map"), entries=written(talk), version=len(talk), **own)
            )
    newest = past[-1]
    given_at = min(scene.at, newest.ends_at + timedelta(days=1))
    scene.sink.add(
        Share(
            id=scene.keys.next("share"),
            created_at=given_at,
            session=newest,
            author=plan.lead,
            reader=reader,
            given_at=given_at,
        )
    )


def _talk(random: Random, plan: Plan, session: Session) -> list[Interaction]:
    """Invent a session's talk: at first much of it goes through the leaders, later it goes from member to member."""
    away = plan.away.get(session.number, set())
    here = [part for part in plan.parts if part.attends(session.local_day) and part.membership.pk not in away]
    leaders = [f"l:{leader.pk}" for leader in plan.leaders]
    quiet = plan.parts[-1]
    talkers = [f"m:{part.membership.pk}" for part in here if part is not quiet]
    bond = talkers[:2]
    talk: list[Interaction] = []
    for number in range(1, 27 + 3 * session.number):
        draw = random.random()
        if draw < 0.1:
            source, target = random.choice(talkers), GROUP
        elif draw < 0.55 - 0.05 * session.number:
            source, target = random.choice(leaders), random.choice(talkers)
        elif draw < 0.72 - 0.04 * session.number:
            source, target = random.choice(talkers), random.choice(leaders)
        elif draw < 0.84:
            source, target = random.sample(bond, 2)
        else:
            source, target = random.sample(talkers, 2)
        talk.append(Interaction(number, source, target, random.choices(_KINDS, weights=_KIND_WEIGHTS)[0]))
    # In every other session somebody reaches the quiet one.
    if session.number % 2 and any(part is quiet for part in here):
        talk.append(Interaction(len(talk) + 1, leaders[-1], f"m:{quiet.membership.pk}", Kind.LANDING))
    return talk
