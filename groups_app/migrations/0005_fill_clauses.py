"""Texts become clauses: those of published versions as they are, and the practice's own in new words, each explained."""

from django.db import migrations

from groups_app.clauses import clauses

# R5 and R26 in plain words; a line after ">" says why. The numbers in braces are the policy's.
DEFAULT = """\
## We talk instead of acting
In the group we put into words what we think and feel: about ourselves, about each other, about the leaders. We do not \
act it out. That means:

- no hugging or any other touch,
- no throwing, slamming or other gestures meant to impress or frighten,
- no walking out. If you want to leave the room, say so first and stay long enough to say why.

> A feeling that is acted out is over before anybody can understand it. Said aloud, it can be answered.

## We take small risks
The group helps most when people dare a little: say what is hard to say, ask, answer honestly, try something they would \
not do elsewhere. Not knowing what you feel is okay. You decide what you share, and when.

> What is new in here can become possible outside.

## What is said here stays here
You may talk about your own part with people you trust. You do not tell anybody who else is in the group, or what they \
said.

The leaders keep the same silence, within the limits the law sets: danger to you or somebody else, abuse of a child or \
of an adult who depends on others, or an order of a court. The other members are not bound by law as the leaders are. \
They are bound by this promise.

> People can only be open if what they say does not travel.

## We come, and we come on time
You plan to come to every session, from its beginning to its end.

> The group is the same people every time. One empty chair changes it for everybody.

## If you cannot come
Say so before the session, here or by phone. Your place is kept for you, so a missed session may be charged, as you \
agreed with the practice.

> The others should not have to guess whether something happened to you.

## Between sessions
We do not meet, call or write to each other outside the group while it runs. If it happens anyway, we bring it back to \
the next session.

> What happens between two people outside is missing inside, and the others feel it.

## Staying long enough
You agree to come for at least {minimum_stay_sessions} sessions before you decide whether the group is for you.

> The first sessions are often the hardest, and say little about how it will be.

## Leaving with a goodbye
If you think of leaving, you say so in a session, and you come for {notice_sessions} more sessions after it.

> A goodbye gives you and the others time to say what the time together meant.

## If things get worse
A group is not an emergency service. In an emergency call **911**. If you think about ending your life, call or text \
**988**, at any hour.

> Help must be there at once, not at the next session.
"""


def fill(apps, schema_editor):
    version_model = apps.get_model("groups_app", "AgreementVersion")
    clause_model = apps.get_model("groups_app", "AgreementClause")
    for version in version_model.objects.iterator():
        clause_model.objects.bulk_create(
            clause_model(version=version, position=position, heading=part.heading, body=part.body, why=part.why)
            for position, part in enumerate(clauses(version.text), start=1)
        )
    template = apps.get_model("groups_app", "AgreementTemplate").objects.get(is_default=True)
    row_model = apps.get_model("groups_app", "TemplateClause")
    row_model.objects.bulk_create(
        row_model(template=template, position=position, heading=part.heading, body=part.body, why=part.why)
        for position, part in enumerate(clauses(DEFAULT), start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("groups_app", "0004_clauses_and_paper")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
