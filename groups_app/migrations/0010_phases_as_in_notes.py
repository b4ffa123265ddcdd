"""The phases by the names and shares that the notes know them by (R15)."""

from django.db import migrations

# Share until now → share, name, goals.
PHASES = {
    20: (25, "Assessment", "See what each member brings; agree on goals; make it safe enough to begin."),
    50: (50, "Problem areas", "See how each member’s problem area shows in the group; link it to life outside."),
    80: (75, "Building skills", "Try new ways of speaking and listening here and now; give and take feedback."),
    100: (100, "Resilience", "Carry what was learned into life outside; say what remains; part."),
}


def rename(apps, schema_editor):
    phase = apps.get_model("groups_app", "Phase")
    for before, (until_percent, name, goals) in PHASES.items():
        phase.objects.filter(until_percent=before).update(until_percent=until_percent, name=name, goals=goals)


class Migration(migrations.Migration):
    dependencies = [("groups_app", "0009_only_screened")]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
