"""Sessions for tests."""

import datetime

import factory

from common.clock import moment
from sessions_log.models import Session, SessionLeader
from tests.factories.groups_app import GroupFactory


class SessionFactory(factory.django.DjangoModelFactory[Session]):
    """The next session of its group, a week after the one before; led by the group's leaders."""

    class Meta:
        model = Session
        skip_postgeneration_save = True

    group = factory.SubFactory(GroupFactory)
    number = factory.LazyAttribute(lambda session: session.group.sessions.count() + 1)
    local_day = factory.LazyAttribute(
        lambda session: session.group.first_day + datetime.timedelta(weeks=session.number - 1)
    )
    local_time = factory.LazyAttribute(lambda session: session.group.start_time)
    minutes = factory.LazyAttribute(lambda session: session.group.minutes)
    zone = factory.LazyAttribute(lambda session: session.group.site.zone)
    starts_at = factory.LazyAttribute(lambda session: moment(session.local_day, session.local_time, session.zone))
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + datetime.timedelta(minutes=session.minutes))
    room = factory.LazyAttribute(lambda session: session.group.room)
    online_link = factory.LazyAttribute(lambda session: session.group.online_link)

    @factory.post_generation
    def leaders(session: Session, create: bool, extracted: object, **kwargs: object) -> None:  # noqa: N805
        for leader in session.group.leaders.filter(until__isnull=True):
            SessionLeader.objects.create(
                session=session, user_id=leader.user_id, position=leader.position, busy=session.span
            )
