"""Every setting, one file. Each JOINEDUP_ variable is listed in docs/settings.md (a test holds that)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE
from django.core.exceptions import ImproperlyConfigured

from joinedup.config.env import database_from_url, env_bool, env_int, env_list, env_text

SOURCE = Path(__file__).resolve().parent.parent
DATA = Path(env_text("JOINEDUP_DATA", str(SOURCE.parent.parent / ".data")))
DEMO = env_bool("JOINEDUP_DEMO", default=False)
DEBUG = False

SECRET_KEY = env_text("JOINEDUP_SECRET_KEY")
if not SECRET_KEY:
    if not DEMO:
        raise ImproperlyConfigured(
            "Set JOINEDUP_SECRET_KEY (or JOINEDUP_SECRET_KEY_FILE) to a long random text, or run the demo with ./run."
        )
    SECRET_KEY = "demonstration-only-" + "x" * 40
# What the sealed register of adoptions is encrypted under; a key of its own can lie where no administrator reads it.
SEALED_KEY = env_text("JOINEDUP_SEALED_KEY") or SECRET_KEY
ALLOWED_HOSTS = env_list("JOINEDUP_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("JOINEDUP_TRUSTED_ORIGINS")

# --- Parts. The order here is the order of ARCHITECTURE.md, lowest first; templates of a higher part win.
PARTS = [
    "core",
    "access",
    "organisations",
    "person_index",
    "chronology",
    "workforce",
    "outcomes",
    "directory",
    "funds",
    "benefits",
    "information_sharing",
    "casework",
    "universal",
    "family_page",
    "front_door",
    "capacity",
    "governance",
    "web",
    "api",
]
INSTALLED_APPS = [
    *(f"joinedup.{part}" for part in PARTS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "joinedup.core.middleware.NothingSensitiveCached",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "joinedup.access.middleware.ViewerMiddleware",
    "joinedup.access.middleware.SecondFactorAsked",
    "joinedup.core.middleware.RefusalsBecomePages",
    "joinedup.access.middleware.RefusedReadsAudited",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "joinedup.config.urls"
WSGI_APPLICATION = "joinedup.config.wsgi.application"
_CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
    "joinedup.web.context.page",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [SOURCE / part / "templates" for part in reversed(PARTS)],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "joinedup.core.jinja.environment", "context_processors": _CONTEXT},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT},
    },
]

# --- Database: PostgreSQL only. The program runs as a role that owns nothing; "owner" exists only where migrations run.
DATABASE_URL = env_text("DATABASE_URL")
if not DATABASE_URL:
    raise ImproperlyConfigured("DATABASE_URL is not set. ./run starts its own PostgreSQL and sets it.")
OWNER_DATABASE_URL = env_text("JOINEDUP_OWNER_DATABASE_URL")
DATABASES = {"default": database_from_url("DATABASE_URL", DATABASE_URL, pool=env_bool("JOINEDUP_POOL", default=True))}
if OWNER_DATABASE_URL:
    DATABASES["owner"] = database_from_url("JOINEDUP_OWNER_DATABASE_URL", OWNER_DATABASE_URL, pool=False)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPLICATION_ROLE = DATABASES["default"]["USER"]

# --- Signing in.
AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "joinedup.access.adapter.StaffAccountsOnly"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Wrong passwords: twenty a minute from one address, and thirty an hour for one account from wherever they come.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,30/h/key"}
AXES_FAILURE_LIMIT = env_int("JOINEDUP_SIGN_IN_ATTEMPTS", 5)
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "joinedup.access.adapter.address_of"
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "joinedup.access.adapter.typed_address"
AXES_LOCKOUT_TEMPLATE = "core/locked_out.jinja"
AXES_VERBOSE = False
# In a real service every request comes through one proxy; the visitor's address is the last one it wrote down.
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if DEMO else 1
# A second factor: which roles must have one. In the demo nobody must; elsewhere everybody, unless it says otherwise.
SECOND_FACTOR_ROLES = env_list("JOINEDUP_SECOND_FACTOR_ROLES", "none" if DEMO else "all")
# Posts and keys that give much power are proposed by one person and agreed to by another.
TWO_PERSON_ROLES = env_list(
    "JOINEDUP_TWO_PERSON_ROLES", "system_administrator,information_governance,front_door_manager,team_manager"
)
MFA_ADAPTER = "joinedup.access.adapter.SecretsEncrypted"
MFA_TOTP_ISSUER = "Joinedup"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_COUNT = 10
MFA_ALLOW_UNVERIFIED_EMAIL = True

# Single sign-on by OpenID Connect. Nothing is fetched until somebody presses the button.
OIDC_ISSUER = env_text("JOINEDUP_OIDC_ISSUER").rstrip("/")
OIDC_NAME = env_text("JOINEDUP_OIDC_NAME", "your organisation’s account")
OIDC_CLAIM = env_text("JOINEDUP_OIDC_CLAIM", "email")
OIDC_REQUIRED_CLAIM = env_text("JOINEDUP_OIDC_REQUIRED_CLAIM")
OIDC_AMR = env_list("JOINEDUP_OIDC_AMR")
OIDC_ONLY = env_bool("JOINEDUP_OIDC_ONLY", default=False)
OIDC_PASSWORD_FOR = [address.lower() for address in env_list("JOINEDUP_OIDC_PASSWORD_FOR")]
SOCIALACCOUNT_ADAPTER = "joinedup.access.adapter.KnownAccountsOnly"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "partnership",
                "name": OIDC_NAME,
                "client_id": env_text("JOINEDUP_OIDC_CLIENT_ID"),
                "secret": env_text("JOINEDUP_OIDC_CLIENT_SECRET"),
                "settings": {
                    "server_url": env_text("JOINEDUP_OIDC_DISCOVERY", OIDC_ISSUER),
                    "scope": env_text("JOINEDUP_OIDC_SCOPE", "openid email profile").split(),
                },
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}
SESSION_COOKIE_AGE = env_int("JOINEDUP_SESSION_MINUTES", 30) * 60
SESSION_COOKIE_NAME = "joinedup_session"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- What the browser may do.
SECURE = not DEMO
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "joinedup.web.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'", NONCE],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# How many requests a minute one key of a partner's system may send.
API_REQUESTS_PER_MINUTE = env_int("JOINEDUP_API_REQUESTS_PER_MINUTE", 120)
# How many results while typing one account may ask for; four a second is as fast as the page sends them.
LIVE_SEARCHES_PER_MINUTE = env_int("JOINEDUP_LIVE_SEARCHES_PER_MINUTE", 120)

# Files that agencies send
IMPORT_MEGABYTES = env_int("JOINEDUP_IMPORT_MEGABYTES", 100)

# --- Background work. One task runs every job, so nothing is searched for; a silent worker's jobs are run again.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
JOB_STALLED_SECONDS = env_int("JOINEDUP_JOB_STALLED_SECONDS", 20)

# --- Static files, language, time.
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = DEMO
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# --- E-mail.
# In the demo nothing leaves the machine: what would be sent is read in the outbox page.
EMAIL_BACKEND = env_text(
    "JOINEDUP_EMAIL_BACKEND", f"django.core.mail.backends.{'dummy' if DEMO else 'smtp'}.EmailBackend"
)
EMAIL_HOST = env_text("JOINEDUP_EMAIL_HOST", "localhost")
EMAIL_PORT = env_int("JOINEDUP_EMAIL_PORT", 25)
EMAIL_HOST_USER = env_text("JOINEDUP_EMAIL_USER")
EMAIL_HOST_PASSWORD = env_text("JOINEDUP_EMAIL_PASSWORD")
EMAIL_USE_TLS = env_bool("JOINEDUP_EMAIL_TLS", default=False)
DEFAULT_FROM_EMAIL = env_text("JOINEDUP_EMAIL_FROM", "front-door@joinedup.example")

SILENCED_SYSTEM_CHECKS = ["axes.W003"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
