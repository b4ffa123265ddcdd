"""Addresses of groups, memberships and agreements. A group's own page, which reads across, is ``home:group``."""

from django.urls import path

from groups_app import views

app_name = "groups_app"

urlpatterns = [
    path("", views.group_list, name="list"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/state/", views.change_state, name="change_state"),
    path("<uuid:pk>/call-off/", views.call_off, name="call_off"),
    path("<uuid:pk>/step-back/", views.take_step_back, name="take_step_back"),
    path("<uuid:pk>/ending/<uuid:item>/", views.ending_check, name="ending_check"),
    path("<uuid:pk>/conflicts/<uuid:client_pk>/", views.conflict, name="conflict"),
    path("<uuid:pk>/composition/", views.composition, name="composition"),
    path("<uuid:pk>/agreement/", views.agreement, name="agreement"),
    path("<uuid:pk>/agreement/edit/", views.agreement_edit, name="agreement_edit"),
    path("<uuid:pk>/agreement/<int:number>/", views.agreement_version, name="agreement_version"),
    path("<uuid:pk>/door/close/", views.close_door, name="close_door"),
    path("notices/<uuid:pk>/seen/", views.see_notice, name="see_notice"),
    path("memberships/<uuid:pk>/", views.membership, name="membership"),
    path("memberships/<uuid:pk>/stay/", views.take_notice_back, name="take_notice_back"),
    path("memberships/<uuid:pk>/follow-up/", views.follow_up, name="follow_up"),
    path("memberships/<uuid:pk>/accept/", views.accept, name="accept"),
    path("memberships/<uuid:pk>/decline/", views.decline, name="decline"),
    path("memberships/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("memberships/<uuid:pk>/meeting/", views.pregroup, name="pregroup"),
    path("goals/", views.my_goals, name="my_goals"),
    path("memberships/<uuid:pk>/goals/", views.goals, name="goals"),
    path("memberships/<uuid:pk>/goals/add/", views.goal_add, name="goal_add"),
    path("memberships/<uuid:pk>/goals/<uuid:goal_pk>/end/", views.goal_end, name="goal_end"),
    path("memberships/<uuid:pk>/paper/", views.paper, name="paper"),
    path("course/", views.course, name="course"),
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/template/", views.template_edit, name="template_edit"),
    path("agreements/check/", views.check_copy, name="check_copy"),
    path("agreements/<uuid:pk>/sign/", views.sign, name="sign"),
    path("agreements/<uuid:pk>/sign/<int:position>/", views.sign_clause, name="sign_clause"),
    path("agreements/<uuid:pk>/sign/finish/", views.sign_finish, name="sign_finish"),
    path("agreements/signed/<uuid:pk>/", views.signed, name="signed"),
    path("agreements/signed/<uuid:pk>/copy/", views.signed_pdf, name="signed_pdf"),
    path("agreements/signed/<uuid:pk>/scan/", views.scan, name="scan"),
    path("agreements/signed/<uuid:pk>/withdraw/", views.withdraw_signature, name="withdraw_signature"),
]
