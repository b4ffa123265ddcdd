"""Which conditions put a record under 42 CFR part 2 (R46)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.flash import done
from members.models import Condition
from practice.access import SignedIn, permitted
from practice.views.saving import saves, sent
from records.disclosure_forms import Part2Form
from records.disclosures import choose_part_2


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("records.choose_part_2")
def part_2(request: SignedIn) -> HttpResponse:
    """Show the practice's conditions, and choose those under part 2."""
    form = Part2Form(sent(request), initial={"conditions": Condition.objects.filter(is_part_2=True)})
    if saves(form, lambda: choose_part_2(by=request.user, **form.cleaned_data)):
        done(request, _("The choice is saved; it holds for every disclosure from now on."))
        return redirect("disclosures:part_2")
    return render(request, "records/part_2.html", {"form": form, "nav_current": "practice:settings"})
