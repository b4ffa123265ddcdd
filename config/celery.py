"""The Celery application.

Celery only executes; what is due stands in PostgreSQL. Losing Redis therefore delays work and never loses it
(see ``docs/adr/0005-outbox-in-postgres.md``).
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("kith")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
