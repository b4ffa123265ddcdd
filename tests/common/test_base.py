"""Rows are made of what was read without Django's way through ``__init__``: nobody may notice."""

import pytest
from django.db.models.signals import post_init, pre_init

from members.models import Client
from tests.factories.members import ClientFactory


@pytest.mark.django_db
def test_a_row_that_was_read_is_a_stored_one_with_everything_in_it():
    client = ClientFactory.create()

    read = Client.objects.get(pk=client.pk)

    assert read == client
    assert (read._state.adding, read._state.db) == (False, "default")
    assert not read.get_deferred_fields()


@pytest.mark.django_db
def test_what_was_left_out_is_fetched_when_somebody_looks_and_relations_come_along(django_assert_num_queries):
    client = ClientFactory.create()

    with django_assert_num_queries(1):
        read = Client.objects.select_related("site").only("last_name", "site__zone").get(pk=client.pk)
        assert (read.last_name, read.site.zone) == (client.last_name, client.site.zone)
    assert "first_name" in read.get_deferred_fields()
    with django_assert_num_queries(1):
        assert read.first_name == client.first_name


def test_nobody_waits_to_hear_that_a_row_was_made():
    assert not pre_init.receivers
    assert not post_init.receivers
