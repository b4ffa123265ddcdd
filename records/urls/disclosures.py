"""Addresses of what leaves the practice: the ledger, consents, requests for a copy."""

from django.urls import path

from records.views import disclosures, part_2, requests

app_name = "disclosures"

urlpatterns = [
    path("mine/", requests.my_record, name="my_record"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<uuid:pk>/", requests.request_page, name="request"),
    path("requests/<uuid:pk>/more-time/", requests.put_off_page, name="put_off"),
    path("requests/<uuid:pk>/copy/", requests.copy, name="copy"),
    path("clients/<uuid:pk>/", disclosures.ledger, name="ledger"),
    path("clients/<uuid:pk>/new/", disclosures.disclosure_new, name="disclosure_new"),
    path("clients/<uuid:pk>/consents/new/", disclosures.consent_new, name="consent_new"),
    path("clients/<uuid:pk>/request/", disclosures.request_new, name="request_new"),
    path("consents/<uuid:pk>/revoke/", disclosures.consent_revoke, name="consent_revoke"),
    path("part-2/", part_2.part_2, name="part_2"),
]
