"""Addresses of this room, one file an entrance."""
