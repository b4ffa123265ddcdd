"""A session that is over, with its members."""

from tests.sessions_log.conftest import clock, group, members, past_session, session, sign_in, therapist

__all__ = ["clock", "group", "members", "past_session", "session", "sign_in", "therapist"]
