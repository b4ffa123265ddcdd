"""Addresses of check-ins."""

from django.urls import path

from climate import views

app_name = "climate"

urlpatterns = [
    path("sessions/<uuid:pk>/", views.check_in, name="check_in"),
    path("groups/<uuid:pk>/", views.group, name="group"),
]
