"""Importing clients in the browser: upload, watch, look at the dry run, take (R54)."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from common.errors import RuleBroken
from common.flash import done
from practice.access import SignedIn, permitted
from records import services
from records.columns import COLUMNS
from records.forms import UploadForm
from records.models import ClientImport, ImportState, RowVerdict
from records.tasks import check_import, take_import

IMPORTS_A_PAGE = 25
ROWS_A_PAGE = 100
# Rows that a person should look at first come first.
VERDICTS = (RowVerdict.BAD, RowVerdict.NEW, RowVerdict.KNOWN)


@require_safe
@permitted("records.import_clients")
def imports(request: SignedIn) -> HttpResponse:
    """List what was uploaded, the latest first."""
    counted = _visible(request).annotate(
        new=Count("rows", filter=Q(rows__verdict=RowVerdict.NEW)),
        bad=Count("rows", filter=Q(rows__verdict=RowVerdict.BAD)),
    )
    batches = counted.select_related("uploaded_by").order_by("-created_at", "id")
    page = Paginator(batches, IMPORTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "records/imports.html", {"page_obj": page, "nav_current": "members:waiting"})


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("records.import_clients")
def new_import(request: SignedIn) -> HttpResponse:
    """Upload a list; a worker checks it."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        batch = services.upload(content=file.read(), file_name=file.name, by=request.user)
        _queue(check_import, batch)
        return redirect("records:import", batch.pk)
    context = {"form": form, "columns": COLUMNS, "nav_current": "members:waiting"}
    return render(request, "records/new_import.html", context)


@require_safe
@permitted("records.import_clients")
def import_page(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show where an import is: the bar, the dry run, or the result. htmx asks for the bar alone."""
    batch = get_object_or_404(_visible(request).select_related("uploaded_by"), pk=pk)
    context = {"batch": batch, "nav_current": "members:waiting"}
    wants_bar = "HX-Request" in request.headers
    if batch.is_at_work:
        return render(request, "records/import.html#bar" if wants_bar else "records/import.html", context)
    if wants_bar:
        return HttpResponseClientRefresh()
    return render(request, "records/import.html", context | _rows_shown(request, batch))


def _rows_shown(request: SignedIn, batch: ClientImport) -> dict[str, Any]:
    """Return the counts by verdict and one page of the rows with the verdict that was asked for."""
    counted = batch.rows.order_by().values_list("verdict").annotate(rows=Count("pk"))
    counts = dict.fromkeys(VERDICTS, 0) | {RowVerdict(verdict): rows for verdict, rows in counted}
    filled = [verdict for verdict in VERDICTS if counts[verdict]]
    asked = request.GET.get("show")
    show = next((verdict for verdict in filled if verdict == asked), filled[0] if filled else RowVerdict.NEW)
    rows = batch.rows.filter(verdict=show).select_related("client").order_by("line")
    return {
        "show": show,
        "choices": [(verdict, counts[verdict]) for verdict in filled],
        "new": counts[RowVerdict.NEW],
        "known": counts[RowVerdict.KNOWN],
        "bad": counts[RowVerdict.BAD],
        "page_obj": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
    }


@require_POST
@permitted("records.import_clients")
def take(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take the good rows of a checked import."""
    batch = get_object_or_404(_visible(request), pk=pk)
    try:
        services.start_taking(import_id=batch.pk)
    except RuleBroken as error:
        messages.error(request, error.sentence)
    else:
        _queue(take_import, batch)
    return redirect("records:import", batch.pk)


@require_POST
@permitted("records.import_clients")
def resume(request: SignedIn, pk: UUID) -> HttpResponse:
    """Wake a worker again when the bar stands still; what is done stays done."""
    batch = get_object_or_404(_visible(request), pk=pk)
    if batch.is_at_work:
        _queue(take_import if batch.state == ImportState.TAKING else check_import, batch)
    return redirect("records:import", batch.pk)


@require_POST
@permitted("records.import_clients")
def discard(request: SignedIn, pk: UUID) -> HttpResponse:
    """Forget an upload of which nothing was taken."""
    batch = get_object_or_404(_visible(request), pk=pk)
    try:
        services.discard(import_id=batch.pk)
    except RuleBroken as error:
        messages.error(request, error.sentence)
        return redirect("records:import", batch.pk)
    done(request, _("%(name)s was discarded. No client was made from it.") % {"name": batch.file_name})
    return redirect("records:imports")


def _visible(request: SignedIn) -> Any:
    return ClientImport.objects.visible_to(request.user).without_content()


def _queue(task: Any, batch: ClientImport) -> None:
    # Robust: if Redis is away the upload is still there, and "resume" wakes a worker later.
    transaction.on_commit(partial(task.delay, str(batch.pk)), robust=True)
