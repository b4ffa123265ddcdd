"""Pages of this room: imports, retention."""
