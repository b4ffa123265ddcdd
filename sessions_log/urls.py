"""Addresses of sessions: the calendar, one session, unsigned notes, and a member's word that they cannot come."""

from django.urls import path

from sessions_log import views

app_name = "sessions_log"

urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("month/", views.month, name="month"),
    path("agenda/", views.agenda, name="agenda"),
    path("find-a-time/", views.find_time, name="find_time"),
    path("to-settle/", views.attention, name="attention"),
    path("to-settle/<uuid:pk>/skip/", views.skip_taken, name="skip_taken"),
    path("groups/<uuid:pk>/extra/", views.extra, name="extra"),
    path("new-group/", views.new_group, name="new_group"),
    path("billing/", views.billing, name="billing"),
    path("billing/csv/", views.billing_csv, name="billing_csv"),
    path("notes/", views.notes, name="notes"),
    path("notes/writing/", views.writing, name="writing"),
    path("notes/snippets/", views.snippets, name="snippets"),
    path("notes/snippets/<uuid:pk>/delete/", views.snippet_delete, name="snippet_delete"),
    path("members/<uuid:pk>/", views.member_notes, name="member_notes"),
    path("members/<uuid:pk>/asked/", views.ask_after, name="ask_after"),
    path("members/<uuid:pk>/asked/<uuid:asked>/undo/", views.ask_after_undo, name="ask_after_undo"),
    path("door/<uuid:pk>/", views.door, name="door"),
    path("leaving/<uuid:pk>/", views.notice, name="notice"),
    path("<uuid:pk>/", views.session, name="session"),
    path("<uuid:pk>/draft/", views.draft, name="draft"),
    path("<uuid:pk>/attendance/undo/", views.attendance_undo, name="attendance_undo"),
    path("<uuid:pk>/co-sign/", views.cosign, name="cosign"),
    path("<uuid:pk>/addendum/", views.addendum, name="addendum"),
    path("<uuid:pk>/record.pdf", views.note_pdf, name="note_pdf"),
    path("<uuid:pk>/move/", views.move, name="move"),
    path("<uuid:pk>/sheet/", views.sheet, name="sheet"),
    path("<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("<uuid:pk>/restore/", views.restore, name="restore"),
    path("<uuid:pk>/stand-in/", views.stand_in, name="stand_in"),
    path("<uuid:pk>/move-out/", views.move_out, name="move_out"),
    path("<uuid:pk>/absence/", views.absence, name="absence"),
    path("<uuid:pk>/absence/withdraw/", views.absence_withdraw, name="absence_withdraw"),
]
