"""Finding clients and groups by name, among what a person may see."""

from dataclasses import dataclass

from django.db.models import Q

from common.names import sort_key
from groups_app.models import Group
from members.models import Client
from practice.models import User

MOST_HITS = 20
SHORTEST = 2


@dataclass(frozen=True)
class Hits:
    """What was found; ``is_too_short`` says that nothing was looked for."""

    clients: list[Client]
    groups: list[Group]
    is_too_short: bool = False


def search_for(words: str, user: User) -> Hits:
    """Return clients and groups whose names contain every one of ``words``; two queries."""
    parts = [part for part in sort_key(words.replace("\x00", " ")).split() if part]
    if sum(len(part) for part in parts) < SHORTEST:
        return Hits([], [], is_too_short=True)
    clients = Client.objects.visible_to(user).select_related("site")
    groups = Group.objects.visible_to(user).select_related("site")
    for part in parts:
        # The sort key holds first and last name without case and accents.
        clients = clients.filter(Q(sort_key__contains=part) | Q(preferred_name__icontains=part))
        groups = groups.filter(name__icontains=part)
    return Hits(
        list(clients.order_by("sort_key", "id")[:MOST_HITS]),
        list(groups.order_by("name")[:MOST_HITS]),
    )
