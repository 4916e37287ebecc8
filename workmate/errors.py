"""What can go wrong for a user, as data: a code, a German message, advice and an HTTP status.

Every app declares its entries in its own `errors.py`. A bug is an ordinary exception: nobody
catches it and the user sees a reference number.

    NOT_A_DRAFT = problem("INVOICE_2011", "Die Rechnung {number} ist …", "Stornieren …", status=409)
    raise errors.NOT_A_DRAFT(number=invoice.number)
"""

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

CODE = re.compile(r"[A-Z][A-Z0-9]*_[0-9]{4}")
CATALOGUE: dict[str, "ProblemType"] = {}

type_of_fields = Mapping[str, Sequence[str]]


class Problem(Exception):
    """A refusal that the user can understand and act on.

    `fields` maps a form field (`lines.0.quantity`) to its messages, for all findings at once.
    """

    def __init__(
        self, kind: "ProblemType", params: dict[str, Any], fields: type_of_fields | None
    ) -> None:
        self.kind = kind
        self.code = kind.code
        self.status = kind.status
        self.params = params
        self.message = kind.message.format(**params)
        self.advice = kind.advice.format(**params)
        self.fields = {name: list(messages) for name, messages in (fields or {}).items()}
        super().__init__(f"{self.code}: {self.message}")

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restore, (self.code, self.params, self.fields))


@dataclass(frozen=True)
class ProblemType:
    """An entry of the catalogue; calling it makes the exception."""

    code: str
    message: str
    advice: str
    status: int
    # Django's templates call what can be called, unless it says this.
    do_not_call_in_templates: ClassVar[bool] = True

    def __call__(self, *, fields: type_of_fields | None = None, **params: Any) -> Problem:
        return Problem(self, params, fields)

    @property
    def placeholders(self) -> set[str]:
        """The names that message and advice expect."""
        parts = string.Formatter().parse(self.message + self.advice)
        return {name.partition(".")[0] for _, name, _, _ in parts if name}


def problem(code: str, message: str, advice: str, status: int = 400) -> ProblemType:
    """Declare an entry of the catalogue. A code belongs to one entry for ever."""
    if not CODE.fullmatch(code):
        raise ValueError(f"{code!r} is not a code like INVOICE_2011")
    if code in CATALOGUE:
        raise ValueError(f"{code} is declared twice")
    if not message or not advice:
        raise ValueError(f"{code} needs a message and advice")
    CATALOGUE[code] = ProblemType(code, message, advice, status)
    return CATALOGUE[code]


def from_validation(error: ValidationError) -> Problem:
    """The problem for what a model's or form's validation found, each message at its field."""
    if hasattr(error, "error_dict"):
        fields = {
            "" if name == NON_FIELD_ERRORS else name: messages
            for name, messages in error.message_dict.items()
        }
    else:
        fields = {"": error.messages}
    return INVALID(fields=fields)


def _restore(code: str, params: dict[str, Any], fields: type_of_fields) -> Problem:
    return CATALOGUE[code](fields=fields, **params)


# 1xxx: who you are and what you may do.
NOT_AUTHENTICATED = problem(
    "AUTH_1001",
    "Sie sind nicht angemeldet.",
    "Melden Sie sich an oder schicken Sie einen gültigen API-Schlüssel mit.",
    status=401,
)
INVALID_TOKEN = problem(
    "AUTH_1002",
    "Der API-Schlüssel ist nicht gültig.",
    "Prüfen Sie den Schlüssel oder legen Sie in Ihrem Profil einen neuen an.",
    status=401,
)
EXPIRED_TOKEN = problem(
    "AUTH_1003",
    "Der API-Schlüssel ist abgelaufen oder widerrufen.",
    "Legen Sie in Ihrem Profil einen neuen Schlüssel an.",
    status=401,
)
INVALID_AUTHORIZATION = problem(
    "AUTH_1004",
    "Der Kopf „Authorization“ ist nicht lesbar.",
    "Schreiben Sie „Authorization: Bearer“, ein Leerzeichen und den API-Schlüssel.",
    status=401,
)
USER_INACTIVE = problem(
    "AUTH_1006",
    "Der Zugang von {email} ist gesperrt.",
    "Ein Inhaber kann ihn unter Einstellungen › Benutzer wieder freigeben.",
    status=403,
)
INVALID_CREDENTIALS = problem(
    "AUTH_1007",
    "E-Mail-Adresse oder Passwort stimmen nicht.",
    "Prüfen Sie beides; Groß- und Kleinschreibung zählt nur beim Passwort.",
    status=401,
)
NOT_ALLOWED = problem(
    "AUTH_1009",
    "Dafür fehlt Ihnen die Berechtigung.",
    "Ein Inhaber kann Ihre Rolle unter Einstellungen › Benutzer ändern.",
    status=403,
)
PASSWORD_UNFIT = problem(
    "AUTH_1010",
    "Dieses Passwort ist nicht sicher genug.",
    "Wählen Sie mindestens 12 Zeichen, die nicht leicht zu erraten sind.",
    status=422,
)
WRONG_PASSWORD = problem(
    "AUTH_1011",
    "Das bisherige Passwort stimmt nicht.",
    "Geben Sie das Passwort ein, mit dem Sie sich angemeldet haben.",
    status=422,
)
LAST_OWNER = problem(
    "AUTH_1013",
    "{email} ist der letzte Inhaber mit einem Zugang.",
    "Geben Sie zuerst einer anderen Person die Rolle Inhaber.",
    status=409,
)
TOO_MANY_LOGINS = problem(
    "AUTH_1014",
    "Zu viele Anmeldeversuche.",
    "Warten Sie {minutes} Minuten und versuchen Sie es dann noch einmal.",
    status=429,
)
CSRF_FAILED = problem(
    "AUTH_1015",
    "Die Seite war zu lange offen oder wurde von einer anderen Adresse aus abgeschickt.",
    "Laden Sie die Seite neu und schicken Sie das Formular noch einmal ab.",
    status=403,
)

