"""Front pages, the group's page, search."""

from datetime import timedelta

from common.clock import now
from members.models import EmergencyAccess, EmergencyNotice
from tests.architecture.permissions.matrix import CLINICAL_DESK, EVERYBODY, MEMBERS, SIGNED_IN, Objects, Row
from tests.architecture.permissions.scene import Scene
from tests.factories.members import ClientFactory

ROWS = {
    "home:front": Row(get=SIGNED_IN),
    "home:today": Row(get="TtS", shows="group"),
    "home:desk": Row(get="C", shows="group"),
    "home:member": Row(get=MEMBERS, shows="name"),
    "home:schedule": Row(get=MEMBERS),
    "home:me": Row(get=MEMBERS, shows="contact name"),
    "home:reach": Row(post=MEMBERS, of="way"),
    "home:crisis": Row(get=EVERYBODY),
    "home:group": Row(get="TSC", of="group", shows="group name reason"),
    "home:report": Row(get=CLINICAL_DESK, shows="group"),
    "home:report_csv": Row(get=CLINICAL_DESK, shows="group"),
    "home:search": Row(get=CLINICAL_DESK),
    "home:style": Row(),
    "home:emergency": Row(get="TtS", post="TtS"),
    "home:emergency_open": Row(post="TtS"),
    "home:emergency_chart": Row(get="t", of="emergency"),
    "home:emergency_close": Row(post="t", of="emergency"),
    "home:emergency_notice": Row(get="C", post="C", of="emergency notice"),
    "home:emergency_reviews": Row(get="S"),
    "home:emergency_review": Row(get="S", post="S", of="emergency"),
}


def objects(scene: Scene) -> Objects:
    """A way to be written to; the record of somebody in no group, opened by the other group's therapist."""
    access = EmergencyAccess.objects.create(
        client=ClientFactory(),
        by=scene.people["t"],
        reason="Asks for help on the phone.",
        opened_at=now(),
        closes_at=now() + timedelta(hours=1),
    )
    notice = EmergencyNotice.objects.create(access=access, user=scene.people["C"])
    return {
        "way": {"channel": "email", "choice": "all"},
        "emergency": {"pk": access.pk},
        "emergency notice": {"pk": notice.pk},
    }
