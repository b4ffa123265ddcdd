"""Whether the practice is well."""

from tests.architecture.permissions.matrix import EVERYBODY, Row

ROWS = {
    "healthz": Row(get=EVERYBODY),
    "readyz": Row(get=EVERYBODY),
}
