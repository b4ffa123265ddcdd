"""Front pages, the group's page, search."""

from tests.architecture.permissions.matrix import CLINICAL_DESK, EVERYBODY, MEMBERS, SIGNED_IN, Row

ROWS = {
    "home:front": Row(get=SIGNED_IN),
    "home:today": Row(get="TtS"),
    "home:desk": Row(get="C"),
    "home:member": Row(get=MEMBERS),
    "home:schedule": Row(get=MEMBERS),
    "home:me": Row(get=MEMBERS),
    "home:start_email": Row(post=MEMBERS),
    "home:stop_email": Row(post=MEMBERS),
    "home:crisis": Row(get=EVERYBODY),
    "home:group": Row(get="TSC", of="group"),
    "home:report": Row(get=CLINICAL_DESK),
    "home:report_csv": Row(get=CLINICAL_DESK),
    "home:search": Row(get=CLINICAL_DESK),
    "home:style": Row(),
}
