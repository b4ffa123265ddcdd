"""Settings, read from the environment; ``.env.example`` lists every variable.

A practice's own choices (sizes, reminder leads, texts) are not here: they are rows of ``practice.Policy``.
"""

import sys
from pathlib import Path
from typing import Any

import environ
import pghistory
import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF

from common.key_files import lines_of
from common.logs import exceptions_without_text, paths_without_secrets
from config.sms import sms_settings

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
# The one-command start leaves its secrets and socket addresses here, so that ``manage.py`` finds the running practice.
environ.Env.read_env(DATA_DIR / "kith.env", overwrite=False)

# --- What kind of place this is -------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("KITH_DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Absolute address put into mails sent from the background, where there is no request.
BASE_URL = env.str("KITH_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
REQUIRE_STAFF_MFA = env.bool("KITH_REQUIRE_STAFF_MFA", default=True)
# "<uuid hex>:<base64 of 32 bytes>", comma-separated or one a line of a file; the first wraps, all unwrap (TRUST).
ENCRYPTION_KEYS = [
    *env.list("KITH_ENCRYPTION_KEYS", default=[]),
    *lines_of(env.str("KITH_ENCRYPTION_KEYS_FILE", default="")),
]
# Of the same form: the first signs the heads of the audit trail, all verify them.
AUDIT_KEYS = env.list("KITH_AUDIT_KEYS", default=[])
AUDIT_HEADS_DIR = Path(env.str("KITH_AUDIT_HEADS_DIR", default=str(DATA_DIR / "audit-heads")))
# What a refused address speaks of, and whose record: the trail is below all rooms, so it finds who knows by name.
AUDIT_ROWS_NAMED_BY = "members.named.named"

# --- What it is made of ---------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "health_check",
    "heroicons",
    "pghistory",
    "pgtrigger",
    "rules.apps.AutodiscoverRulesConfig",
    "template_partials",
    "common",
    "audit",
    "keys",
    "practice",
    "members",
    "groups_app",
    "sessions_log",
    "process_notes",
    "climate",
    "matching",
    "reminders",
    "records",
    "home",
    "config",
]
try:
    import django_linear_migrations  # noqa: F401  (a developer's tool; absent in production)
except ImportError:
    pass
else:
    INSTALLED_APPS.append("django_linear_migrations")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "common.middleware.IsolationMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "practice.middleware.ActingMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "audit.middleware.TrailMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "practice.middleware.LogOffMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "practice.middleware.SecondStepMiddleware",
    "common.middleware.PrivatePagesMiddleware",
    "keys.middleware.UnreadableTextMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# Tests only: a view that asks the database once a row fails.
if env.bool("KITH_DETECT_N_PLUS_ONE", default=False):
    INSTALLED_APPS.append("zeal")
    MIDDLEWARE.insert(0, "zeal.middleware.zeal_middleware")
    ZEAL_SHOW_ALL_CALLERS = True
    # allauth looks its own rows up one by one while somebody signs in or out.
    ZEAL_ALLOWLIST = [{"model": f"{app}.*"} for app in ("account", "mfa", "sessions", "usersessions")]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "common.forms.KithFormRenderer"
FORMS_URLFIELD_ASSUME_HTTPS = True  # the next Django's default for addresses typed without a scheme
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "common.context.shell",
            ],
            "builtins": [
                "django.templatetags.static",
                "django.templatetags.i18n",
                "heroicons.templatetags.heroicons",
                "common.templatetags.kith",
            ],
            # Cached also in DEBUG: the demo practice must be as fast as the real one.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
        },
    }
]

# Django takes a default of 9:00 PM for a forgotten "now" whenever it looks at it around 9:00 PM.
SILENCED_SYSTEM_CHECKS = ["fields.W161"]

# --- Where it keeps things ------------------------------------------------------------------------------------------
# Migrations run as the role that owns the tables; everything else as one that can only read and write their rows.
AS_OWNER = sys.argv[1:2] in (["migrate"], ["rotate_keys"], ["restore"]) and "DATABASE_OWNER_URL" in env
DATABASES = {"default": env.db_url("DATABASE_OWNER_URL" if AS_OWNER else "DATABASE_URL")}
DATABASES["default"] |= {"ATOMIC_REQUESTS": True, "ENGINE": "common.database"}
if sys.argv[1:2] == ["migrate"]:
    # A step that does not get its lock fails and is tried again; meanwhile everybody would wait behind it (TRUST).
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c lock_timeout=2s"
# Web processes share a pool; Celery's forked workers must not (TRUST: no pool in prefork).
DATABASE_POOL = env.bool("DATABASE_POOL", default=False)
if DATABASE_POOL:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60

