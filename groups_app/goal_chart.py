"""A member's goals as charts: the points of small pictures and the same numbers as a table (R10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from groups_app.models import GoalRating, MemberGoal, Membership, Side
from groups_app.models.goals import HIGHEST_SCORE

WIDTH, HEIGHT, MARGIN = 320, 96, 8


@dataclass(frozen=True)
class Line:
    """One side's ratings as a line: ``points`` for SVG, and each dot."""

    side: str
    points: str
    dots: list[tuple[float, float]]


@dataclass(frozen=True)
class Row:
    """What was rated on one day; a side that did not rate has nothing."""

    day: date
    member: int | None
    leader: int | None


@dataclass(frozen=True)
class GoalChart:
    """One goal with its picture and its table, the newest day first."""

    goal: MemberGoal
    lines: list[Line]
    rows: list[Row]
    width: int = WIDTH
    height: int = HEIGHT


def charts_of(membership: Membership) -> list[GoalChart]:
    """Return the goals of ``membership``, those that ended last. Two queries."""
    goals = membership.goals.select_related("catalogue").prefetch_related("ratings")
    ordered = sorted(goals, key=lambda goal: (goal.ended_at is not None, goal.position))
    ratings = [rating for goal in ordered for rating in goal.ratings.all()]
    days = [rating.day for rating in ratings]
    span = (min(days), max(days)) if days else None
    return [_chart(goal, list(goal.ratings.all()), span) for goal in ordered]


def _chart(goal: MemberGoal, ratings: Sequence[GoalRating], span: tuple[date, date] | None) -> GoalChart:
    lines = []
    for side in Side:
        dots = [(_x(rating.day, span), _y(rating.score)) for rating in ratings if rating.side == side]
        lines.append(Line(side.value, " ".join(f"{x},{y}" for x, y in dots), dots))
    scores = {(rating.day, rating.side): rating.score for rating in ratings}
    days = sorted({rating.day for rating in ratings}, reverse=True)
    rows = [Row(day, scores.get((day, Side.MEMBER)), scores.get((day, Side.LEADER))) for day in days]
    return GoalChart(goal, lines, rows)


def _x(day: date, span: tuple[date, date] | None) -> float:
    """A single day stands in the middle."""
    days = (span[1] - span[0]).days if span else 0
    share = (day - span[0]).days / days if span and days else 0.5
    return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)


def _y(score: int) -> float:
    return round(HEIGHT - MARGIN - score / HIGHEST_SCORE * (HEIGHT - 2 * MARGIN), 1)
