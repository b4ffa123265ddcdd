"""Addresses of this room."""

from django.urls import path

from records import views

app_name = "records"

urlpatterns = [
    path("", views.imports, name="imports"),
    path("new/", views.new_import, name="new_import"),
    path("<uuid:pk>/", views.import_page, name="import"),
    path("<uuid:pk>/take/", views.take, name="import_take"),
    path("<uuid:pk>/resume/", views.resume, name="import_resume"),
    path("<uuid:pk>/discard/", views.discard, name="import_discard"),
]
