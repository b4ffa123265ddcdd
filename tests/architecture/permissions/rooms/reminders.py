"""What is sent, and stopping it."""

import uuid

from reminders.links import stop_token
from tests.architecture.permissions.matrix import EVERYBODY, Objects, Row
from tests.architecture.permissions.scene import Scene

ROWS = {
    "reminders:deliveries": Row(get="C"),
    "reminders:stop": Row(get=EVERYBODY, post=EVERYBODY, of="stop link"),
    "reminders:mailbox": Row(),
    "reminders:mail": Row(of="mail"),
}


def objects(scene: Scene) -> Objects:
    """The member's link to stop mail, and a mail that is not there."""
    return {"stop link": {"token": stop_token(scene.member.pk)}, "mail": {"key": str(uuid.uuid4())}}
