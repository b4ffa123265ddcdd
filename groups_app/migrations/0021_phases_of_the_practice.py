"""Phases have a code by which notes know them, and may go out of use: there is one list of them (R15)."""

import django.core.validators
from django.db import migrations, models
from django.utils.text import slugify

# Until which percentage → the code that notes have always kept.
CODES = {25: "assessment", 50: "problem-areas", 75: "skills", 100: "resilience"}


def fill(apps, schema_editor):
    for phase in apps.get_model("groups_app", "Phase").objects.all():
        phase.code = CODES.get(phase.until_percent) or f"{slugify(phase.name)[:24]}-{phase.until_percent}"
        phase.save(update_fields=["code"])


class Migration(migrations.Migration):
    dependencies = [("groups_app", "0020_few_screening_locks")]

    operations = [
        migrations.AlterModelOptions(name="phase", options={"ordering": ("until_percent", "code")}),
        migrations.AddField(
            model_name="phase",
            name="code",
            field=models.CharField(default="", editable=False, max_length=30),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="phase",
            name="is_active",
            field=models.BooleanField(default=True, verbose_name="in use"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="phase",
            name="code",
            field=models.SlugField(editable=False, max_length=30, unique=True),
        ),
        migrations.AlterField(
            model_name="phase",
            name="until_percent",
            field=models.PositiveSmallIntegerField(
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="until this percentage of the sessions",
            ),
        ),
        migrations.AddConstraint(
            model_name="phase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True)), fields=("until_percent",), name="phase_one_a_share"
            ),
        ),
    ]
