"""The product's settings with the bare page mounted beside it."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
FEED_RATE = 1_000_000
