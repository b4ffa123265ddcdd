"""Which conditions put a record under 42 CFR part 2 is data; until now it was the word "addiction" (R46)."""

from django.db import migrations, models

ADDICTION = "UPDATE members_condition SET is_part_2 = code = 'addiction'"


class Migration(migrations.Migration):
    dependencies = [("members", "0013_emergencies_row_security")]

    operations = [
        migrations.AddField(
            "condition", "is_part_2", models.BooleanField(default=False, verbose_name="under 42 CFR part 2")
        ),
        migrations.RunSQL(ADDICTION, migrations.RunSQL.noop),
    ]
