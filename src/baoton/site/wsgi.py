"""The application a web server runs."""

import os

from django.core.wsgi import get_wsgi_application

from baoton.site.serve import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baoton.site.settings")
end_with_parent()
application = get_wsgi_application()
