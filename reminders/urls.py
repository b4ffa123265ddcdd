"""Addresses of messages."""

from django.urls import path

from reminders import views

app_name = "reminders"

urlpatterns = [
    path("", views.deliveries, name="deliveries"),
    path("stop/<str:token>/", views.stop, name="stop"),
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<str:key>/", views.mail, name="mail"),
]
