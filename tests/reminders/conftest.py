"""A real mail server that keeps what it was given, and a member who is to be reminded."""

from collections.abc import Iterator
from typing import Any

import pytest

from groups_app.models import Membership
from practice.models import Practice
from sessions_log.models import Session
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.members import ClientFactory, ConsentFactory
from tests.factories.practice import TherapistFactory
from tests.factories.sessions_log import SessionFactory
from tests.mail_server import MailServer, running_mail_server


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A mail server on a free port, used by everything that sends."""
    with running_mail_server() as mail_server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = mail_server.port
        yield mail_server


@pytest.fixture
def named_practice(db: None) -> Practice:
    """The practice as messages name it."""
    practice = Practice.objects.current()
    practice.name, practice.phone = "Hudson Practice", "718-555-0199"
    practice.save()
    return practice


@pytest.fixture
def session(named_practice: Practice) -> Session:
    """Tuesday, November 24, 2026, 6:00 PM in New York (23:00 UTC), led by Dana Whitfield."""
    leader = TherapistFactory(first_name="Dana", last_name="Whitfield")
    return SessionFactory(group=GroupFactory(name="Thursday circle of trust", leaders=[leader]))


@pytest.fixture
def membership(session: Session) -> Membership:
    """Imani, who attends and consents to e-mail."""
    client = ClientFactory(first_name="Imani", last_name="Abara", email="imani@mail.example")
    ConsentFactory(client=client)
    return MembershipFactory(group=session.group, client=client)
