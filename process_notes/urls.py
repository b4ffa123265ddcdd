"""Addresses of psychotherapy notes: one's own, a session's map, what is shared."""

from django.urls import path

from process_notes import views

app_name = "process_notes"

urlpatterns = [
    path("", views.mine, name="mine"),
    path("sessions/<uuid:pk>/", views.session, name="session"),
    path("sessions/<uuid:pk>/share/", views.share, name="share"),
    path("sessions/<uuid:pk>/map/", views.map_page, name="map"),
    path("sessions/<uuid:pk>/map/undo/", views.map_undo, name="map_undo"),
    path("groups/<uuid:pk>/map/", views.group_map, name="group_map"),
    path("shares/<uuid:pk>/", views.shared, name="shared"),
    path("shares/<uuid:pk>/end/", views.end, name="end"),
]
