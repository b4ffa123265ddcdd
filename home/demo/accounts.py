"""The accounts people sign in with to look around. Free of Django: the one-command start prints them."""

from typing import NamedTuple

DEMO_PASSWORD = "circle-of-eight-chairs"  # noqa: S105 (published on purpose; the demo refuses real databases)


class DemoAccount(NamedTuple):
    """How to sign in as one role."""

    role: str
    email: str
    password: str


DEMO_ACCOUNTS = (
    DemoAccount("Therapist", "therapist@kith.example", DEMO_PASSWORD),
    DemoAccount("Coordinator", "coordinator@kith.example", DEMO_PASSWORD),
    DemoAccount("Supervisor", "supervisor@kith.example", DEMO_PASSWORD),
    DemoAccount("Administrator", "administrator@kith.example", DEMO_PASSWORD),
    DemoAccount("Member", "member@kith.example", DEMO_PASSWORD),
)
