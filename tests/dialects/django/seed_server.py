"""System s1 as its own document has it, under Django and Django REST Framework, with a stub in place of the SMS call.

The code is taken out of the document when the test runs; none of it stands in this repository.
"""

import logging
import re
import sys
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

REQUESTS_STUB = '''
"""Records what would have been sent."""
import json

class exceptions:
    class RequestException(Exception):
        pass

sent = []

class _Answer:
    def json(self):
        return [{"msg_id": "1", "str_response": "Send Successful"}]

def post(url, headers=None, data=None, timeout=None):
    for message in json.loads(data):
        sent.append((message["number"], message["msg"]))
    return _Answer()
'''


def extract(document: Path, into: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", document.read_text(encoding="utf-8"), re.DOTALL)

    def block(mark):
        found = [each for each in blocks if mark in each]
        assert found, f"the document has no code with {mark!r}"
        return found[0]

    files = {
        "users/__init__.py": "",
        "users/models.py": block("class Verification(models.Model)"),
        "users/views/__init__.py": "",
        "users/views/otp_views.py": block("def verify_otp_code(request)"),
        "utils/__init__.py": "",
        "utils/otp_handler.py": block("def send_and_save_otp("),
        "requests.py": REQUESTS_STUB,
    }
    for name, text in files.items():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def serve(document: Path, scratch: Path) -> int:
    """Serves the document's two routes under /api/users/ on a free port of 127.0.0.1, which is returned."""
    extract(document, scratch)
    sys.path.insert(0, str(scratch))
    import django
    from django.conf import settings

    settings.configure(
        DEBUG=False,
        SECRET_KEY="of a test",
        ALLOWED_HOSTS=["*"],
        USE_TZ=True,
        ROOT_URLCONF=__name__ + "_urls",
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "users", "rest_framework"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(scratch / "db.sqlite3")}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": [], "UNAUTHENTICATED_USER": None},
        LOGGING_CONFIG=None,
    )
    django.setup()
    logging.disable(logging.CRITICAL)
    from django.db import connection
    from users.models import Verification

    with connection.schema_editor() as editor:
        editor.create_model(Verification)

    import types

    from django.urls import path
    from users.views.otp_views import send_otp, verify_otp_code

    urls = types.ModuleType(__name__ + "_urls")
    urls.urlpatterns = [path("api/users/send-otp/", send_otp), path("api/users/verify-otp/", verify_otp_code)]
    sys.modules[urls.__name__] = urls

    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def newest(number: str):
    """The newest message to a number, as it was typed; None if there is none."""
    import requests

    return next((text for to, text in reversed(requests.sent) if to == number), None)
