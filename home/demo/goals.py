"""Goals of the demo practice's members, and how near they came, in their eyes and a leader's."""

from collections.abc import Sequence
from datetime import date

from groups_app.models import GoalRating, MemberGoal, Membership, PregroupMeeting, Side
from groups_app.models.goals import HIGHEST_SCORE
from home.demo import texts
from home.demo.scene import Scene
from practice.models import User

_WORDS = (
    "Say it when it hurts",
    "Ask for something",
    "Take up space",
    "Say no without an apology",
    "Let somebody be close",
    "Stay when it gets difficult",
)
_BETWEEN = 3  # sessions from one rating to the next
_MOST_RATINGS = 4  # of the last sessions


def add_goals(scene: Scene, membership: Membership, days: Sequence[date], *, lead: User) -> list[str]:
    """Give a member two goals, rated by both sides every third session, the last few times; return their words."""
    random = scene.random
    past = [day for day in days if day < scene.today and (membership.ends_on is None or day <= membership.ends_on)]
    chosen = random.sample(_WORDS, 2)
    for position, words in enumerate(chosen, start=1):
        goal = MemberGoal(
            id=scene.keys.next("goal"),
            created_at=membership.created_at,
            membership=membership,
            words=words,
            position=position,
            set_by=lead,
        )
        scene.sink.add(goal)
        score = random.randint(1, 4)
        for day in past[::_BETWEEN][-_MOST_RATINGS:]:
            score = max(1, min(HIGHEST_SCORE, score + random.choice((-1, 0, 1, 1, 2))))
            for side, by in ((Side.MEMBER, membership.client.user), (Side.LEADER, lead)):
                scene.sink.add(
                    GoalRating(
                        id=scene.keys.next("goal rating"),
                        created_at=scene.on(day, 21),
                        goal=goal,
                        side=side,
                        score=score - (side == Side.MEMBER and random.random() < 0.4),
                        day=day,
                        by=by,
                    )
                )
    return chosen


def add_meeting(scene: Scene, membership: Membership, goals: Sequence[str], *, by: User) -> None:
    """Record what came of the meeting before the group (R25)."""
    assert membership.pregroup_met_on is not None  # noqa: S101 (whoever is a member was met)
    scene.sink.add(
        PregroupMeeting(
            id=scene.keys.next("meeting"),
            created_at=scene.on(membership.pregroup_met_on, 17),
            membership=membership,
            held_on=membership.pregroup_met_on,
            goals="\n".join(goals),
            inventory=texts.PEOPLE_WHO_MATTER[(membership.seat or 0) % len(texts.PEOPLE_WHO_MATTER)],
            contract_explained=True,
            recorded_by=by,
        )
    )
