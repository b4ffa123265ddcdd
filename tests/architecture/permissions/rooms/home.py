"""Front pages, the group's page, search."""

from tests.architecture.permissions.matrix import CLINICAL_DESK, EVERYBODY, MEMBERS, SIGNED_IN, Row

ROWS = {
    "home:front": Row(get=SIGNED_IN),
    "home:today": Row(get="TtS", shows="group"),
    "home:desk": Row(get="C", shows="group"),
    "home:member": Row(get=MEMBERS, shows="name"),
    "home:schedule": Row(get=MEMBERS),
    "home:me": Row(get=MEMBERS, shows="contact name"),
    "home:start_email": Row(post=MEMBERS),
    "home:stop_email": Row(post=MEMBERS),
    "home:crisis": Row(get=EVERYBODY),
    "home:group": Row(get="TSC", of="group", shows="group name reason"),
    "home:report": Row(get=CLINICAL_DESK, shows="group"),
    "home:report_csv": Row(get=CLINICAL_DESK, shows="group"),
    "home:search": Row(get=CLINICAL_DESK),
    "home:style": Row(),
}
