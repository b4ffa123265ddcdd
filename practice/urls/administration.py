"""Addresses of the practice's administration."""

from django.urls import path

from practice.views import organization, people, supervision

app_name = "practice"

urlpatterns = [
    path("", organization.settings, name="settings"),
    path("policy/", organization.policy, name="policy"),
    path("sites/", organization.sites, name="sites"),
    path("sites/new/", organization.site_new, name="site_new"),
    path("sites/<uuid:pk>/", organization.site, name="site"),
    path("sites/<uuid:pk>/rooms/new/", organization.room_new, name="room_new"),
    path("rooms/<uuid:pk>/", organization.room, name="room"),
    path("closures/", organization.closures, name="closures"),
    path("closures/new/", organization.closure_new, name="closure_new"),
    path("closures/<uuid:pk>/delete/", organization.closure_delete, name="closure_delete"),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<uuid:pk>/", people.person, name="person"),
    path("people/<uuid:pk>/trail/", people.person_trail, name="person_trail"),
    path("people/<uuid:pk>/invite/", people.person_invite, name="person_invite"),
    path("people/<uuid:pk>/deactivate/", people.person_deactivate, name="person_deactivate"),
    path("people/<uuid:pk>/reactivate/", people.person_reactivate, name="person_reactivate"),
    path("people/<uuid:pk>/sign-out/", people.person_sign_out, name="person_sign_out"),
    path("people/<uuid:pk>/supervisors/", supervision.begin, name="supervision_begin"),
    path("supervisions/<uuid:pk>/end/", supervision.end, name="supervision_end"),
    path("people/<uuid:pk>/licenses/new/", people.license_new, name="license_new"),
    path("licenses/<uuid:pk>/", people.license_edit, name="license"),
    path("licenses/<uuid:pk>/delete/", people.license_delete, name="license_delete"),
]
