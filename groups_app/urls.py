"""Addresses of groups, memberships and agreements. A group's own page, which reads across, is ``home:group``."""

from django.urls import path

from groups_app import views

app_name = "groups_app"

urlpatterns = [
    path("", views.group_list, name="list"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/state/", views.change_state, name="change_state"),
    path("<uuid:pk>/agreement/", views.agreement_edit, name="agreement_edit"),
    path("memberships/<uuid:pk>/accept/", views.accept, name="accept"),
    path("memberships/<uuid:pk>/decline/", views.decline, name="decline"),
    path("memberships/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("memberships/<uuid:pk>/meeting/", views.pregroup, name="pregroup"),
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/<uuid:pk>/sign/", views.sign, name="sign"),
    path("agreements/signed/<uuid:pk>/", views.signed, name="signed"),
]
