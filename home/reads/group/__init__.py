"""A group's page: who is in it, how they came, and what comes next.

``read`` asks the database, ``grid`` lays out sessions by members, ``people`` the members, ``steps`` what is to be done,
``story`` what was; ``page`` puts them together.
"""

from home.reads.group.grid import Column
from home.reads.group.page import GroupPage

__all__ = ["Column", "GroupPage"]
