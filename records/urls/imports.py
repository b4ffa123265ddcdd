"""Addresses of this room."""

from django.urls import path

from records.views import imports

app_name = "records"

urlpatterns = [
    path("", imports.imports, name="imports"),
    path("new/", imports.new_import, name="new_import"),
    path("<uuid:pk>/", imports.import_page, name="import"),
    path("<uuid:pk>/take/", imports.take, name="import_take"),
    path("<uuid:pk>/resume/", imports.resume, name="import_resume"),
    path("<uuid:pk>/discard/", imports.discard, name="import_discard"),
]
