"""Functions that policies ask cost nothing for each row that is looked up (``common.row_security.define``)."""

from django.db import migrations

from common.row_security import define


class Migration(migrations.Migration):
    dependencies = [("sessions_log", "0018_supervised_sessions_by_index")]

    operations = [define("")]
