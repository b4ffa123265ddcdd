"""Phone numbers: stored as E.164, read and shown as people in the United States write them."""

import phonenumbers
from django.utils.translation import gettext as _

from common.errors import RuleBroken

HOME_REGION = "US"


class NotAPhone(RuleBroken):
    """The text is no number that can be called."""


def to_e164(text: str) -> str:
    """Return the number as ``+17185550100``; without a country code it is an American one. Raises ``NotAPhone``."""
    refusal = NotAPhone(
        _("“%(text)s” is not a phone number. Write it with its area code, for example (718) 555-0100.")
        % {"text": text[:40]}
    )
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise refusal from error
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise refusal
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def as_written(e164: str) -> str:
    """Return a stored number as people write it: ``(718) 555-0100``, with the country code only if it is foreign."""
    if not e164:
        return ""
    number = phonenumbers.parse(e164)
    is_home = number.country_code == phonenumbers.country_code_for_region(HOME_REGION)
    style = phonenumbers.PhoneNumberFormat.NATIONAL if is_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)
