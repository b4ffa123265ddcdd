"""Agreements: published, signed, changed, signed again."""

import hashlib
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from groups_app import services
from groups_app.models import AgreementVersion, Group, Membership, MembershipState, Signature
from practice.models import User
from tests.factories.groups_app import MembershipFactory, sign
from tests.factories.practice import MemberUserFactory
from tests.groups_app.ready import MEETING


@pytest.fixture
def membership(group: Group, agreement: AgreementVersion) -> Membership:
    """Somebody who prepares: met, not signed."""
    return MembershipFactory(group=group, client__with_account=True, state=MembershipState.PREPARING, starts_on=None)


def test_signature_keeps_what_was_signed(membership: Membership, agreement: AgreementVersion) -> None:
    """R47: exact text, its SHA-256, typed name, both boxes, account and time."""
    signature = sign(membership, agreement, typed_name=" Imani Adeyemi ")
    assert signature.text == agreement.text
    assert signature.sha256 == hashlib.sha256(signature.text.encode()).hexdigest()
    assert signature.typed_name == "Imani Adeyemi"
    assert signature.account == membership.client.user
    assert signature.reference.replace("-", "").lower() == signature.pk.hex[-12:]
    membership.refresh_from_db()
    assert membership.state == MembershipState.ACTIVE


def test_signing_twice_records_once(membership: Membership, agreement: AgreementVersion) -> None:
    assert sign(membership, agreement) == sign(membership, agreement, typed_name="Another Name")
    assert Signature.objects.get().typed_name == "Imani Adeyemi"


@pytest.mark.parametrize("missing", [{"typed_name": " "}, {"has_read": False}, {"intends_to_sign": False}])
def test_signature_must_be_meant(membership: Membership, agreement: AgreementVersion, missing: dict[str, Any]) -> None:
    with pytest.raises(services.NotMeant):
        sign(membership, agreement, **missing)
    assert not Signature.objects.exists()


def test_database_refuses_a_signature_that_is_not_meant(membership: Membership, agreement: AgreementVersion) -> None:
    with pytest.raises(IntegrityError, match="signature_is_meant"), transaction.atomic():
        Signature.objects.create(
            membership=membership,
            version=agreement,
            account=membership.client.user,
            text=agreement.text,
            sha256=agreement.sha256,
            typed_name="Imani",
            has_read=True,
            intends_to_sign=False,
            signed_at=agreement.published_at,
        )


def test_changed_meanwhile(membership: Membership, agreement: AgreementVersion, therapist: User) -> None:
    """R26: nobody signs a text that is not in force any more."""
    services.publish_agreement(group=membership.group, title="Agreement", text="## New\nText.", by=therapist)
    with pytest.raises(services.AgreementChanged, match="read the new text"):
        sign(membership, agreement)
    assert not Signature.objects.exists()


def test_change_asks_for_signing_again(membership: Membership, agreement: AgreementVersion, therapist: User) -> None:
    """R26: the old signature stays with the old words; the member stays a member and is asked again."""
    old = sign(membership, agreement)
    new = services.publish_agreement(group=membership.group, title="Agreement", text="## New\nText.", by=therapist)
    asked = Membership.objects.with_agreement_state().get(pk=membership.pk)
    assert (asked.state, asked.agreement_id, asked.agreement_signed) == (MembershipState.ACTIVE, new.pk, False)
    sign(asked, new)
    assert Membership.objects.with_agreement_state().get(pk=membership.pk).agreement_signed
    old.refresh_from_db()
    assert old.text == agreement.text != new.text


def test_old_signature_does_not_activate(group: Group, membership: Membership, agreement: AgreementVersion) -> None:
    """R25: it is the newest version that must be signed."""
    Membership.objects.filter(pk=membership.pk).update(pregroup_met_on=None)
    sign(membership, agreement)
    services.publish_agreement(group=group, title="Agreement", text="New.", by=agreement.published_by)
    recorded = services.record_pregroup_meeting(
        membership=membership, on=group.first_day.replace(day=10), by=agreement.published_by, **MEETING
    )
    assert recorded.state == MembershipState.PREPARING


def test_somebody_elses_account(membership: Membership, agreement: AgreementVersion, therapist: User) -> None:
    for account in (therapist, MemberUserFactory()):
        with pytest.raises(services.WrongState, match="own account"):
            sign(membership, agreement, account=account)


@pytest.mark.parametrize("state", [MembershipState.INVITED, MembershipState.WITHDRAWN])
def test_signing_outside_of_a_place(group: Group, agreement: AgreementVersion, state: str) -> None:
    membership = MembershipFactory(group=group, client__with_account=True, state=state)
    with pytest.raises(services.WrongState):
        sign(membership, agreement)


def test_publish_counts_versions_and_normalizes_lines(
    group: Group, agreement: AgreementVersion, therapist: User
) -> None:
    version = services.publish_agreement(group=group, title=" Rules ", text="## A\r\nB.\r\n", by=therapist)
    assert (version.number, version.title, version.text) == (2, "Rules", "## A\nB.\n")
    assert version.sha256 == hashlib.sha256(b"## A\nB.\n").hexdigest()


def test_publish_the_same_text(group: Group, agreement: AgreementVersion, therapist: User) -> None:
    version = services.publish_agreement(group=group, title="Rules", text="## A\r\nB.", by=therapist)
    with pytest.raises(services.AgreementUnchanged, match="version 2"):
        services.publish_agreement(group=group, title="Rules", text="## A\nB.\n", by=therapist)
    assert AgreementVersion.objects.filter(group=group).newest().get() == version


def test_publish_over_a_newer_version(group: Group, agreement: AgreementVersion, therapist: User) -> None:
    """Two leaders edit at once: the second one is told, not overruled and not overwritten."""
    services.publish_agreement(group=group, title="Rules", text="Mine.", by=therapist, based_on=agreement)
    with pytest.raises(services.AgreementChanged, match="Dana Whitfield published version 2"):
        services.publish_agreement(group=group, title="Rules", text="Yours.", by=therapist, based_on=agreement)
