"""What a client may ask to be considered when a group is composed (R20). A practice may add to it; the codes stay."""

from django.db import migrations

IDENTITIES = [
    ("lgbtq", "LGBTQ+"),
    ("person-of-color", "person of color"),
    ("immigrant", "immigrant"),
    ("first-language", "another first language than English"),
    ("faith", "a faith that matters to me"),
    ("parent", "parent of small children"),
    ("disability", "living with a disability"),
    ("veteran", "veteran"),
]


def load(apps, schema_editor):
    identity = apps.get_model("members", "Identity")
    identity.objects.bulk_create(
        identity(code=code, label=label, position=position)
        for position, (code, label) in enumerate(IDENTITIES, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("members", "0005_identities")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