# 6xxx: the archive.
DOCUMENT_NOT_FOUND = problem(
    "DOCUMENT_6001",
    "Die Datei {filename} fehlt im Archiv.",
    "Stellen Sie das Archiv aus der Sicherung wieder her.",
    status=500,
)
DOCUMENT_DAMAGED = problem(
    "DOCUMENT_6002",
    "Die Datei {filename} wurde nach der Archivierung verändert.",
    "Stellen Sie sie aus der Sicherung wieder her und prüfen Sie mit „manage.py verify_audit“.",
    status=500,
)
DOCUMENT_ERASED = problem(
    "DOCUMENT_6004",
    "Die Datei {filename} wurde am {date} nach Ablauf der Aufbewahrungsfrist gelöscht.",
    "Name, Prüfsumme und Tag der Löschung stehen weiter im Verzeichnis und im Prüfpfad.",
    status=410,
)
NOTHING_TO_ERASE = problem(
    "DOCUMENT_6005",
    "Heute darf keine Datei gelöscht werden.",
    "Keine Aufbewahrungsfrist ist abgelaufen, oder eine Löschsperre hält sie.",
    status=409,
)
ERASURE_CHANGED = problem(
    "DOCUMENT_6006",
    "Seit dem Probelauf hat sich geändert, was gelöscht werden darf.",
    "Sehen Sie sich den neuen Probelauf an und bestätigen Sie ihn.",
    status=409,
)
HOLD_INVALID = problem(
    "DOCUMENT_6007",
    "Die Löschsperre ist so nicht speicherbar.",
    "Korrigieren Sie die genannten Felder.",
    status=422,
)
DOCUMENT_EXISTS = problem(
    "DOCUMENT_6003",
    "Unter dem Schlüssel {key} liegt schon eine andere Datei im Archiv.",
    "Ein archiviertes Dokument wird nie ersetzt; legen Sie ein neues an.",
    status=409,
)

