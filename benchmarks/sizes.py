"""The demo practices that can be measured: the product's own sizes and one of ten practices."""

from home.demo import sizes
from home.demo.sizes import Size

PRACTICE_X10 = Size("practice-x10", cities=8, rooms=4, therapists=120, groups=400, members=3_000, waiting=1_200)
SIZES = {**sizes.SIZES, PRACTICE_X10.name: PRACTICE_X10}
