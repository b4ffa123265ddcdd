"""The agreement a practice starts from: R5 and R26 in plain words. Headings begin with "## "."""

from django.db import migrations

TEXT = """\
## We talk instead of acting
In the group we put what we think and feel into words. We do not act it out: no hugging or other touch, no walking out, \
no gestures meant to hurt. If you want to leave the room, say so first and stay long enough to say why.

## We try
The group helps most when people take small risks: saying what is hard to say, asking, answering honestly. Not knowing \
what you feel is okay. You decide what you share and when.

## What is said here stays here
You may talk about your own part with people you trust. You do not tell anybody who else is in the group or what they \
said. The leaders keep the same silence, with the limits the law sets: danger to you or somebody else, abuse of a child \
or a dependent adult, or an order of a court.

## We come, and we come on time
The group needs everyone. You plan to come to every session, from its beginning to its end. If you cannot come, you say \
so before the session. A missed session may be charged as agreed with the practice.

## Between sessions
We do not meet or write to each other outside the group. If it happens anyway, we bring it back to the next session.

## Leaving
You agree to stay long enough to see whether the group helps you. If you think of leaving, you say so in a session and \
come for the number of sessions agreed with the practice, so that there is time for a goodbye.

## If things get worse
A group is not an emergency service. In an emergency call 911. If you think about ending your life, call or text 988 at \
any hour.
"""


def load(apps, schema_editor):
    apps.get_model("groups_app", "AgreementTemplate").objects.create(
        title="Group agreement", text=TEXT, is_default=True
    )


class Migration(migrations.Migration):
    dependencies = [("groups_app", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
