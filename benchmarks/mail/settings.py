"""The product's settings with the contenders of ``benchmarks.reminders`` installed beside it."""

from config.settings import *  # noqa: F403

INSTALLED_APPS += ["post_office", "benchmarks.mail"]  # noqa: F405
MIGRATION_MODULES = {"mail": None}
# How often beat ticks, for runs that shall not take minutes.
CELERY_BEAT_SCHEDULE["send-due-reminders"]["schedule"] = env.float("BENCHMARK_TICK", default=30.0)  # noqa: F405
POST_OFFICE = {
    "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
    "BATCH_SIZE": env.int("BENCHMARK_POST_OFFICE_BATCH", default=500),  # noqa: F405
    "BATCH_DELIVERY_TIMEOUT": 600,
    "LOG_LEVEL": 0,
    "LOCK_FILE_NAME": str(DATA_DIR / "post-office"),  # noqa: F405
}
