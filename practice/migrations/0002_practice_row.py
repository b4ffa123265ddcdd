"""The practice's single row with its default policy; an administrator fills in name and phone."""

from django.db import migrations


def create_practice(apps, schema_editor):
    practice = apps.get_model("practice", "Practice").objects.create(name="Our practice", phone="")
    apps.get_model("practice", "Policy").objects.create(practice=practice)


class Migration(migrations.Migration):
    dependencies = [("practice", "0001_initial")]

    operations = [migrations.RunPython(create_practice, migrations.RunPython.noop)]
