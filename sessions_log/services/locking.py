"""Every verb takes its session's row first, so that two people's verbs happen one after the other."""

from django.db.models import Exists, OuterRef

from sessions_log.models import GroupNote, Session


def locked(session: Session) -> Session:
    """Read the session again with its group, site and room, and keep others from changing it meanwhile.

    ``is_signed`` says whether its record is locked for good.
    """
    rows = Session.objects.select_for_update(of=("self",)).with_place()
    signed = GroupNote.objects.signed().filter(session=OuterRef("pk"))
    return rows.annotate(is_signed=Exists(signed)).get(pk=session.pk)
