"""Verbs of agreements: a published text never changes, a change is a new version (R26)."""

import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from common.clock import now
from groups_app.clauses import Clause, clauses, has_marks, plain_lines, text_of
from groups_app.models import AgreementClause, AgreementTemplate, AgreementVersion, Group, TemplateClause
from groups_app.services.errors import AgreementChanged, AgreementUnchanged, ClauseWrong
from groups_app.services.steps import lock_group
from practice.models import Policy, User

# What a template may leave to the policy.
_NUMBERS = ("notice_sessions", "minimum_stay_sessions")


def template_clauses(policy: Policy) -> list[Clause]:
    """Return the clauses of the practice's default template, with the numbers of ``policy`` filled in."""
    return _clauses_of(default_template(), policy)


def default_template() -> AgreementTemplate:
    """Return the template new groups start from."""
    return AgreementTemplate.objects.prefetch_related("clauses").get(is_default=True)


def start_agreement(*, group: Group, by: User) -> AgreementVersion:
    """Give a new ``group`` the practice's default clauses as version 1."""
    template = default_template()
    text = text_of(_clauses_of(template, Policy.objects.get()))
    return _publish(group, number=1, title=template.title, text=text, by=by)


def _clauses_of(template: AgreementTemplate, policy: Policy) -> list[Clause]:
    return [_with_numbers(row.words, policy) for row in template.clauses.all()]


@transaction.atomic
def publish_agreement(
    *, group: Group, title: str, text: str, by: User, based_on: AgreementVersion | None = None
) -> AgreementVersion:
    """Publish a new version, which every member of ``group`` is then asked to sign (R26).

    ``text`` is that of ``groups_app.clauses.text_of``. ``based_on`` is the version the author had before their eyes:
    raises ``AgreementChanged`` if somebody has published a newer one since, ``AgreementUnchanged`` if the text is the
    one in force already.
    """
    lock_group(group)
    newest = AgreementVersion.objects.filter(group=group).newest().get()
    title, text = title.strip(), plain_lines(text)
    if (title, text) == (newest.title, newest.text):
        raise AgreementUnchanged(
            _("This is version %(number)d word for word, so nothing was published. Change the text first.")
            % {"number": newest.number}
        )
    if based_on is not None and based_on != newest:
        raise AgreementChanged(
            _("%(name)s published version %(number)d meanwhile. Yours is kept below: compare the two, then publish.")
            % {"name": newest.published_by.name, "number": newest.number}
        )
    version = _publish(group, number=newest.number + 1, title=title, text=text, by=by)
    audit.record(action="agreement.published", by=by, target=version)
    return version


@transaction.atomic
def change_template(*, title: str, parts: Sequence[Clause], by: User) -> AgreementTemplate:
    """Replace the clauses that new groups start from; agreements of groups that have one stay as they are.

    Raises ``ClauseWrong`` without any clause, and for a clause that uses the marks of the whole text.
    """
    check_clauses(parts)
    template = AgreementTemplate.objects.select_for_update().get(is_default=True)
    template.title = title.strip()
    template.save(update_fields=["title"])
    template.clauses.all().delete()
    TemplateClause.objects.bulk_create(
        TemplateClause(template=template, position=position, heading=part.heading, body=part.body, why=part.why)
        for position, part in enumerate(parts, start=1)
    )
    audit.record(action="agreement.template_changed", by=by, target=template)
    return template


def check_clauses(parts: Sequence[Clause]) -> None:
    """Raise ``ClauseWrong`` unless ``parts`` can be told apart again once they are one text."""
    if not parts:
        raise ClauseWrong(_("Write at least one clause."))
    for part in parts:
        if has_marks(part.body):
            raise ClauseWrong(
                _("In “%(heading)s” a line begins with “##” or “>”. Begin it with a word.") % {"heading": part.heading}
            )


def _with_numbers(clause: Clause, policy: Policy) -> Clause:
    body = clause.body
    for name in _NUMBERS:
        body = body.replace(f"{{{name}}}", str(getattr(policy, name)))
    return Clause(clause.heading, body, clause.why)


def _publish(group: Group, *, number: int, title: str, text: str, by: User) -> AgreementVersion:
    version = AgreementVersion.objects.create(
        group=group,
        number=number,
        title=title,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        published_at=now(),
        published_by=by,
    )
    AgreementClause.objects.bulk_create(
        AgreementClause(version=version, position=position, heading=part.heading, body=part.body, why=part.why)
        for position, part in enumerate(clauses(text), start=1)
    )
    return version
