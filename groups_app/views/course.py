"""A group's course as the practice wants it: phases and the ending's checklist (R15, R29)."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import RuleBroken
from common.flash import done
from groups_app import services
from groups_app.course_forms import ItemFormSet, PhaseFormSet, item_rows, phase_rows
from groups_app.services.course import course_version
from practice.access import SignedIn


@require_http_methods(["GET", "HEAD", "POST"])
def course(request: SignedIn) -> HttpResponse:
    """Show the phases and the checklist, and change them for every group from now on."""
    if not request.user.has_perm("groups_app.edit_course"):
        raise Http404
    typed = request.POST if request.method == "POST" else None
    phases = PhaseFormSet(typed, prefix="phase", initial=phase_rows())
    items = ItemFormSet(typed, prefix="item", initial=item_rows())
    refusal, stored = "", False
    if typed is not None and all([phases.is_valid(), items.is_valid()]):
        try:
            services.change_course(
                phases=phases.rows(), items=items.rows(), version=typed.get("version", ""), by=request.user
            )
        except services.CourseChanged as changed:
            refusal, stored = changed.sentence, True
        except RuleBroken as broken:
            refusal = broken.sentence
        else:
            done(request, _("Phases and checklist are saved."))
            return redirect("groups_app:course")
    is_administrator = request.user.has_perm("practice.administer")
    context = {
        "phases": phases,
        "items": items,
        "refusal": refusal,
        # Who goes on after a conflict has seen what is stored by now.
        "version": course_version() if typed is None or stored else typed.get("version", ""),
        "stored": (phase_rows(), item_rows()) if stored else None,
        "is_administrator": is_administrator,
        "page_has_errors": bool(refusal) or phases.total_error_count() + items.total_error_count() > 0,
        "nav_current": "practice:settings" if is_administrator else "groups_app:list",
    }
    return render(request, "groups_app/course.html", context, status=409 if stored else 200)
