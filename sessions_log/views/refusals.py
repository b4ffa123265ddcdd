"""Where on a form the sentences of a refusal go: to the field with which the person can do something about it."""

from django.forms import BaseForm

from common.errors import RuleBroken
from sessions_log import services
from sessions_log.series import NoOpenDay

_FIELDS: dict[type[RuleBroken], tuple[str, ...]] = {
    services.RoomTaken: ("room",),
    services.RoomElsewhere: ("room",),
    services.NoLink: ("link",),
    services.LeaderTaken: ("substitute",),
    services.NotALeader: ("substitute",),
    NoOpenDay: ("first_day", "day"),
    services.SiteClosed: ("day",),
    services.AlreadyStarted: ("day",),
}


def explain(form: BaseForm, refusal: RuleBroken) -> None:
    """Say on ``form`` why it was refused; of a series, every clash."""
    sentences = refusal.sentences if isinstance(refusal, services.Taken) else [refusal.sentence]
    field = next((name for name in _FIELDS.get(type(refusal), ()) if name in form.fields), None)
    form.add_error(field, sentences)
