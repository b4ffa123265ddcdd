"""The trail: who did or read what, when and from where; it can be added to and read, never changed (R42)."""
