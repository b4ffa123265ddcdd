"""Who sees earlier versions of memberships; nobody changes them (docs/row-security.md)."""

from django.db import migrations

from common.row_security import Protect, holds, of_membership, written_once


class Migration(migrations.Migration):
    dependencies = [
        ("groups_app", "0017_versions"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        # Versions say themselves who acted; this table of the library stays empty.
        Protect("pghistory.Context", holds()),
        Protect("groups_app.MembershipVersion", of_membership("id")),
        written_once("groups_app_membershipversion"),
    ]
