"""Nothing of a record is deleted: the program's roles may delete rows of these tables and of no other (R45).

A new table is not among them by itself. Whoever needs the right says why in
``tests/architecture/test_database_catalogue.py`` and grants it in a migration of their own.
"""

from django.db import migrations

WEB = [
    "account_emailaddress",
    "account_emailconfirmation",
    "climate_checkin",
    "climate_mark",
    "django_session",
    "groups_app_endingcheck",
    "groups_app_templateclause",
    "members_availability",
    "members_client_conditions",
    "members_client_difficulties",
    "members_client_goals",
    "members_client_identities",
    "members_clientproblemarea",
    "members_intake_family_roles",
    "mfa_authenticator",
    "practice_closure",
    "practice_license",
    "records_clientimport",
    "records_importrow",
    "reminders_messagetext",
    "reminders_taken",
    "sessions_log_attendance",
    "sessions_log_boundaryevent",
    "sessions_log_seriesstop",
    "sessions_log_sessionleader",
    "sessions_log_snippet",
    "usersessions_usersession",
]
# Taking imported clients, settling what was sent, and the horizon of series.
WORKER = [
    "members_availability",
    "members_client_conditions",
    "members_client_difficulties",
    "members_client_goals",
    "members_client_identities",
    "members_clientproblemarea",
    "reminders_taken",
    "sessions_log_seriesstop",
    "sessions_log_sessionleader",
]

ONLY_THESE = f"""
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE DELETE ON TABLES FROM kith_app, kith_worker;
REVOKE DELETE ON ALL TABLES IN SCHEMA public FROM kith_app, kith_worker;
GRANT DELETE ON {", ".join(WEB)} TO kith_app;
GRANT DELETE ON {", ".join(WORKER)} TO kith_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("climate", "0002_row_security"),
        ("groups_app", "0021_phases_of_the_practice"),
        ("keys", "0003_locked_texts"),
        ("members", "0010_known_people_row_security"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("practice", "0013_supervision_row_security"),
        ("process_notes", "0005_authors_keep_theirs"),
        ("records", "0004_kept"),
        ("reminders", "0005_taken"),
        ("sessions", "0001_initial"),
        ("sessions_log", "0013_signed_texts_take_new_keys"),
        ("usersessions", "0001_initial"),
    ]

    # Taken back, the rights stay as they are: nothing needs more.
    operations = [migrations.RunSQL(ONLY_THESE, migrations.RunSQL.noop)]
