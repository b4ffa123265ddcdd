"""The front pages, one module each."""
