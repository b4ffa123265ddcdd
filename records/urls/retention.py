"""Addresses of the pages about how long records are kept."""

from django.urls import path

from records.views import retention

app_name = "retention"

urlpatterns = [
    path("", retention.retention, name="list"),
    path("<uuid:pk>/hold/", retention.hold, name="hold"),
]
