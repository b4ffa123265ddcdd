"""What is sent, and stopping it."""

import uuid

from reminders.links import answer_token, feed_token, stop_token
from reminders.models import CalendarFeed
from tests.architecture.permissions.matrix import EVERYBODY, Objects, Row
from tests.architecture.permissions.scene import Scene
from tests.factories.messages import MessageFactory

ROWS = {
    "reminders:deliveries": Row(get="C", shows="group name"),
    "reminders:retry": Row(post="C", of="message"),
    "reminders:account": Row(get="CD", of="colleague", shows="account"),
    "reminders:session": Row(get="C", of="session", shows="group name"),
    "reminders:client": Row(get="C", of="client", shows="contact group name"),
    "reminders:invite": Row(post="C", of="client"),
    "reminders:silence": Row(post="C", of="client"),
    "reminders:lift_silence": Row(post="C", of="client"),
    "reminders:wish": Row(post="C", of="channel", carries="wish"),
    "reminders:clear_trouble": Row(post="C", of="channel"),
    "answers:answer": Row(get=EVERYBODY, post=EVERYBODY, of="answer link"),
    "answers:calendar": Row(get=EVERYBODY, of="answer link"),
    # The provider's signature is the way in; nobody has it.
    "reminders:text_status": Row(of="message"),
    "reminders:text_inbound": Row(),
    "reminders:mail_event": Row(of="provider"),
    "reminders:texts": Row(get="D"),
    "reminders:text": Row(get="D", post="D", of="text"),
    "reminders:text_reset": Row(post="D", of="text"),
    "reminders:notices": Row(get="Mm"),
    "reminders:notices_read": Row(post="Mm"),
    "reminders:feed": Row(get=EVERYBODY, of="feed"),
    "reminders:my_calendar": Row(get="MmTt"),
    "reminders:open_feed": Row(post="MmTt"),
    "reminders:show_in_feed": Row(post="MmTt"),
    "reminders:close_feed": Row(post="MmTt"),
    "reminders:appointment": Row(get="MT", of="session"),
    "reminders:stop": Row(get=EVERYBODY, post=EVERYBODY, of="stop link"),
    "reminders:mailbox": Row(),
    "reminders:mail": Row(of="mail"),
}


def objects(scene: Scene) -> Objects:
    """A message to the member with its links, and a mail that is not there."""
    message = MessageFactory(session=scene.session, membership=scene.membership)
    return {
        "message": {"pk": message.pk},
        "colleague": {"pk": scene.people["T"].pk},
        "answer link": {"token": answer_token(message.pk)},
        "provider": {"provider": "postmark"},
        "text": {"kind": "session", "channel": "email"},
        "feed": {"token": feed_token(CalendarFeed.objects.create(user=scene.people["T"]).pk)},
        "stop link": {"token": stop_token(scene.member.pk)},
        "channel": {"pk": scene.member.pk, "channel": "email"},
        "wish": {"wish": "changes"},
        "mail": {"key": str(uuid.uuid4())},
    }
