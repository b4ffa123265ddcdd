"""All addresses of the product, one line a room."""

from django.urls import include, path

from common import health

handler500 = "home.errors.server_error"

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("home.urls")),
    path("account/", include("allauth.urls")),
    path("account/", include("practice.urls.accounts")),
    path("practice/", include("practice.urls.administration")),
    path("clients/", include("members.urls")),
    path("groups/", include("groups_app.urls")),
    path("sessions/", include("sessions_log.urls")),
    path("climate/", include("climate.urls")),
    path("process-notes/", include("process_notes.urls")),
    path("matching/", include("matching.urls")),
    path("messages/", include("reminders.urls")),
    path("a/", include("reminders.answer_urls")),
    path("imports/", include("records.urls.imports")),
    path("retention/", include("records.urls.retention")),
    path("disclosures/", include("records.urls.disclosures")),
]
