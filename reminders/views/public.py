"""Pages behind the links in messages. They work without signing in and say nothing about the person."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from common.acting import SYSTEM, acting_as
from common.errors import RuleBroken
from members.models import Client
from practice.models import Practice
from reminders import services
from reminders.calendars.one import appointment_file
from reminders.links import client_of_stop_token
from reminders.models import Answer
from reminders.services.answers import find_answerable, is_open

CONFLICT, GONE = 409, 410


# The signed address is the proof, not a cookie: mail programs post to it by themselves (RFC 8058).
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting_as(SYSTEM)
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether e-mails shall stop, and stop them; opening the link alone changes nothing (R48)."""
    client = get_object_or_404(Client, pk=client_of_stop_token(token))
    if request.method == "POST":
        services.stop_email(client=client)
    context = {"practice": Practice.objects.get(), "is_stopped": request.method == "POST"}
    return render(request, "reminders/stop.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting_as(SYSTEM)
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show day and time, and take the word whether one comes. Opening it answers nothing: mail scanners open links."""
    message = find_answerable(token)
    if message is None:
        raise Http404
    context = {
        "session": message.session,
        "token": token,
        "practice": Practice.objects.get(),
        "answered": message.answer,
        "refusal": None,
    }
    if not is_open(message):
        return render(request, "reminders/answer_over.html", context, status=GONE)
    status = 200
    if request.method == "POST":
        given = request.POST.get("answer", "")
        version = request.POST.get("version", "")
        if given not in Answer.values or not version.isdecimal():
            return HttpResponse(status=400)
        try:
            services.answer(message=message, given=Answer(given), version=int(version[:9]))
        except RuleBroken as refusal:
            context["refusal"] = refusal.sentence
            status = CONFLICT
        else:
            context["answered"] = given
        if message.session:
            message.session.refresh_from_db()
    return render(request, "reminders/answer.html", context, status=status)


@login_not_required
@require_safe
@acting_as(SYSTEM)
def answer_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Give the one appointment behind a link as a calendar file (R55)."""
    message = find_answerable(token)
    if message is None:
        raise Http404
    return calendar_file(appointment_file(message.session))


def calendar_file(content: bytes) -> HttpResponse:
    """Return a calendar file to keep."""
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    response["Cache-Control"] = "no-store"
    return response