# 9xxx: the system.
INTERNAL = problem(
    "SYSTEM_9000",
    "Das hat nicht geklappt. Der Fehler liegt bei uns.",
    "Versuchen Sie es noch einmal. Bleibt es dabei, nennen Sie bitte die Nummer {reference}.",
    status=500,
)
INVALID = problem(
    "SYSTEM_9001",
    "Die Angaben sind nicht vollständig oder nicht gültig.",
    "Prüfen Sie die genannten Felder.",
    status=422,
)
OUTSIDE_TEMPORARY = problem(
    "SYSTEM_9002",
    "{party} ist gerade nicht erreichbar.",
    "Wir versuchen es von selbst noch einmal.",
    status=503,
)
OUTSIDE_PERMANENT = problem(
    "SYSTEM_9003",
    "{party} hat die Anfrage abgelehnt: {reason}",
    "Prüfen Sie die Zugangsdaten und Angaben zu diesem Dienst.",
    status=502,
)
SECRET_UNREADABLE = problem(
    "SYSTEM_9004",
    "Ein verschlüsselt gespeicherter Wert lässt sich nicht lesen.",
    "Prüfen Sie FIELD_ENCRYPTION_KEYS; der Schlüssel von damals muss in der Liste stehen.",
    status=500,
)
NOT_RESTARTABLE = problem(
    "SYSTEM_9006",
    "Die Aufgabe „{title}“ ist nicht gescheitert.",
    "Nur gescheiterte oder abgebrochene Aufgaben lassen sich wiederholen.",
    status=409,
)
COMPANY_MISSING = problem(
    "SYSTEM_9007",
    "Ihr Unternehmen ist noch nicht eingerichtet.",
    "Tragen Sie unter Einstellungen › Unternehmen Firma und Anschrift ein.",
    status=409,
)
CHANGED_MEANWHILE = problem(
    "SYSTEM_9008",
    "Die Angaben wurden inzwischen geändert.",
    "Laden Sie den neuen Stand und tragen Sie Ihre Änderung noch einmal ein.",
    status=412,
)
PRECONDITION_REQUIRED = problem(
    "SYSTEM_9009",
    "Der Kopf „If-Match“ fehlt.",
    "Lesen Sie den Datensatz und schicken Sie dessen ETag als If-Match mit.",
    status=428,
)
CHART_FIXED = problem(
    "SYSTEM_9013",
    "Der Kontenrahmen steht fest, seit die Konten angelegt sind.",
    "Ihre Bücher führen Sie im {chart}. Ein Wechsel ist nur mit einem neuen Bestand möglich.",
    status=409,
)
LOGO_UNUSABLE = problem(
    "SYSTEM_9014",
    "Diese Datei eignet sich nicht als Logo: {reason}",
    "Nehmen Sie eine PNG-, JPEG- oder einfache SVG-Datei bis 5 MB.",
    status=422,
)
MAIL_NOT_SET_UP = problem(
    "SYSTEM_9021",
    "Es ist kein Postausgangsserver eingerichtet, deshalb kann nichts versendet werden.",
    "Tragen Sie ihn unter Einstellungen › E-Mail ein.",
    status=409,
)
MAIL_ADDRESS_UNFIT = problem(
    "SYSTEM_9022",
    "„{address}“ ist keine Adresse, an die sich eine E-Mail senden lässt.",
    "{reason}",
    status=422,
)
MAIL_ACCOUNT_INVALID = problem(
    "SYSTEM_9023",
    "Die Angaben zum Postausgangsserver sind nicht gültig.",
    "Korrigieren Sie die genannten Felder.",
    status=422,
)
MAIL_HEADER_UNFIT = problem(
    "SYSTEM_9024",
    "„{field}“ enthält einen Zeilenumbruch oder ein Steuerzeichen.",
    "Schreiben Sie den Text in eine Zeile.",
    status=422,
)
BAD_REQUEST = problem(
    "SYSTEM_9400",
    "Die Anfrage ist nicht lesbar.",
    "Prüfen Sie Form und Zeichensatz des Inhalts.",
    status=400,
)
NOT_FOUND = problem(
    "SYSTEM_9404",
    "Diese Seite gibt es nicht.",
    "Prüfen Sie die Adresse oder gehen Sie über die Navigation.",
    status=404,
)
METHOD_NOT_ALLOWED = problem(
    "SYSTEM_9405",
    "Die Methode {method} gibt es an dieser Adresse nicht.",
    "Erlaubte Methoden nennt der Kopf „Allow“.",
    status=405,
)
NOT_ACCEPTABLE = problem(
    "SYSTEM_9406",
    "Dieses Antwortformat gibt es nicht.",
    "Verlangen Sie „application/json“.",
    status=406,
)
CONFLICT = problem(
    "SYSTEM_9409",
    "Der Datensatz wird noch gebraucht und kann nicht gelöscht werden.",
    "Setzen Sie ihn stattdessen auf „nicht aktiv“.",
    status=409,
)
TOO_LARGE = problem(
    "SYSTEM_9413",
    "Die Anfrage ist größer als {limit}.",
    "Teilen Sie die Datei oder die Angaben auf.",
    status=413,
)
MEDIA_TYPE = problem(
    "SYSTEM_9415",
    "Dieses Format wird nicht angenommen.",
    "Schicken Sie „application/json“.",
    status=415,
)
TOO_MANY_REQUESTS = problem(
    "SYSTEM_9429",
    "Zu viele Anfragen.",
    "Warten Sie so viele Sekunden, wie der Kopf „Retry-After“ nennt.",
    status=429,
)
KEY_REUSED = problem(
    "SYSTEM_9010",
    "Der Idempotency-Key wurde schon mit einem anderen Inhalt benutzt.",
    "Nehmen Sie für jede neue Anfrage einen neuen Schlüssel.",
    status=422,
)
KEY_IN_PROGRESS = problem(
    "SYSTEM_9011",
    "Eine Anfrage mit diesem Idempotency-Key läuft noch.",
    "Wiederholen Sie die Anfrage in einigen Sekunden.",
    status=409,
)
KEY_UNFIT = problem(
    "SYSTEM_9012",
    "Der Idempotency-Key ist leer oder länger als 255 Zeichen.",
    "Nehmen Sie zum Beispiel eine UUID.",
    status=400,
)