REDIS_URL = env.str("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# --- Background work ------------------------------------------------------------------------------------------------
# Celery has its own spelling of a socket's address and of a database's number.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# A beat tick is only a wake-up; what is due stands in the database (ADR 5).
CELERY_BEAT_SCHEDULE = {
    # Nine hours after midnight in Greenwich it is night at the sites; a missed day is made up for on the next.
    "extend-ongoing-groups": {
        "task": "sessions_log.tasks.extend_ongoing_groups",
        "schedule": crontab(hour="9", minute="0"),
    },
    # When the last day is over at every site.
    "finish-leavings": {"task": "groups_app.tasks.finish_leavings", "schedule": crontab(hour="12", minute="30")},
    "export-audit-heads": {"task": "audit.tasks.export_heads", "schedule": 300.0},
    "send-due-reminders": {"task": "reminders.tasks.send_due_reminders", "schedule": 30.0},
    "worker-heartbeat": {"task": "common.tasks.worker_heartbeat", "schedule": 15.0},
}

# --- Accounts -------------------------------------------------------------------------------------------------------
# Earlier versions are asked for by one column, which has an index of its own (common.versions).
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

AUTH_USER_MODEL = "practice.User"
AUTHENTICATION_BACKENDS = ["practice.backends.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "practice.passwords.OurOwnWordsValidator"},
    {"NAME": "practice.passwords.BreachedPasswordValidator"},
]
# Sums of breached passwords, in order (docs/operations.md); without it the 20,000 most used are refused.
BREACHED_PASSWORDS_FILE = env.str("KITH_BREACHED_PASSWORDS_FILE", default="")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:front"
ACCOUNT_ADAPTER = "practice.adapters.InvitationOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {
    "change_password": "practice.account_forms.ChangePasswordForm",
    "reset_password_from_key": "practice.account_forms.ResetPasswordKeyForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# An invitation, taken from the mailed link, has verified the address; a new one is proven by a code. "mandatory" also
# keeps allauth from telling whether somebody else has an account with an address.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_USER_DISPLAY = "practice.models.display_name"
MFA_ADAPTER = "practice.adapters.EncryptedMfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 0
MFA_TOTP_ISSUER = "Kith"
MFA_RECOVERY_CODES_SHOW_ONCE = True  # practice.recovery_codes keeps only their hashes
USERSESSIONS_TRACK_ACTIVITY = False

# --- The browser ----------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "home.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
HTTPS = env.bool("KITH_HTTPS", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Over plain HTTP browsers allow passkeys on localhost only; fido2 wants to be told.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The same proxy says who is calling; without it all callers would share one rate limit.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_SSL_REDIRECT = True
    # The load balancer's and compose's health checks speak plain HTTP inside the network.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
# Where clamd looks at what people upload, "host:port" or a socket's path; without it nothing does (docs/operations.md).
CLAMD = env.str("KITH_CLAMD", default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# Lists of clients: more than this is split, so that nobody waits for hours behind one bar (R54).
IMPORT_MAX_BYTES = 5_000_000
IMPORT_MAX_ROWS = 5_000

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str("STATICFILES_STORAGE", default="whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# --- Language, time, mail -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
LOCALE_PATHS = [BASE_DIR / "locale"]
# As long as nothing is translated, words stand for themselves: looking them up took a tenth of a page's time.
USE_I18N = any(path.is_dir() for path in LOCALE_PATHS)
USE_TZ = True
TIME_ZONE = "UTC"  # the zone of a page is its site's, named where it is used (common.clock)

EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail:///{DATA_DIR / 'mail'}")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="no-reply@kith.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# A text message needs a provider: twilio://account:token@sender, where sender is a number or a messaging service.
# Without one texts are lines of a file, which the local mailbox page shows.
SMS_BACKEND, SMS_OPTIONS = sms_settings(env.str("SMS_URL", default="") or f"file://{DATA_DIR / 'texts'}")
# How long a worker may hold claimed messages, and how much of that must be left to begin one more: longer than a
# server may keep it waiting.
MESSAGE_LEASE_SECONDS = env.int("KITH_MESSAGE_LEASE_SECONDS", default=60)
MESSAGE_SENDING_SECONDS = MESSAGE_LEASE_SECONDS / 2

# Mail providers tell of bounces and complaints at /messages/mail-events/<provider>/ with this "user:password".
ANYMAIL = {"WEBHOOK_SECRET": env.str("ANYMAIL_WEBHOOK_SECRET", default="")}
# How often one calendar may be asked for. Programs ask a few times an hour.
FEED_RATE, FEED_RATE_SECONDS = 60, 600

# --- Logs: JSON, ids only, never a name or a text (TRUST) -----------------------------------------------------------
_shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                exceptions_without_text,
                paths_without_secrets,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            "foreign_pre_chain": _shared,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        *_shared[1:],
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_CELERY_ENABLED = True
