"""Messages for tests."""

import datetime

import factory

from members.models import Channel
from reminders.models import Message, MessageState
from tests.factories.groups_app import MembershipFactory
from tests.factories.sessions_log import SessionFactory


class MessageFactory(factory.django.DjangoModelFactory[Message]):
    """A reminder by e-mail two days before ``session``, sent when it was due, to a new member unless told otherwise."""

    class Meta:
        model = Message

    session = factory.SubFactory(SessionFactory)
    membership = factory.SubFactory(MembershipFactory, group=factory.SelfAttribute("..session.group"))
    client = factory.SelfAttribute("membership.client")
    subject_id = factory.SelfAttribute("session.pk")
    version = factory.SelfAttribute("session.schedule_version")
    channel = Channel.EMAIL
    lead_hours = 48
    due_at = factory.LazyAttribute(lambda message: message.session.starts_at - datetime.timedelta(hours=48))
    useful_until = factory.SelfAttribute("session.starts_at")
    state = MessageState.SENT
    sent_at = factory.LazyAttribute(lambda message: message.due_at if message.state == MessageState.SENT else None)
