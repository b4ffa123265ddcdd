"""What was mailed and what was known before invitations and links became the outbox's."""

from django.db import migrations

# Links that the room of accounts has mailed itself are not mailed again; what it had not mailed yet, the outbox finds.
_INVITATIONS = """
INSERT INTO reminders_message (
    id, created_at, kind, channel, client_id, account_id, subject_id, lead_hours, version, also_changed, due_at,
    useful_until, state, outcome, attempts, sent_at, provider_id, answer
)
SELECT gen_random_uuid(), invitation.created_at, 'invitation', 'email', client.id,
       CASE WHEN client.id IS NULL THEN invitation.user_id END, invitation.id, 0, 1, 0, invitation.created_at,
       invitation.expires_at, 'sent', '', 1, invitation.mailed_at, '', ''
  FROM practice_invitation AS invitation
  LEFT JOIN members_client AS client ON client.user_id = invitation.user_id
 WHERE invitation.mailed_at IS NOT NULL AND invitation.accepted_at IS NULL AND invitation.revoked_at IS NULL
    ON CONFLICT DO NOTHING
"""
_LINKS = """
UPDATE reminders_knownschedule AS known SET online_link = session.online_link
  FROM sessions_log_session AS session
 WHERE session.id = known.session_id AND session.schedule_version = known.version
"""
_ACT = "SELECT set_config('app.user_id', '{}', true)"


class Migration(migrations.Migration):
    dependencies = [("reminders", "0007_invitations_and_links")]

    operations = [
        migrations.RunSQL([_ACT.format("system"), _INVITATIONS, _LINKS, _ACT.format("")], migrations.RunSQL.noop)
    ]
