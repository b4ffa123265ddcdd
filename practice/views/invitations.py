"""Taking over an account by a mailed link."""

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from practice import services
from practice.forms import AcceptInvitationForm
from practice.models import Practice, User
from practice.views.saving import sent


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a password, twice, and sign the person in.

    Opening the link alone changes nothing: programs that check mails do it too.
    """
    practice = Practice.objects.get()
    try:
        invitation = services.find_invitation(token=token)
        form = AcceptInvitationForm(sent(request), user=invitation.user)
        if request.method == "POST" and form.is_valid():
            user = services.accept_invitation(token=token, password=form.cleaned_data["password1"])
            return _sign_in(request, user)
    except services.InvitationNotValid:
        return render(request, "practice/invitation_over.html", {"practice": practice}, status=404)
    context = {"form": form, "practice": practice, "person": invitation.user, "last_day": services.last_day(invitation)}
    return render(request, "practice/invitation.html", context)


def _sign_in(request: HttpRequest, user: User) -> HttpResponse:
    if request.user.is_authenticated:
        logout(request)  # somebody else at this browser
    needs_factor = settings.REQUIRE_STAFF_MFA and user.is_staff_member
    response = perform_login(
        request, user, redirect_url=resolve_url("mfa_index" if needs_factor else settings.LOGIN_REDIRECT_URL)
    )
    if request.user.is_authenticated:
        # The password was chosen this very moment: the set-up pages need not ask for it again.
        reauthenticate_by_password(request)
    return response
