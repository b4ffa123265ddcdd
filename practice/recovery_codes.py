"""Recovery codes that the database cannot give back (ASVS 5.0, 6.5.2; TRUST, accounts).

allauth derives its codes from a stored seed and can show them for ever. Ours are random, shown once, and kept as hashes
from then on: with 120 bits each, one SHA-256 is enough. Until they were shown they lie encrypted beside their hashes.
"""

import hashlib
import hmac
import secrets
import time

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth, flows
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction

from practice.models import User

# Crockford's: nothing that reads like something else.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP_LENGTH = 4, 6
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


class HashedRecoveryCodes(auth.RecoveryCodes):
    """The recovery codes of one account. ``install`` puts them in the place of allauth's."""

    instance: Authenticator

    def __init__(self, instance: Authenticator) -> None:
        super().__init__(instance)
        self._being_shown: list[str] = []

    @classmethod
    def activate(cls, user: User) -> "HashedRecoveryCodes":
        """Give ``user`` new codes, or return the ones there are."""
        present = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
        if present:
            return cls(present)
        codes = [_new_code() for _ in range(app_settings.RECOVERY_CODE_COUNT)]
        data = {"hashes": [_hash(code) for code in codes], "unseen": encrypt(" ".join(codes))}
        return cls(Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data=data))

    def get_unused_codes(self) -> list[str]:
        """Return the codes while nobody has seen them; afterwards a blank for each one that still works."""
        unseen = self.instance.data.get("unseen")
        if unseen:
            return decrypt(unseen).split(" ")
        return self._being_shown or [""] * len(self.instance.data["hashes"])

    @transaction.atomic
    def validate_code(self, code: str) -> bool:
        """Return whether ``code`` is one that was not used yet, and use it up. Two at once: one wins."""
        self.instance = Authenticator.objects.select_for_update().get(pk=self.instance.pk)
        hashes, given = self.instance.data["hashes"], _hash(code)
        found = [stored for stored in hashes if hmac.compare_digest(stored, given)]
        if found:
            self.instance.data["hashes"] = [stored for stored in hashes if stored not in found]
            self.instance.data.pop("unseen", None)  # it would still name the used one
            self.instance.save(update_fields=["data"])
        return bool(found)

    def mark_as_viewed(self) -> None:
        """Forget the codes themselves: they are on the page that is being made, and nowhere else from now on."""
        self._being_shown = self.get_unused_codes()
        self.instance.data.pop("unseen", None)
        self.instance.data["viewed_at"] = time.time()
        self.instance.save(update_fields=["data"])


def install() -> None:
    """Let allauth use these codes wherever it would use its own. Called once, when the application starts."""
    auth.RecoveryCodes = flows.RecoveryCodes = HashedRecoveryCodes


def _new_code() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def _hash(code: str) -> str:
    return hashlib.sha256(code.upper().translate(_MISREAD).encode()).hexdigest()
