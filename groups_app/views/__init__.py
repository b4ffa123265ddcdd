"""Pages and buttons of groups, memberships and agreements."""

from groups_app.views.agreements import agreement, agreement_edit, agreement_version, paper, template_edit
from groups_app.views.composition import composition
from groups_app.views.conflicts import conflict
from groups_app.views.copies import check_copy, scan, signed_pdf, withdraw_signature
from groups_app.views.course import course
from groups_app.views.goals import goal_add, goal_end, goals, my_goals
from groups_app.views.groups import edit, group_list
from groups_app.views.leaving import close_door, follow_up, see_notice, take_notice_back
from groups_app.views.lifecycle import call_off, change_state, ending_check, take_step_back
from groups_app.views.meetings import pregroup
from groups_app.views.membership import membership
from groups_app.views.memberships import accept, decline, withdraw
from groups_app.views.signing import agreements, sign, sign_clause, sign_finish, signed

__all__ = [
    "accept",
    "agreement",
    "agreement_edit",
    "agreement_version",
    "agreements",
    "call_off",
    "change_state",
    "check_copy",
    "close_door",
    "composition",
    "conflict",
    "course",
    "decline",
    "edit",
    "ending_check",
    "follow_up",
    "goal_add",
    "goal_end",
    "goals",
    "group_list",
    "membership",
    "my_goals",
    "paper",
    "pregroup",
    "scan",
    "see_notice",
    "sign",
    "sign_clause",
    "sign_finish",
    "signed",
    "signed_pdf",
    "take_notice_back",
    "take_step_back",
    "template_edit",
    "withdraw",
    "withdraw_signature",
]
