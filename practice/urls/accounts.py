"""Addresses around signing in that allauth does not have."""

from django.urls import path

from practice.views import devices, invitations, unlocking

app_name = "accounts"

urlpatterns = [
    path("invitation/<str:token>/", invitations.accept_invitation, name="accept_invitation"),
    path("session/", unlocking.session, name="session"),
    path("session/stay/", unlocking.stay, name="stay"),
    path("unlock/", unlocking.unlock, name="unlock"),
    path("sessions/<int:pk>/end/", devices.end, name="session_end"),
]
