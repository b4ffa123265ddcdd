"""Addresses in messages: short, because a text message has 160 signs for everything."""

from django.urls import path

from reminders.views import public

app_name = "answers"

urlpatterns = [
    path("<str:token>", public.answer, name="answer"),
    path("<str:token>/appointment.ics", public.answer_calendar, name="calendar"),
]
