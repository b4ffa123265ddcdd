"""How large a demo practice is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """What is counted of a demo practice; every size contains the small one's three groups and their people."""

    name: str
    cities: int  # sites besides Brooklyn, Austin and Online
    rooms: int  # at each site
    therapists: int
    groups: int
    members: int  # people who have, or had, a place in a group
    waiting: int


SMALL = Size("small", cities=0, rooms=3, therapists=2, groups=3, members=20, waiting=12)
PRACTICE = Size("practice", cities=0, rooms=4, therapists=12, groups=40, members=300, waiting=120)
NETWORK = Size("network", cities=23, rooms=8, therapists=300, groups=3_000, members=24_000, waiting=1_500)

SIZES = {size.name: size for size in (SMALL, PRACTICE, NETWORK)}
