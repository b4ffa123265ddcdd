"""Addresses for taking over an account."""

from django.urls import path

from practice.views import invitations

app_name = "accounts"

urlpatterns = [
    path("invitation/<str:token>/", invitations.accept_invitation, name="accept_invitation"),
]
