"""The product's settings with the bare page mounted beside it."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
