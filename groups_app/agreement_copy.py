"""The printed copy of a signed agreement, and whether such a copy is genuine (R47)."""

import re
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.utils.dateformat import format as date_text
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.clock import local, zone_name
from common.pdf import render
from groups_app.clauses import clauses
from groups_app.markup import to_blocks
from groups_app.models import Signature
from practice.models import Practice

_SOURCE = Path(__file__).with_name("print") / "agreement.typ"


def copy_of(signature: Signature, *, practice: Practice, address: str) -> bytes:
    """Return the copy of ``signature`` as PDF: the text as it was signed, by whom and when, reference and fingerprint.

    It is PDF/UA-1; letters that no font here has make it a plain PDF. ``address`` is where a copy is checked. The
    group's name is not on it: a sheet of paper travels.
    """
    return render(_SOURCE, _data(signature, practice, address))


def is_genuine(*, reference: str, name: str, fingerprint: str) -> bool:
    """Whether a copy with this reference, name and fingerprint stands for a signature that is in force.

    Asked by anybody, so the database answers with yes or no and gives nothing else away.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT groups_app_copy_is_genuine(%s, %s, %s)",
            [_letters(reference), " ".join(name.split()), _letters(fingerprint)],
        )
        (answer,) = cursor.fetchone()
    return bool(answer)


def _letters(typed: str) -> str:
    """People type groups of letters with dashes and spaces, or without."""
    return re.sub(r"[^0-9a-f]", "", typed.lower())


def _data(signature: Signature, practice: Practice, address: str) -> dict[str, object]:
    agreed = {
        acknowledgement.clause.position: _("Agreed %(moment)s")
        % {"moment": _moment(acknowledgement.at, signature.membership.group.site.zone)}
        for acknowledgement in signature.acknowledgements.select_related("clause")
    }
    return {
        "title": signature.version.title,
        "practice": practice.name,
        "language": (get_language() or "en").partition("-")[0],
        "version": _("Version %(number)d") % {"number": signature.version.number},
        "reference": signature.reference,
        "fingerprint": signature.sha256,
        "address": address,
        "facts": _facts(signature),
        "clauses": [
            {
                "heading": clause.heading,
                "blocks": to_blocks(clause.body),
                "why": clause.why,
                "agreed": agreed.get(position, ""),
            }
            for position, clause in enumerate(clauses(signature.text), start=1)
        ],
        "words": {
            "signature": _("Signature"),
            "reference": _("Reference"),
            "fingerprint": _("SHA-256 fingerprint of the text above"),
            "check": _("Whoever holds this copy can check, with reference, name and fingerprint, that it is genuine:"),
        },
    }


def _facts(signature: Signature) -> list[tuple[str, str]]:
    zone = signature.membership.group.site.zone
    facts = [(_("Signed as"), signature.typed_name)]
    if signature.paper_signed_on:
        facts.append((_("Signed on paper on"), date_text(signature.paper_signed_on, "F j, Y")))
    else:
        facts.append((_("Signed on"), _moment(signature.signed_at, zone)))
        facts.append((_("Meant as a signature"), _("Name typed, both statements checked")))
    facts.append((_("Reference"), signature.reference))
    if signature.withdrawn_at:
        facts.append((_("Withdrawn on"), _moment(signature.withdrawn_at, zone)))
    return facts


def _moment(at: datetime, zone: str) -> str:
    return f"{date_text(local(at, zone), 'F j, Y, g:i A')}, {zone_name(zone)}"
