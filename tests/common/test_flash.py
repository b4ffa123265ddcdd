"""Messages that can be undone."""

from common.flash import undo_address


def test_only_an_undo_tag_is_an_address() -> None:
    assert undo_address("undo:/groups/1/undo/") == "/groups/1/undo/"
    assert undo_address("success") == ""
    assert undo_address(None) == ""
