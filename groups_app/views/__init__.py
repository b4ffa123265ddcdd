"""Pages and buttons of groups, memberships and agreements."""

from groups_app.views.agreements import agreement_edit, agreements, sign, signed
from groups_app.views.groups import change_state, edit, group_list
from groups_app.views.memberships import accept, decline, pregroup, withdraw

__all__ = [
    "accept",
    "agreement_edit",
    "agreements",
    "change_state",
    "decline",
    "edit",
    "group_list",
    "pregroup",
    "sign",
    "signed",
    "withdraw",
]
