"""The entry granian serves. It refuses to start when a start-up check fails, so that demo mode cannot be left on."""

import os

from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joinedup.config.settings")
application = get_wsgi_application()
_faults = [message for message in run_checks() if message.is_serious()]
if _faults:
    raise ImproperlyConfigured(" ".join(str(fault) for fault in _faults))
