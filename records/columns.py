"""The columns of a list of clients: their names as people write them, and which of them a file must have."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of the file. ``is_required``: the file must have it (a cell of it may still be empty)."""

    name: str
    is_required: bool = False


FIRST_NAME = Column("First name", is_required=True)
LAST_NAME = Column("Last name", is_required=True)
PREFERRED_NAME = Column("Preferred name")
PRONOUNS = Column("Pronouns")
GENDER = Column("Gender")
BIRTH_DATE = Column("Date of birth", is_required=True)
EMAIL = Column("Email", is_required=True)
MOBILE = Column("Mobile")
CONTACT_BY = Column("Contact by", is_required=True)
SITE = Column("Site", is_required=True)
ONLINE_OK = Column("Online ok")
REFERRAL_DATE = Column("Referral date", is_required=True)
REFERRAL_REASON = Column("Referral reason")
DIFFICULTIES = Column("Difficulties")
PROBLEM_AREAS = Column("Problem areas")
CONDITIONS = Column("Conditions")
GOALS = Column("Goals")
AVAILABLE = Column("Available", is_required=True)
KEEP_APART = Column("Keep apart from")
NOTES = Column("Notes")

COLUMNS = (
    FIRST_NAME,
    LAST_NAME,
    PREFERRED_NAME,
    PRONOUNS,
    GENDER,
    BIRTH_DATE,
    EMAIL,
    MOBILE,
    CONTACT_BY,
    SITE,
    ONLINE_OK,
    REFERRAL_DATE,
    REFERRAL_REASON,
    DIFFICULTIES,
    PROBLEM_AREAS,
    CONDITIONS,
    GOALS,
    AVAILABLE,
    KEEP_APART,
    NOTES,
)
