"""Notes in named parts, what completes a signed record, and how authors like to write (R34, R37)."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import common.base
import common.clock
import common.encryption

# Model → old column → name of the part it becomes.
PARTS = {
    "groupnote": {"theme": "theme", "observations": "observations", "plan": "plan"},
    "membernote": {"text": "note"},
}


def gather(apps, schema_editor):
    """Put the texts that stood in columns of their own into one."""
    for model, names in PARTS.items():
        table = f"sessions_log_{model}"
        # Signed notes too: their words stay the same, only where they stand changes.
        schema_editor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for note in apps.get_model("sessions_log", model).objects.all().iterator():
            note.parts = {part: getattr(note, column) for column, part in names.items()}
            note.save(update_fields=["parts"])
        schema_editor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    dependencies = [
        ("groups_app", "0002_default_agreement"),
        ("sessions_log", "0004_absence_by_link"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.SeparateDatabaseAndState(
                database_operations=[
                    migrations.RunSQL(
                        f"ALTER TABLE sessions_log_{model} ADD COLUMN parts bytea",
                        f"ALTER TABLE sessions_log_{model} DROP COLUMN parts",
                    )
                ],
                state_operations=[
                    migrations.AddField(
                        model_name=model,
                        name="parts",
                        field=common.encryption.EncryptedPartsField(default=dict, editable=True),
                    )
                ],
            )
            for model in PARTS
        ),
        migrations.RunPython(gather, migrations.RunPython.noop),
        *(
            migrations.RunSQL(
                f"ALTER TABLE sessions_log_{model} ALTER COLUMN parts SET NOT NULL", migrations.RunSQL.noop
            )
            for model in PARTS
        ),
        *(migrations.RemoveField(model_name=model, name=name) for model, names in PARTS.items() for name in names),
        migrations.CreateModel(
            name="Addendum",
            fields=[
                ("id", models.UUIDField(default=common.base.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=common.clock.now, editable=False)),
                (
                    "text",
                    common.encryption.EncryptedTextField(default="", editable=True, verbose_name="What is to be added"),
                ),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("written_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="BoundaryEvent",
            fields=[
                ("id", models.UUIDField(default=common.base.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=common.clock.now, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contact", "Physical contact"),
                            ("demonstration", "Acted out instead of said"),
                            ("walking-out", "Walked out"),
                            ("outside-contact", "Contact outside the group"),
                            ("confidentiality", "Confidentiality"),
                            ("other", "Something else"),
                        ],
                        max_length=15,
                    ),
                ),
                (
                    "words",
                    common.encryption.EncryptedTextField(
                        blank=True, default="", editable=True, verbose_name="in a few words"
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("recorded_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="CoSignature",
            fields=[
                ("id", models.UUIDField(default=common.base.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=common.clock.now, editable=False)),
                ("signed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("signed_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Snippet",
            fields=[
                ("id", models.UUIDField(default=common.base.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=common.clock.now, editable=False)),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("text", common.encryption.EncryptedTextField(default="", editable=True, verbose_name="words")),
            ],
            options={
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="WritingStyle",
            fields=[
                ("id", models.UUIDField(default=common.base.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=common.clock.now, editable=False)),
                (
                    "member_format",
                    models.CharField(
                        choices=[
                            ("short", "A few words"),
                            ("full", "Participation to plan"),
                            ("dap", "DAP"),
                            ("soap", "SOAP"),
                            ("birp", "BIRP"),
                            ("girp", "GIRP"),
                        ],
                        default="short",
                        max_length=5,
                        verbose_name="format of members’ notes",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="attendance",
            name="minutes_missed",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="groupnote",
            name="phase",
            field=models.CharField(
                blank=True,
                choices=[
                    ("assessment", "Assessment"),
                    ("problem-areas", "Problem areas"),
                    ("skills", "Building skills"),
                    ("resilience", "Resilience"),
                ],
                max_length=15,
            ),
        ),
        migrations.AddField(
            model_name="groupnote",
            name="tags",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("thoughts", "Thoughts"),
                        ("feelings", "Feelings"),
                        ("associations", "Associations"),
                        ("fantasies", "Fantasies"),
                        ("reactions", "Reactions"),
                        ("impulses", "Impulses"),
                    ],
                    max_length=30,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="membernote",
            name="format",
            field=models.CharField(
                choices=[
                    ("short", "A few words"),
                    ("full", "Participation to plan"),
                    ("dap", "DAP"),
                    ("soap", "SOAP"),
                    ("birp", "BIRP"),
                    ("girp", "GIRP"),
                ],
                default="short",
                max_length=5,
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="documented_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="attendance",
            name="status",
            field=models.CharField(
                choices=[
                    ("present", "Here"),
                    ("late", "Late"),
                    ("left-early", "Left early"),
                    ("absent-notice", "Away, with notice"),
                    ("no-show", "Away, no notice"),
                    ("walked-out", "Walked out"),
                    ("called-off", "Called off"),
                ],
                max_length=15,
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minutes_missed__isnull", True),
                    models.Q(("minutes_missed__gt", 0), ("status__in", ("late", "left-early", "walked-out"))),
                    _connector="OR",
                ),
                name="attendance_minutes_in_part",
            ),
        ),
        migrations.AddField(
            model_name="addendum",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="addendum",
            name="membership",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="addenda",
                to="groups_app.membership",
            ),
        ),
        migrations.AddField(
            model_name="addendum",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="addenda", to="sessions_log.session"
            ),
        ),
        migrations.AddField(
            model_name="boundaryevent",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="boundary_events", to="groups_app.membership"
            ),
        ),
        migrations.AddField(
            model_name="boundaryevent",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="boundaryevent",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="boundary_events", to="sessions_log.session"
            ),
        ),
        migrations.AddField(
            model_name="cosignature",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="cosignature",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cosignatures", to="sessions_log.session"
            ),
        ),
        migrations.AddField(
            model_name="snippet",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="snippets", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="writingstyle",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="writing_style", to=settings.AUTH_USER_MODEL
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="addendum",
            trigger=pgtrigger.compiler.Trigger(
                name="addendum_written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2ee4a8704118ad55d629fb6544455379981a5245",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_addendum_written_once_cab58",
                    table="sessions_log_addendum",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundaryevent",
            trigger=pgtrigger.compiler.Trigger(
                name="boundary_event_added_before",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (\n        SELECT FROM sessions_log_groupnote WHERE session_id = NEW.session_id AND signed_at IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'the notes of this session are signed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="57bb6a9e809fdd3f7cc99602f3891886aefade59",
                    operation="INSERT",
                    pgid="pgtrigger_boundary_event_added_before_fde3e",
                    table="sessions_log_boundaryevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="boundaryevent",
            trigger=pgtrigger.compiler.Trigger(
                name="boundary_event_locked",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (\n        SELECT FROM sessions_log_groupnote WHERE session_id = OLD.session_id AND signed_at IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'the notes of this session are signed' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN OLD;\n",
                    hash="682f306b25c7f90a217cfa3cb23d0f23a98431c8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_boundary_event_locked_97c8f",
                    table="sessions_log_boundaryevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="cosignature",
            constraint=models.UniqueConstraint(fields=("session", "by"), name="cosignature_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cosignature",
            trigger=pgtrigger.compiler.Trigger(
                name="cosignature_written_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="fea9440d3403bec1c266f1eafd5ab4515e387181",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_cosignature_written_once_ca22f",
                    table="sessions_log_cosignature",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="snippet",
            constraint=models.UniqueConstraint(fields=("author", "name"), name="snippet_name_once"),
        ),
        migrations.RunSQL(
            """
            UPDATE sessions_log_session SET documented_at = note.signed_at
            FROM sessions_log_groupnote note
            WHERE note.session_id = sessions_log_session.id AND note.signed_at IS NOT NULL
            """,
            migrations.RunSQL.noop,
        ),
    ]
