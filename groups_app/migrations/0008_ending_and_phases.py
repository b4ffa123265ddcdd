"""The checklist of an ending (R29) and the phases of a time-limited group (R15), as a practice starts with them."""

from django.db import migrations

ITEMS = (
    ("The ending was brought up in a session", "Name the number of sessions left, and ask what that brings up."),
    ("Looked back on everybody’s goals", "What was reached, what was not, and what each member takes along."),
    ("Plan for afterwards with every member", "Who goes on in individual care, who is referred, who is finished."),
    ("Time for goodbyes set aside", "In the last session each member can say goodbye to each other."),
    ("Follow-up meetings planned", "A date some weeks later with everybody who wants one."),
    ("Every session documented", "Attendance taken and notes signed, the last session included."),
)
PHASES = (
    (20, "Getting to know", "Assess what each member brings; agree on goals; make it safe enough to begin."),
    (50, "Problem areas", "See how each member’s problem area shows in the group; link it to life outside."),
    (80, "Building skills", "Try new ways of speaking and listening here and now; give and take feedback."),
    (100, "Resilience and goodbye", "Carry what was learned into life outside; say what remains; part."),
)


def load(apps, schema_editor):
    item, phase = apps.get_model("groups_app", "EndingItem"), apps.get_model("groups_app", "Phase")
    for position, (title, help_text) in enumerate(ITEMS, start=1):
        item.objects.create(title=title, help_text=help_text, position=position)
    for until_percent, name, goals in PHASES:
        phase.objects.create(name=name, goals=goals, until_percent=until_percent)


class Migration(migrations.Migration):
    dependencies = [("groups_app", "0007_life")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
