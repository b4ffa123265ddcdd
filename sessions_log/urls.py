"""Addresses of sessions: the calendar, one session, unsigned notes, and a member's word that they cannot come."""

from django.urls import path

from sessions_log import views

app_name = "sessions_log"

urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("agenda/", views.agenda, name="agenda"),
    path("new-group/", views.new_group, name="new_group"),
    path("notes/", views.notes, name="notes"),
    path("<uuid:pk>/", views.session, name="session"),
    path("<uuid:pk>/move/", views.move, name="move"),
    path("<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("<uuid:pk>/absence/", views.absence, name="absence"),
    path("<uuid:pk>/absence/withdraw/", views.absence_withdraw, name="absence_withdraw"),
]
