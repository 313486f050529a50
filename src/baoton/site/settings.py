"""How one installation runs; everything that differs between two of them is an environment variable."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from baoton.site.log import config
from rulebook.provinces_in import key_of
from rulebook.reading import live_in

os.umask(0o077)  # whatever any process of ours writes is its owner's alone
VAR = Path(os.environ.get("BAOTON_VAR", "var")).resolve()


def _province() -> str:
    """The province whose folder this installation was made from, else the one of the environment."""
    kept = os.environ.get("BAOTON_PROVINCE_FOLDER", "")
    place = Path(kept).resolve() if kept else VAR / "province"
    if (place / "province.yaml").is_file():
        return live_in(key_of(place), place)
    return live_in(os.environ.get("BAOTON_PROVINCE", "lai_chau"))


PROVINCE = _province()
DEBUG = os.environ.get("BAOTON_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("BAOTON_HOSTS", "127.0.0.1 localhost testserver").split()
CSRF_TRUSTED_ORIGINS = os.environ.get("BAOTON_ORIGINS", "").split()


def _secret() -> str:
    """The key from the environment, else one made once and kept in the var folder, readable by its owner alone."""
    if key := os.environ.get("BAOTON_SECRET_KEY"):
        return key
    path = VAR / "secret_key"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w") as out:
            out.write(os.urandom(48).hex())
    return path.read_text()


SECRET_KEY = _secret()


def _database() -> dict[str, object]:
    """PostgreSQL where DATABASE_URL says so, else one SQLite file with write-ahead log."""
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    if url.scheme.startswith("postgres"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": url.port or "",
            "CONN_MAX_AGE": 60,
        }
    VAR.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR / "baoton.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-131072;"
                "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=1073741824;"
            ),
        },
    }


AUDIT_KEY = os.environ.get("BAOTON_AUDIT_KEY", "")  # else a file of the data folder, made once
AUDIT_HEADS = os.environ.get("BAOTON_HEADS", "")  # a second file for the heads, on another disk or share
AUDIT_MAIL = os.environ.get("BAOTON_AUDIT_MAIL", "")  # who gets the newest head once a day
EMAIL_HOST, _colon, _port = os.environ.get("BAOTON_SMTP", "localhost:25").partition(":")
EMAIL_PORT = int(_port or "25")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("BAOTON_MAIL_FROM", "baoton@localhost")
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = "baoton.kit.mail.Office"
DATABASES = {"default": _database()}
if "sqlite3" in str(DATABASES["default"]["ENGINE"]):
    # who signs in writes no row of the one database, so nobody waits at the door for a long import
    SESSION_ENGINE = "django.contrib.sessions.backends.file"
    SESSION_FILE_PATH = str(VAR / "sessions")
    (VAR / "sessions").mkdir(mode=0o700, exist_ok=True)
BLOB_DIR = VAR / "blobs"
JOBS_FILE = VAR / "jobs.sqlite3"
JOBS_INLINE = os.environ.get("BAOTON_JOBS_INLINE") == "1"
VENDOR_DIR = VAR / "vendor"
SITE_ADDRESS = os.environ.get("BAOTON_ADDRESS", "http://127.0.0.1:8000")
REMEMBER_ANSWERS = os.environ.get("BAOTON_REMEMBER", "1") == "1"
REQUEST_SECONDS = float(os.environ.get("BAOTON_REQUEST_SECONDS", "180"))
JOB_MINUTES = float(os.environ.get("BAOTON_JOB_MINUTES", "120"))
LOGGING = config(os.environ.get("BAOTON_LOG", "INFO").upper())
UPLOAD_LIMIT_MB = int(os.environ.get("BAOTON_UPLOAD_MB", "512"))
PUBLIC_LIMIT_MB = 90  # without an account: six photos of a tip
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

DOMAINS = [
    "baoton.kit",
    "baoton.people",
    "baoton.notices",
    "baoton.places",
    "baoton.files",
    "baoton.remarks",
    "baoton.law",
    "baoton.taxa",
    "baoton.plan",
    "baoton.observations",
    "baoton.funding",
    "baoton.facilities",
    "baoton.outreach",
    "baoton.patrols",
    "baoton.surveys",
    "baoton.cameras",
    "baoton.habitats",
    "baoton.custody",
    "baoton.tips",
    "baoton.together",
    "baoton.enforcement",
    "baoton.rescue",
    "baoton.fire",
    "baoton.invasive",
    "baoton.waters",
    "baoton.assessment",
    "baoton.sharing",
    "baoton.reporting",
    "baoton.site",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    *DOMAINS,
]
MIDDLEWARE = [
    "baoton.site.middleware.numbered",
    "baoton.site.middleware.head_as_get",
    "baoton.site.middleware.limited_time",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "baoton.site.remembering.remembered",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "baoton.site.middleware.language",
    "baoton.site.middleware.of_one_moment",
    "baoton.kit.addresses.readable",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "baoton.site.middleware.limited_body",
    "baoton.people.sessions.noted",
    "baoton.site.middleware.named",
    "baoton.people.views.second_factor_first",
    "baoton.people.viewing.through",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "baoton.site.middleware.headers",
]
ROOT_URLCONF = "baoton.site.urls"
AUTH_USER_MODEL = "people.Person"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "baoton.site.context.page",
            ],
        },
    }
]
_PASSWORD = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "baoton.people.passwords.Length", "OPTIONS": {"min_length": 12}},
    {"NAME": _PASSWORD + "UserAttributeSimilarityValidator"},
    {"NAME": _PASSWORD + "CommonPasswordValidator"},
    {"NAME": _PASSWORD + "NumericPasswordValidator"},
]
SESSION_COOKIE_AGE = int(float(os.environ.get("BAOTON_SESSION_HOURS", 12)) * 3600)
PROXIES = int(os.environ.get("BAOTON_PROXIES", "0"))  # how many trusted proxies stand before the server

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["baoton.site.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [("vendor", VENDOR_DIR)] if VENDOR_DIR.is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("BAOTON_HTTPS") == "1"
TWO_FACTOR = os.environ.get("BAOTON_TWO_FACTOR", "required" if SESSION_COOKIE_SECURE else "offered")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "baoton.kit.pages.boxes.Boxes"
