"""Addresses of messages."""

from django.urls import path

from reminders.views import contact, deliveries, local, provider, public

app_name = "reminders"

urlpatterns = [
    path("", deliveries.deliveries, name="deliveries"),
    path("<uuid:pk>/retry/", deliveries.retry, name="retry"),
    path("sessions/<uuid:pk>/", deliveries.session, name="session"),
    path("clients/<uuid:pk>/", deliveries.client, name="client"),
    path("clients/<uuid:pk>/silence/", contact.silence, name="silence"),
    path("clients/<uuid:pk>/silence/lift/", contact.lift_silence, name="lift_silence"),
    path("clients/<uuid:pk>/<str:channel>/wish/", contact.wish, name="wish"),
    path("clients/<uuid:pk>/<str:channel>/works/", contact.clear_trouble, name="clear_trouble"),
    path("stop/<str:token>/", public.stop, name="stop"),
    # Short: a text message has 160 signs for everything.
    path("a/<str:token>/", public.answer, name="answer"),
    path("a/<str:token>/appointment.ics", public.answer_calendar, name="answer_calendar"),
    path("texts/status/<uuid:pk>/", provider.text_status, name="text_status"),
    path("texts/inbound/", provider.text_inbound, name="text_inbound"),
    path("mailbox/", local.mailbox, name="mailbox"),
    path("mailbox/<str:key>/", local.mail, name="mail"),
]
