"""Check-ins after a session, and a group's climate."""

from tests.architecture.permissions.matrix import Row

ROWS = {
    "climate:check_in": Row(get="M", post="M", of="session"),
    "climate:group": Row(get="TS", of="group", shows="group"),
}
