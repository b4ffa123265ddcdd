from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_log", "0011_phase_by_code"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=Q(("online_link", ""), ("room__isnull", False))
                | Q(("room__isnull", True), Q(("online_link", ""), _negated=True)),
                name="session_room_or_link",
            ),
        ),
    ]
