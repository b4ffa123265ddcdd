"""How a session is called on a page."""

import pytest

from sessions_log.words import whereabouts_of
from tests.factories.groups_app import GroupFactory
from tests.factories.practice import RoomFactory, SiteFactory
from tests.factories.sessions_log import SessionFactory

pytestmark = pytest.mark.django_db


def test_where_a_session_is_names_the_site_once() -> None:
    """A room with its site; online at a site that has rooms; a site that is online."""
    brooklyn = SiteFactory(name="Brooklyn")
    room = RoomFactory(site=brooklyn, name="Room 2")
    in_room = SessionFactory(group=GroupFactory(site=brooklyn, room=room), room=room)
    by_link = SessionFactory(
        group=GroupFactory(site=brooklyn, room=None, online_link="https://meet.example/a"), room=None
    )
    nowhere = SiteFactory(name="Online", is_online=True)
    online = SessionFactory(
        group=GroupFactory(site=nowhere, room=None, online_link="https://meet.example/b"), room=None
    )
    assert [whereabouts_of(one) for one in (in_room, by_link, online)] == [
        "Room 2, Brooklyn",
        "Online, Brooklyn",
        "Online",
    ]
