"""The WSGI entry point served by granian."""

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
import_module("keys.checks").refuse_to_start_without_keys()

# What is loaded by now stays for good: let the collector of cycles pass it by, and come less often than every 700
# objects, of which a page makes tens of thousands. A tenth of a page's time was spent on looking for cycles.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
