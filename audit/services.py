"""Adding to the trail. Entries hold ids and labels, never a name or a clinical text (R42)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models

from audit import context
from common.db import own_connection

LONGEST_REASON = 300

# What an entry is about: a row, or the label and id of something that is none (a page, a file).
Target = models.Model | tuple[str, str]

_APPEND = "SELECT audit.append(%s, %s, %s, %s, %s, %s::uuid[], %s, %s, %s)"


def record(
    *,
    action: str,
    by: AbstractBaseUser | AnonymousUser | None,
    target: Target | None = None,
    client: models.Model | UUID | None = None,
    clients: Iterable[models.Model | UUID] = (),
    reason: str = "",
) -> None:
    """Append an entry to the trail, in the transaction at hand: what is rolled back is not recorded.

    ``action`` is ``"room.what_happened"``; ``audit.words`` says it in English. ``by`` is nobody (``None``) when the
    program did it by itself. ``client`` is whose record it concerns; ``clients``, for a page that shows several, makes
    one entry each. ``reason`` is what a person gave as one, never a clinical text; it is cut at 300 characters. The
    time is the database's, the address and the request those of the work at hand.
    """
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, _values(action, by, target, [client, *clients], reason))


def record_apart(
    *,
    action: str,
    by: AbstractBaseUser | AnonymousUser | None,
    target: Target | None = None,
    client: models.Model | UUID | None = None,
    clients: Iterable[models.Model | UUID] = (),
    reason: str = "",
) -> None:
    """Append an entry as ``record`` does, on a connection of its own: it stays whatever becomes of the work at hand.

    For refusals, which are followed by a rollback. It opens a connection, so it is not for what happens often.
    """
    with own_connection() as own:
        own.execute(_APPEND, _values(action, by, target, [client, *clients], reason))


def _values(
    action: str,
    by: AbstractBaseUser | AnonymousUser | None,
    target: Target | None,
    clients: Iterable[models.Model | UUID | None],
    reason: str,
) -> list[Any]:
    label, identifier = _label_and_id(target)
    actor = by if by is not None and by.is_authenticated else None
    return [
        action,
        None if actor is None else actor.pk,
        ",".join(getattr(actor, "roles", ())),
        label,
        identifier,
        [each.pk if isinstance(each, models.Model) else each for each in clients if each is not None],
        # A null byte is refused by PostgreSQL; what is recorded must not depend on what somebody typed.
        reason.replace("\x00", "")[:LONGEST_REASON],
        context.address(),
        context.request_id(),
    ]


def _label_and_id(target: Target | None) -> tuple[str, str]:
    if target is None:
        return "", ""
    if isinstance(target, models.Model):
        return target._meta.label_lower, str(target.pk)
    return target
