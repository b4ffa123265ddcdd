"""Accounts, people, sites, rooms, closures, policy."""

from allauth.usersessions.models import UserSession

from practice.services import invitation_token, invite
from tests.architecture.permissions.matrix import EVERYBODY, SIGNED_IN, Objects, Row
from tests.architecture.permissions.scene import Scene
from tests.factories.practice import ClosureFactory, UserFactory

ROWS = {
    "accounts:accept_invitation": Row(get=EVERYBODY, post=EVERYBODY, of="invitation"),
    "accounts:session": Row(get=EVERYBODY),
    "accounts:stay": Row(post=f"{SIGNED_IN}X"),
    "accounts:unlock": Row(get=f"{SIGNED_IN}X", post=f"{SIGNED_IN}X", shows="name"),
    "accounts:session_end": Row(post="T", of="device"),
    "practice:settings": Row(get="D", post="D"),
    "practice:policy": Row(get="D", post="D"),
    "practice:sites": Row(get="D"),
    "practice:site_new": Row(get="D", post="D"),
    "practice:site": Row(get="D", post="D", of="site"),
    "practice:room_new": Row(get="D", post="D", of="site"),
    "practice:room": Row(get="D", post="D", of="room"),
    "practice:closures": Row(get="D"),
    "practice:closure_new": Row(get="D", post="D"),
    "practice:closure_delete": Row(post="D", of="closure"),
    "practice:people": Row(get="D"),
    "practice:person_new": Row(get="D", post="D"),
    "practice:person": Row(get="D", post="D", of="person", shows="account"),
    "practice:person_trail": Row(get="D", of="person"),
    "practice:person_invite": Row(post="D", of="person"),
    "practice:person_deactivate": Row(get="D", post="D", of="person"),
    "practice:person_reactivate": Row(post="D", of="person"),
    "practice:person_sign_out": Row(post="D", of="person"),
    "practice:supervision_begin": Row(post="D", of="person", carries="supervisor"),
    "practice:supervision_end": Row(post="D", of="supervision"),
    "practice:license_new": Row(get="D", post="D", of="person"),
    "practice:license": Row(get="D", post="D", of="license"),
    "practice:license_delete": Row(post="D", of="license"),
}


def objects(scene: Scene) -> Objects:
    """The group's site and what else an administrator keeps."""
    leader = scene.people["T"]
    return {
        "site": {"pk": scene.group.site_id},
        "room": {"pk": scene.group.room_id},
        "closure": {"pk": ClosureFactory(first_day="2098-01-01", last_day="2098-01-01").pk},
        "person": {"pk": leader.pk},
        "device": {"pk": UserSession.objects.create(user=leader, session_key="elsewhere", ip="127.0.0.1").pk},
        "supervisor": {"supervisor": scene.people["S"].pk},
        "supervision": {"pk": leader.supervised_by.get().pk},
        "license": {"pk": leader.licenses.get().pk},
        "invitation": {"token": invitation_token(invite(user=UserFactory(password=None), by=None))},
    }
