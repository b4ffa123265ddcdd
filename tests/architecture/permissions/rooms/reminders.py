"""What is sent, and stopping it."""

import uuid

from reminders.links import answer_token, stop_token
from tests.architecture.permissions.matrix import EVERYBODY, Objects, Row
from tests.architecture.permissions.scene import Scene
from tests.factories.messages import MessageFactory

ROWS = {
    "reminders:deliveries": Row(get="C"),
    "reminders:retry": Row(post="C", of="message"),
    "reminders:session": Row(get="C", of="session"),
    "reminders:client": Row(get="C", of="client"),
    "reminders:silence": Row(post="C", of="client"),
    "reminders:lift_silence": Row(post="C", of="client"),
    "reminders:wish": Row(post="C", of="channel", carries="wish"),
    "reminders:clear_trouble": Row(post="C", of="channel"),
    "reminders:answer": Row(get=EVERYBODY, post=EVERYBODY, of="answer link"),
    "reminders:answer_calendar": Row(get=EVERYBODY, of="answer link"),
    # The provider's signature is the way in; nobody has it.
    "reminders:text_status": Row(of="message"),
    "reminders:text_inbound": Row(),
    "reminders:stop": Row(get=EVERYBODY, post=EVERYBODY, of="stop link"),
    "reminders:mailbox": Row(),
    "reminders:mail": Row(of="mail"),
}


def objects(scene: Scene) -> Objects:
    """A message to the member with its links, and a mail that is not there."""
    message = MessageFactory(session=scene.session, membership=scene.membership)
    return {
        "message": {"pk": message.pk},
        "answer link": {"token": answer_token(message.pk)},
        "stop link": {"token": stop_token(scene.member.pk)},
        "channel": {"pk": scene.member.pk, "channel": "email"},
        "wish": {"wish": "changes"},
        "mail": {"key": str(uuid.uuid4())},
    }
