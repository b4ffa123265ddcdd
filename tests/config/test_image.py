"""What goes into the image of a container."""

from pathlib import Path

from django.conf import settings


def test_every_room_goes_into_the_image() -> None:
    """``.dockerignore`` lets in by name; a room that it forgot is missing in production only."""
    let_in = set((settings.BASE_DIR / ".dockerignore").read_text().splitlines())
    rooms = {app for app in settings.INSTALLED_APPS if (Path(settings.BASE_DIR) / app).is_dir()}
    assert {f"!{room}" for room in rooms} <= let_in
