"""Logs carry ids only (issue "health", TRUST): no text of an exception, no secret of a link."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.log import configure_logging

from practice.models import Site
from tests.factories.members import ClientFactory

CANARY = "canary.person@mail.example"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that the configured handler writes during the test."""
    stream = io.StringIO()
    configure_logging("logging.config.dictConfig", settings.LOGGING)
    handler = logging.getLogger().handlers[-1]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    logging.getLogger().setLevel(logging.INFO)
    yield stream
    configure_logging("logging.config.dictConfig", settings.LOGGING)


@pytest.mark.django_db
@pytest.mark.parametrize("through", ["structlog", "logging"])
def test_a_logged_exception_tells_its_class_and_place_but_not_its_text(log: io.StringIO, through: str) -> None:
    place = {"name": CANARY, "zone": "America/New_York", "state": "NY"}
    Site.objects.create(**place)
    logger = structlog.get_logger("kith.test") if through == "structlog" else logging.getLogger("kith.test")
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Site.objects.create(**place)
    assert CANARY in str(refusal.value), "PostgreSQL no longer quotes the row: this test has lost its point"
    logger.error("write_failed", exc_info=refusal.value)
    entry = json.loads(log.getvalue().splitlines()[-1])
    assert entry["exception"] == "IntegrityError"
    assert any("test_logs.py" in place for place in entry["trace"])
    assert CANARY not in log.getvalue()


@pytest.mark.django_db
def test_of_a_protected_row_not_even_the_exception_tells(log: io.StringIO) -> None:
    ClientFactory(email=CANARY)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        ClientFactory(email=CANARY)
    assert CANARY not in str(refusal.value)


@pytest.mark.django_db
def test_the_secret_part_of_a_link_is_hidden(client: Client, log: io.StringIO) -> None:
    client.get("/account/invitation/canary-token/")
    assert "/account/invitation/…" in log.getvalue()
    assert "canary-token" not in log.getvalue()
