"""A session that is over, with its members."""

from tests.sessions_log.conftest import clock, group, members, open_as, past_session, session, sign_in, therapist

__all__ = ["clock", "group", "members", "open_as", "past_session", "session", "sign_in", "therapist"]
