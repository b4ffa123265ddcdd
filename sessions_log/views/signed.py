"""What can be done with signed notes: co-sign them, add to them, take them along on paper (R37)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.services import record
from common.errors import RuleBroken
from common.flash import done
from common.pdf import pdf_response
from practice.access import SignedIn
from practice.models import Practice
from sessions_log import services
from sessions_log.note_forms import AddendumForm
from sessions_log.paper import paper_of
from sessions_log.sheet import Sheet
from sessions_log.views.access import session_for
from sessions_log.words import title_of


@require_POST
def cosign(request: SignedIn, pk: UUID) -> HttpResponse:
    """Stand behind notes that a colleague signed."""
    session = session_for(request.user, pk, "sessions_log.cosign_session")
    try:
        services.cosign_session(session=session, by=request.user)
    except services.AlreadyCoSigned:
        pass  # sent twice
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        done(request, _("You have co-signed %(session)s.") % {"session": title_of(session)})
    return redirect("sessions_log:session", pk)


@require_http_methods(["GET", "POST"])
def addendum(request: SignedIn, pk: UUID) -> HttpResponse:
    """Add words to a signed note. They are kept beside it and can never be changed."""
    session = session_for(request.user, pk, "sessions_log.document_session")
    if not session.is_documented:
        raise Http404
    sheet = Sheet(session)
    form = AddendumForm(request.POST or None, sheet=sheet, about=request.GET.get("about", ""))
    if request.method == "POST" and form.is_valid():
        about, text = form.cleaned_data["about"], form.cleaned_data["text"]
        services.add_addendum(session=session, membership=about, text=text, by=request.user)
        done(request, _("The addendum is part of the record of %(session)s.") % {"session": title_of(session)})
        return redirect("sessions_log:session", pk)
    context = {"session": session, "title": title_of(session), "form": form, "nav_current": "groups_app:list"}
    return render(request, "sessions_log/addendum.html", context)


@require_GET
def note_pdf(request: SignedIn, pk: UUID) -> HttpResponse:
    """Return the signed record as a PDF; a draft is none."""
    session = session_for(request.user, pk, "sessions_log.read_notes")
    if not session.is_documented:
        raise Http404
    sheet, practice = Sheet(session), Practice.objects.current()
    people = [line.membership.client_id for line in sheet.lines]
    record(action="session.copy_read", by=request.user, target=session, clients=people)
    paper = paper_of(sheet, practice_name=practice.name)
    return pdf_response("session_record", paper, file_name=f"session-{session.local_day}-{session.number}")
