import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0015_access_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="policy",
            name="ask_again_days",
            field=models.PositiveSmallIntegerField(
                default=14,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)],
                verbose_name="days until somebody who was asked after and stays away is pointed out again",
            ),
        ),
    ]
