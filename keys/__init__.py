"""The data keys: one a group, one an author, one a client, each wrapped by a key that is not in the database."""
