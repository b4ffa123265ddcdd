"""Imports, holds, what leaves the practice."""

import datetime

from common.clock import now
from records.models import (
    ClientImport,
    DisclosureConsent,
    ImportRow,
    ImportState,
    LegalHold,
    RecordRequest,
    RowVerdict,
)
from tests.architecture.permissions.matrix import MEMBERS, Objects, Row
from tests.architecture.permissions.scene import Scene
from tests.architecture.permissions.words import word

ROWS = {
    "records:imports": Row(get="C"),
    "records:new_import": Row(get="C", post="C"),
    "records:import": Row(get="C", of="import", shows="import"),
    "records:import_take": Row(post="C", of="import"),
    "records:import_resume": Row(post="C", of="import"),
    "records:import_discard": Row(post="C", of="import"),
    "retention:list": Row(get="S", shows="hold name"),
    "retention:hold": Row(get="S", post="S", of="client", shows="hold name"),
    "disclosures:my_record": Row(get=MEMBERS, post=MEMBERS),
    "disclosures:requests": Row(get="TtS"),
    "disclosures:request": Row(get="TS", post="TS", of="request", shows="name"),
    "disclosures:copy": Row(get="TM", of="request"),
    "disclosures:ledger": Row(get="TS", of="client", shows="name"),
    "disclosures:disclosure_new": Row(get="TS", post="TS", of="client", shows="name"),
    "disclosures:consent_new": Row(get="TS", post="TS", of="client", shows="name"),
    "disclosures:request_new": Row(post="TS", of="client"),
    "disclosures:consent_revoke": Row(post="TS", of="consent"),
}


def objects(scene: Scene) -> Objects:
    """A checked import, a hold on the records of everybody; of the member, a copy handed over and a consent."""
    day = datetime.date(2026, 1, 5)
    by = {"client": scene.member, "recorded_by": scene.people["T"]}
    asked = RecordRequest.objects.create(
        asked_on=day, due_on=day, fulfilled_at=scene.session.starts_at, fulfilled_by=scene.people["T"], **by
    )
    consent = DisclosureConsent.objects.create(
        recipient="x", content="x", purpose="x", signed_on=day, expires_on=datetime.date(2099, 1, 5), **by
    )
    batch = ClientImport.objects.create(
        uploaded_by=scene.people["C"], file_name="a.csv", content=b"", state=ImportState.CHECKED
    )
    ImportRow.objects.create(
        batch=batch,
        line=2,
        label=word("import", "desk"),
        verdict=RowVerdict.BAD,
        problems=[{"column": "Date of birth", "reason": word("import", "desk")}],
    )
    for whose, membership in (("member", scene.membership), ("fellow", scene.fellow), ("there", scene.elsewhere)):
        LegalHold.objects.create(
            client=membership.client, reason=word("hold", whose), placed_by=scene.people["S"], placed_at=now()
        )
    return {"import": {"pk": batch.pk}, "request": {"pk": asked.pk}, "consent": {"pk": consent.pk}}
