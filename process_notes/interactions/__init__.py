"""Who spoke to whom: what is recorded, what follows from it, and how it is drawn. Pure: no database, no page (R38)."""
