"""What the provider of text messages calls. Its signature is the proof; without one there is no such address."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from common.acting import SYSTEM, acting_as
from practice.models import Practice
from reminders import services
from reminders.channels.texts.twilio import is_signed_by_twilio
from reminders.texts.gsm import plain


def _from_provider(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        told = [(name, value) for name, values in request.POST.lists() for value in values]
        if not is_signed_by_twilio(request.get_full_path(), told, request.headers.get("X-Twilio-Signature", "")):
            raise Http404
        with acting_as(SYSTEM):
            return view(request, *args, **kwargs)

    return gated


@csrf_exempt
@login_not_required
@require_POST
@_from_provider
def text_status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note whether a text arrived."""
    services.text_status(
        message_id=pk,
        provider_id=request.POST.get("MessageSid", ""),
        status=request.POST.get("MessageStatus", ""),
        code=request.POST.get("ErrorCode", ""),
    )
    return HttpResponse(status=204)


@csrf_exempt
@login_not_required
@require_POST
@_from_provider
def text_inbound(request: HttpRequest) -> HttpResponse:
    """Do what somebody texted: STOP, UNSTOP or HELP (R48); anything else is told that nobody reads here."""
    word = services.text_word(number=request.POST.get("From", ""), word=request.POST.get("Body", ""))
    practice = Practice.objects.get()
    names = {"name": practice.name_in_messages, "phone": practice.phone}
    answers = {
        "stop": _("%(name)s: no more texts from us. Reply UNSTOP to get them again. %(phone)s") % names,
        "start": _("%(name)s: you get texts from us again. Reply STOP to stop. %(phone)s") % names,
        "help": _("%(name)s: appointment reminders. Call %(phone)s. Reply STOP to stop.") % names,
    }
    fallback = _("%(name)s: nobody reads texts to this number. Please call %(phone)s. Reply STOP to stop.") % names
    body = escape(plain(answers.get(word, fallback)))
    answer = f'<?xml version="1.0" encoding="UTF-8"?><Response><Message>{body}</Message></Response>'
    return HttpResponse(answer, content_type="text/xml; charset=utf-8")
