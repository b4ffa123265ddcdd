"""Imports."""

from common.clock import now
from records.models import ClientImport, ImportRow, ImportState, LegalHold, RowVerdict
from tests.architecture.permissions.matrix import Objects, Row
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
}


def objects(scene: Scene) -> Objects:
    """A checked import, and a hold on the records of everybody."""
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
    return {"import": {"pk": batch.pk}}
