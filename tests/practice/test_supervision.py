"""Who supervises whom: begun and ended by administrators, kept for good (R4, R43)."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from audit.querysets import Entries
from common.clock import today_in
from practice.models import Role, Supervision, User
from practice.services import AlreadySupervised, NotASupervisor, begin_supervision, end_supervision, site_zones
from tests.factories.practice import (
    CoordinatorFactory,
    SupervisorFactory,
    TherapistFactory,
    UserFactory,
)
from tests.practice.conftest import OUTSIDERS, texts

pytestmark = pytest.mark.django_db


class TestServices:
    def test_begins_today_once(self, administrator: User) -> None:
        supervisor, therapist = SupervisorFactory(), TherapistFactory()
        begun = begin_supervision(supervisor=supervisor, therapist=therapist, by=administrator)
        assert (begun.since, begun.until) == (today_in(site_zones()[0]), None)
        with pytest.raises(AlreadySupervised):
            begin_supervision(supervisor=supervisor, therapist=therapist, by=administrator)
        assert list(Supervision.objects.of(supervisor)) == [begun]

    def test_ends_once_and_may_begin_again(self, administrator: User) -> None:
        supervisor, therapist = SupervisorFactory(), TherapistFactory()
        begun = begin_supervision(supervisor=supervisor, therapist=therapist, by=administrator)
        for _twice in range(2):
            end_supervision(supervision=begun, by=administrator)
        assert not Supervision.objects.of(supervisor).exists()
        begin_supervision(supervisor=supervisor, therapist=therapist, by=administrator)
        assert Supervision.objects.count() == 2, "the first stays"
        actions = [entry.action for entry in Entries(actions=("supervision.begun", "supervision.ended"))]
        assert actions == ["supervision.begun", "supervision.ended", "supervision.begun"]

    def test_needs_two_active_people_with_the_roles(self, administrator: User) -> None:
        both = UserFactory(roles=[Role.THERAPIST, Role.SUPERVISOR])
        pairs = [
            (both, both),
            (TherapistFactory(), TherapistFactory()),
            (SupervisorFactory(), CoordinatorFactory()),
            (SupervisorFactory(is_active=False), TherapistFactory()),
            (SupervisorFactory(), TherapistFactory(is_active=False)),
        ]
        for supervisor, therapist in pairs:
            with pytest.raises(NotASupervisor):
                begin_supervision(supervisor=supervisor, therapist=therapist, by=administrator)

    def test_the_past_stays(self, administrator: User) -> None:
        SupervisorFactory(of=[TherapistFactory()])
        ended = Supervision.objects.all()
        end_supervision(supervision=ended.get(), by=administrator)
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            ended.update(until=None)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            ended.delete()


class TestPages:
    def test_is_noted_and_ended_on_the_persons_page(self, office: Client) -> None:
        supervisor, therapist = SupervisorFactory(first_name="Ines", last_name="Castellanos"), TherapistFactory()
        page = reverse("practice:person", args=[therapist.pk])
        begin = reverse("practice:supervision_begin", args=[therapist.pk])
        assert "Add supervisor" in office.get(page).content.decode()
        sentences = [texts(office.post(begin, {"supervisor": supervisor.pk}, follow=True)) for _twice in range(2)]
        assert sentences == [
            [f"Ines Castellanos now supervises {therapist.name}."],
            ["Choose one of the supervisors."],
        ]
        assert "Since " in office.get(page).content.decode()
        assert therapist.name in office.get(reverse("practice:person", args=[supervisor.pk])).content.decode()
        end = reverse("practice:supervision_end", args=[Supervision.objects.get().pk])
        for _twice in range(2):
            ended = texts(office.post(end, follow=True))
            assert ended == [f"Ines Castellanos no longer supervises {therapist.name}."]
        assert "From " in office.get(page).content.decode()

    def test_is_for_administrators(self, browser_of: Callable[[User], Client]) -> None:
        supervisor, therapist = SupervisorFactory(of=[TherapistFactory()]), TherapistFactory()
        begin = reverse("practice:supervision_begin", args=[therapist.pk])
        end = reverse("practice:supervision_end", args=[Supervision.objects.get().pk])
        for outsider in OUTSIDERS:
            browser = browser_of(outsider())
            assert browser.post(begin, {"supervisor": supervisor.pk}).status_code == 404
            assert browser.post(end).status_code == 404
        assert not therapist.supervised_by.exists()

    def test_other_verbs_are_refused(self, office: Client) -> None:
        SupervisorFactory(of=[TherapistFactory()])
        assert office.get(reverse("practice:supervision_begin", args=[TherapistFactory().pk])).status_code == 405
        assert office.get(reverse("practice:supervision_end", args=[Supervision.objects.get().pk])).status_code == 405
