"""Invitations are messages like others; a new link is told; who looks after staff sees what was sent to them."""

from django.db import migrations, models

from common.row_security import Protect, holds, of_client, own

KINDS = [
    ("session", "Session reminder"),
    ("moved", "Session moved"),
    ("place", "Place changed"),
    ("cancelled", "Session canceled"),
    ("extra", "Extra session"),
    ("agreement", "Agreement to sign"),
    ("invitation", "Invitation"),
    ("door", "Notice about the group"),
    ("questions", "Questions to answer"),
    ("alert", "Please sign in"),
]
OUTCOMES = [
    ("cancelled", "The session was canceled"),
    ("moved", "The session was changed again"),
    ("not-expected", "The member is not expected"),
    ("absence-known", "The member will be away"),
    ("settled", "It was done meanwhile"),
    ("withdrawn", "The link was replaced or withdrawn"),
    ("no-consent", "No consent to this way of contact"),
    ("not-wanted", "The member wants only changes this way"),
    ("silenced", "Safety first: nothing is sent"),
    ("newer-due", "A later reminder took its place"),
    ("server-trouble", "The server did not take it yet"),
    ("unwritable", "It could not be written; this is a fault of Kith's"),
    ("refused", "The address or number was refused"),
    ("bounced", "It came back undelivered"),
    ("complained", "The recipient marked it as unwanted"),
    ("cap", "Waiting: enough texts for now"),
    ("too-late", "It could not be sent in time"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0013_emergencies_row_security"),
        ("practice", "0017_mailed_by_the_outbox"),
        ("reminders", "0006_unwritable"),
    ]

    operations = [
        migrations.AddField(
            model_name="knownschedule",
            name="online_link",
            field=models.URLField(blank=True, db_default="", max_length=300),
        ),
        migrations.AddField(
            model_name="message",
            name="is_elsewhere",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(choices=KINDS, default="session", max_length=20),
        ),
        migrations.AlterField(
            model_name="messagetext",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=20),
        ),
        migrations.AlterField(
            model_name="message",
            name="outcome",
            field=models.CharField(blank=True, choices=OUTCOMES, max_length=20),
        ),
        Protect(
            "reminders.Message",
            f"{of_client('client_id', 'coordinator', 'supervisor')} OR {own('account_id')}"
            f" OR (account_id IS NOT NULL AND {holds('coordinator', 'administrator')})",
        ),
    ]
