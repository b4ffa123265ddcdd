"""Imports, holds, what leaves the practice."""

import datetime

from common.clock import now
from groups_app.models import Membership
from records.models import (
    ClientImport,
    Disclosure,
    DisclosureConsent,
    ImportRow,
    ImportState,
    LegalBasis,
    LegalHold,
    RecordRequest,
    RowVerdict,
)
from tests.architecture.permissions.matrix import MEMBERS, Objects, Row
from tests.architecture.permissions.scene import Scene
from tests.architecture.permissions.words import word

DAY = datetime.date(2026, 1, 5)

ROWS = {
    "records:imports": Row(get="C"),
    "records:new_import": Row(get="C", post="C"),
    "records:import": Row(get="C", of="import", shows="import"),
    "records:import_take": Row(post="C", of="import"),
    "records:import_resume": Row(post="C", of="import"),
    "records:import_discard": Row(post="C", of="import"),
    "retention:list": Row(get="S", shows="hold name"),
    "retention:hold": Row(get="S", post="S", of="client", shows="hold name"),
    "disclosures:my_record": Row(get=MEMBERS, post=MEMBERS, shows="disclosure"),
    "disclosures:requests": Row(get="TtSC", shows="name"),
    "disclosures:request": Row(get="TSC", post="TS", of="request", shows="name"),
    "disclosures:put_off": Row(get="TS", post="TS", of="request", shows="name"),
    "disclosures:copy": Row(get="TM", of="request", shows="agreement contact goal group name note signature"),
    "disclosures:ledger": Row(get="TSC", of="client", shows="disclosure name"),
    "disclosures:disclosure_new": Row(get="TSC", post="TSC", of="client", shows="disclosure name"),
    "disclosures:consent_new": Row(get="TSC", post="TSC", of="client", shows="name"),
    "disclosures:request_new": Row(post="TSC", of="client"),
    "disclosures:consent_revoke": Row(post="TSC", of="consent"),
    "disclosures:part_2": Row(get="D", post="D"),
}


def objects(scene: Scene) -> Objects:
    """A checked import, a hold on the records of everybody, what left of each; of the member, a copy handed over."""
    consents = {
        whose: _disclosed(membership, whose)
        for whose, membership in (("member", scene.membership), ("fellow", scene.fellow), ("there", scene.elsewhere))
    }
    leader = scene.people["T"]
    asked = RecordRequest.objects.create(
        client=scene.member,
        asked_on=DAY,
        due_on=DAY,
        recorded_by=leader,
        fulfilled_at=scene.session.starts_at,
        fulfilled_by=leader,
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
    return {"import": {"pk": batch.pk}, "request": {"pk": asked.pk}, "consent": {"pk": consents["member"].pk}}


def _disclosed(membership: Membership, whose: str) -> DisclosureConsent:
    """What left the practice about somebody, by a consent, and a copy that was put off."""
    client, leader, words = membership.client, membership.group.leaders.get().user, word("disclosure", whose)
    said = {"client": client, "recipient": words, "content": words, "purpose": words}
    consent = DisclosureConsent.objects.create(
        signed_on=DAY, expires_on=datetime.date(2099, 1, 5), recorded_by=leader, **said
    )
    Disclosure.objects.create(made_on=DAY, basis=LegalBasis.AUTHORIZATION, consent=consent, entered_by=leader, **said)
    RecordRequest.objects.create(
        client=client,
        asked_on=DAY,
        due_on=DAY,
        recorded_by=leader,
        extended_to=DAY + datetime.timedelta(days=30),
        extended_on=DAY,
        extended_by=leader,
        extension_reason=words,
    )
    return consent
