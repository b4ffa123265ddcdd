"""A screen that locked: what is left of a session, staying, and opening it again with the password (R41).

A script asks in place and loses nothing. Without one, what was sent while the screen was locked waits in the page that
asks for the password and can be sent again from the next.
"""

from allauth.account.forms import ReauthenticateForm
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.clock import now
from practice import log_off
from practice.access import SignedIn
from practice.log_off import Standing

_KEPT = "kept:"


@login_not_required
@never_cache
@require_GET
def session(request: HttpRequest) -> JsonResponse:
    """Tell a page what its session is good for, without counting as use; ``over`` to whoever is not signed in."""
    if not request.user.is_authenticated:
        return JsonResponse({"state": Standing.OVER, "seconds": 0})
    return _state_of(request)


@never_cache
@require_POST
def stay(request: SignedIn) -> JsonResponse:
    """Count as use: somebody answered the warning. Changes nothing once the screen is locked."""
    if log_off.standing(request.session, now()) is Standing.OPEN:
        log_off.unlock(request.session, now())
    return _state_of(request)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: SignedIn) -> HttpResponse:
    """Take the password. To a script: the state, or 422 and a sentence. To a person: the page they came from."""
    if request.method != "POST":
        return _ask(request, form=_form_for(request), path=request.GET.get("next", ""))
    form, by_script = _form_for(request, sent=True), "application/json" in request.headers.get("Accept", "")
    if not form.is_valid():
        if by_script:
            return JsonResponse({"error": form.errors["password"][0]}, status=422)
        return _ask(request, form=form, path=request.POST.get("next", ""), kept=_kept_again(request))
    log_off.unlock(request.session, now())
    if by_script:
        return _state_of(request)
    path = _own_path(request.POST.get("next", ""))
    kept = _kept_again(request)
    if kept:
        again = [(name.removeprefix(_KEPT), value) for name, value in kept]
        return render(request, "account/unlocked.html", {"path": path, "kept": again})
    return redirect(path)


def ask_to_unlock(request: HttpRequest) -> HttpResponse:
    """Answer a request that met a locked screen: ask for the password; what was sent is kept in the page."""
    if request.method in ("GET", "HEAD"):
        return _ask(request, form=_form_for(request), path=request.get_full_path(), status=403)
    # Django's own field is made anew; files cannot be kept in a page and are chosen again.
    kept = [
        (f"{_KEPT}{name}", value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    return _ask(request, form=_form_for(request), path=request.get_full_path(), kept=kept, status=403)


def _ask(
    request: HttpRequest,
    *,
    form: ReauthenticateForm,
    path: str,
    kept: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "path": _own_path(path), "kept": kept or [], "had_files": bool(request.FILES)}
    return render(request, "account/unlock.html", context, status=status)


def _form_for(request: HttpRequest, *, sent: bool = False) -> ReauthenticateForm:
    form = ReauthenticateForm(request.POST if sent else None, user=request.user)
    form.fields["password"].widget.attrs["autofocus"] = True
    return form


def _kept_again(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.POST.lists() if name.startswith(_KEPT) for value in values]


def _own_path(path: str) -> str:
    """Return ``path`` if it is one of this site's own, else the front page (no open redirect)."""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else "/"


def _state_of(request: HttpRequest) -> JsonResponse:
    standing = log_off.standing(request.session, now())
    seconds = log_off.seconds_left(request.session, now()) if standing is Standing.OPEN else 0
    who = str(request.user.pk)
    return JsonResponse({"state": standing, "seconds": seconds, "csrf": get_token(request), "who": who})
