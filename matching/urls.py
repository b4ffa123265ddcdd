"""Addresses of matching."""

from django.urls import path

from matching import views

app_name = "matching"

urlpatterns = [
    path("", views.board, name="board"),
    path("<uuid:pk>/", views.group, name="group"),
    path("<uuid:pk>/propose/<uuid:client_pk>/", views.propose, name="propose"),
    path("proposals/<uuid:pk>/take-back/", views.take_back, name="take_back"),
]
