from django.db import migrations, models

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
    ("cap", "Enough texts for now"),
    ("too-late", "It could not be sent in time"),
]


class Migration(migrations.Migration):
    dependencies = [("reminders", "0009_changes_settle")]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="outcome",
            field=models.CharField(blank=True, choices=OUTCOMES, max_length=20),
        ),
    ]
