"""Addresses of this room."""

from django.urls import path

from members.views import clients, intake, known, screening, trail, waiting

app_name = "members"

urlpatterns = [
    path("", clients.client_list, name="list"),
    path("new/", clients.new, name="new"),
    path("waiting/", waiting.waiting_list, name="waiting"),
    path("waiting/export/", waiting.export, name="waiting_export"),
    path("waiting/<uuid:pk>/close/", waiting.close, name="waiting_close"),
    path("waiting/<uuid:pk>/resume/", waiting.resume, name="waiting_resume"),
    path("waiting/screening/", screening.ask_waiting, name="screening_ask_waiting"),
    path("screening/", screening.screenings, name="screenings"),
    path("<uuid:pk>/screening/", screening.screen, name="screen"),
    path("<uuid:pk>/screening/ask/", screening.ask, name="screening_ask"),
    path("mine/known/", known.known, name="known"),
    path("mine/known/<uuid:pk>/remove/", known.known_remove, name="known_remove"),
    path("<uuid:pk>/keep-apart/<uuid:pair_pk>/end/", known.keep_apart_end, name="keep_apart_end"),
    path("<uuid:pk>/", clients.detail, name="detail"),
    path("<uuid:pk>/edit/", clients.edit, name="edit"),
    path("<uuid:pk>/consents/", clients.consents, name="consents"),
    path("<uuid:pk>/keep-apart/", clients.keep_apart, name="keep_apart_add"),
    path("mine/trail/", trail.own_trail, name="own_trail"),
    path("<uuid:pk>/trail/", trail.client_trail, name="trail"),
    path("<uuid:pk>/intake/", intake.intake, name="intake"),
]
