"""The questions of the screening checklist (R21). A practice may add to them; the codes stay."""

from django.db import migrations

QUESTIONS = [
    ("attendance", "Will probably come regularly, and on time", True),
    ("feedback", "Can listen to others and bear being told how they come across", True),
    ("crisis", "Is in an acute crisis", False),
    ("psychosis", "Has an active psychosis", False),
    ("travel", "Plans a long absence, travel or a move", False),
]

# A decision that is made and an enrollment that relies on it must not pass each other: whoever comes second waits.
LOCK = """
CREATE FUNCTION members_screening_is_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('members_screening'), hashtext(NEW.client_id::text));
    RETURN NEW;
END $$;
CREATE TRIGGER screening_is_decided BEFORE INSERT OR UPDATE ON members_screening
    FOR EACH ROW EXECUTE FUNCTION members_screening_is_decided();
"""


def load(apps, schema_editor):
    item = apps.get_model("members", "ScreeningItem")
    item.objects.bulk_create(
        item(code=code, label=label, favors=favors, position=position)
        for position, (code, label, favors) in enumerate(QUESTIONS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("members", "0003_screening")]

    operations = [
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.RunSQL(
            LOCK,
            "DROP TRIGGER screening_is_decided ON members_screening; DROP FUNCTION members_screening_is_decided();",
        ),
    ]
