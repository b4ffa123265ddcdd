"""Imports."""

from records.models import ClientImport, ImportState
from tests.architecture.permissions.matrix import Objects, Row
from tests.architecture.permissions.scene import Scene

ROWS = {
    "records:imports": Row(get="C"),
    "records:new_import": Row(get="C", post="C"),
    "records:import": Row(get="C", of="import"),
    "records:import_take": Row(post="C", of="import"),
    "records:import_resume": Row(post="C", of="import"),
    "records:import_discard": Row(post="C", of="import"),
    "retention:list": Row(get="S"),
    "retention:hold": Row(get="S", post="S", of="client"),
}


def objects(scene: Scene) -> Objects:
    """A checked import."""
    batch = ClientImport.objects.create(
        uploaded_by=scene.people["C"], file_name="a.csv", content=b"", state=ImportState.CHECKED
    )
    return {"import": {"pk": batch.pk}}
