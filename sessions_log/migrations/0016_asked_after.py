import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.base
import common.clock


class Migration(migrations.Migration):
    dependencies = [
        ("groups_app", "0023_led_rows_by_index"),
        ("sessions_log", "0015_documented_rows_by_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AskedAfter",
            fields=[
                ("id", models.UUIDField(default=common.base.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=common.clock.now, editable=False)),
                ("asked_on", models.DateField()),
                ("noted_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asked_after",
                        to="groups_app.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("membership", "asked_on"),
                        name="asked_once_a_day",
                    )
                ],
            },
        ),
    ]
