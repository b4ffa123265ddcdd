"""Django's PostgreSQL backend, which tells every transaction for whom it is (``common.acting``)."""
