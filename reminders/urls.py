"""Addresses of messages."""

from django.urls import path

from reminders.views import contact, deliveries, feeds, local, mail_events, notices, provider, public, texts

app_name = "reminders"

urlpatterns = [
    path("", deliveries.deliveries, name="deliveries"),
    path("<uuid:pk>/retry/", deliveries.retry, name="retry"),
    path("sessions/<uuid:pk>/", deliveries.session, name="session"),
    path("clients/<uuid:pk>/", deliveries.client, name="client"),
    path("accounts/<uuid:pk>/", deliveries.account, name="account"),
    path("clients/<uuid:pk>/invite/", contact.invite, name="invite"),
    path("clients/<uuid:pk>/silence/", contact.silence, name="silence"),
    path("clients/<uuid:pk>/silence/lift/", contact.lift_silence, name="lift_silence"),
    path("clients/<uuid:pk>/<str:channel>/wish/", contact.wish, name="wish"),
    path("clients/<uuid:pk>/<str:channel>/works/", contact.clear_trouble, name="clear_trouble"),
    path("stop/<str:token>/", public.stop, name="stop"),
    path("texts/status/<uuid:pk>/", provider.text_status, name="text_status"),
    path("texts/inbound/", provider.text_inbound, name="text_inbound"),
    path("mail-events/<str:provider>/", mail_events.mail_event, name="mail_event"),
    path("words/", texts.texts, name="texts"),
    path("words/<str:kind>/<str:channel>/", texts.text, name="text"),
    path("words/<str:kind>/<str:channel>/reset/", texts.text_reset, name="text_reset"),
    path("news/", notices.notices, name="notices"),
    path("news/read/", notices.notices_read, name="notices_read"),
    path("feed/<str:token>/appointments.ics", feeds.feed, name="feed"),
    path("calendar/", feeds.my_calendar, name="my_calendar"),
    path("calendar/open/", feeds.open_feed, name="open_feed"),
    path("calendar/detail/", feeds.show_in_feed, name="show_in_feed"),
    path("calendar/close/", feeds.close_feed, name="close_feed"),
    path("calendar/sessions/<uuid:pk>.ics", feeds.appointment, name="appointment"),
    path("mailbox/", local.mailbox, name="mailbox"),
    path("mailbox/<str:key>/", local.mail, name="mail"),
]
