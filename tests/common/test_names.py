"""Names are sorted as people expect, whatever the database's collation."""

import pytest

from common.names import sort_key
from tests.factories.members import ClientFactory


@pytest.mark.parametrize(
    "ordered",
    [
        ["Abel", "Åberg", "Achterberg", "de Vries", "Ødegaard", "Oesterle", "Zeller"],
        ["Obrecht", "O’Brien", "Ochs"],
        ["Đặng", "Dao", "Łaska", "Lim", "Straße", "Strasser", "Þór", "Tillman"],
    ],
)
def test_names_in_their_order(ordered: list[str]) -> None:
    shuffled = [*ordered[1::2], *ordered[::2]]
    assert sorted(shuffled, key=sort_key) == ordered


@pytest.mark.parametrize(
    ("one", "other"),
    [("O’Brien", "OBRIEN"), ("O'Brien", "Obrien"), ("Ǿdegaard", "odegaard"), ("Đặng", "Dang"), ("Straße", "STRASSE")],
)
def test_case_accents_and_apostrophes_do_not_count(one: str, other: str) -> None:
    assert sort_key(one) == sort_key(other)


def test_the_last_name_decides_before_the_first() -> None:
    people = [("Lee", "Zoe"), ("Leeson", "Anna"), ("Lee", "Anna")]
    ordered = sorted(people, key=lambda person: sort_key(*person))
    assert ordered == [("Lee", "Anna"), ("Lee", "Zoe"), ("Leeson", "Anna")]


@pytest.mark.django_db
def test_the_stored_key_follows_the_name() -> None:
    client = ClientFactory(first_name="Zoë", last_name="Ørsted")
    assert client.sort_key == "orsted\x01zoe"
    client.last_name = "Åberg"
    client.save()
    client.refresh_from_db()
    assert client.sort_key == "aberg\x01zoe"


@pytest.mark.django_db
def test_rows_written_in_bulk_have_it_too() -> None:
    clients = ClientFactory.build_batch(2, last_name="Ørsted", site=ClientFactory().site)
    type(clients[0]).objects.bulk_create(clients)
    assert type(clients[0]).objects.filter(sort_key__startswith="orsted").count() == 2


@pytest.mark.django_db
def test_the_longest_names_fit() -> None:
    client = ClientFactory(first_name="ﷺ" * 100, last_name="ß" * 100)
    assert len(client.sort_key) == 255
