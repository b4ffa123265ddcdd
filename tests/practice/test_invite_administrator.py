"""``manage.py invite_administrator``: the way into an empty practice (R41: accounts by invitation only)."""

import pytest
from django.core.management import CommandError, call_command

from practice.models import Invitation, Role, User

pytestmark = pytest.mark.django_db


def test_makes_an_invited_administrator() -> None:
    call_command("invite_administrator", "ada@example.org", "Ada", "Boyd", verbosity=0)
    person = User.objects.get(email="ada@example.org")
    assert person.roles == [Role.ADMINISTRATOR]
    assert not person.has_usable_password()
    assert Invitation.objects.filter(user=person, created_by=None).count() == 1


def test_twice_is_refused_with_a_sentence() -> None:
    call_command("invite_administrator", "ada@example.org", "Ada", "Boyd", verbosity=0)
    with pytest.raises(CommandError, match=r"ada@example\.org"):
        call_command("invite_administrator", "ada@example.org", "Ada", "Boyd", verbosity=0)
    assert User.objects.filter(email="ada@example.org").count() == 1
