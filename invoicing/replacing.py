"""Replacing the official rules: a newer release of KoSIT's validator configuration, and back.

The ZIP is archived, its four rule files are laid beside each other in a folder named by the
SHA-256 of the ZIP, tried there, and then the file `current` is swapped: whoever judges from then
on, in whatever process, judges by them. Format: github.com/itplr-kosit/validator-configuration-
xrechnung, releases (`xrechnung-…-validator-configuration-DATE.zip`).
"""

import os
import re
import shutil
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import transaction
from lxml import etree

from invoicing import errors
from invoicing.einvoice import rules, trial
from invoicing.einvoice.parse import Unreadable, parse_xml
from workmate import audit, documents
from workmate.errors import Problem
from workmate.models import Document, User

MAX_ZIP = 20 * 1024 * 1024  # bytes
MAX_FILE = 15 * 1024 * 1024  # bytes of one file, unpacked
MAX_ALL = 150 * 1024 * 1024  # bytes of all files, unpacked
MAX_ENTRIES = 5000
SCENARIOS = "scenarios.xml"
_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_REACHING_OUT = {f"{_XSL}{name}" for name in ("import", "include", "result-document")}
_DAY = re.compile(r"20\d\d-[01]\d-[0-3]\d")


def install(data: bytes, *, file_name: str, by: User) -> Path:
    """Let the rules of this release judge from now on; raises RULES_REFUSED, then nothing changed.

    Gives the folder in which they lie.
    """
    files = _unpack(data)
    release = _release(files.pop(SCENARIOS), file_name)
    folder = Path(settings.RULES_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / documents.digest_of(data)
    fresh = Path(tempfile.mkdtemp(prefix=".trial-", dir=folder))
    try:
        for name, content in files.items():
            _check_sheet(name, content)
            _write(fresh / name, content)
        _write(fresh / rules.RELEASE, release.encode())
        with rules.on_trial(fresh):
            if found := list(trial.differences()):
                raise errors.RULES_REFUSED(reason=" ".join(found))
        if not target.exists():
            fresh.chmod(0o755)  # web and workers may run as somebody else
            fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    with transaction.atomic():
        document = documents.store(
            f"rules/{target.name}",
            data,
            filename=documents.safe_filename(file_name),
            media_type="application/zip",
            kind="rules",
            by=by,
        )
        audit.record("rules.installed", document, by=by, payload={"release": release})
        _switch(folder, target.name)
    return target


def reset(*, by: User) -> bool:
    """Let the rules of the package judge again; False when they do already."""
    current = rules.in_use()
    if current is None:
        return False
    with transaction.atomic():
        document = Document.objects.get(key=f"rules/{current.name}")
        audit.record("rules.reset", document, by=by)
        (Path(settings.RULES_DIR) / rules.CURRENT).unlink()
    return True


def _unpack(data: bytes) -> dict[str, bytes]:
    """The rule files and the scenarios by name; everything else in the ZIP is left alone."""
    if len(data) > MAX_ZIP:
        raise _refused(f"Die Datei ist größer als {MAX_ZIP // 1024**2} MB.")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            wanted = (SCENARIOS, *rules.REPLACEABLE)
            found = {
                name: _read(archive, entry)
                for entry in entries
                if (name := PurePosixPath(entry.filename).name) in wanted
            }
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _refused("Die Datei ist kein lesbares ZIP-Archiv.") from error
    if missing := [name for name in wanted if name not in found]:
        raise _refused(f"Im Archiv fehlt: {', '.join(missing)}.")
    return found


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_ALL:
        raise _refused("Das Archiv enthält mehr, als eine Konfiguration der KoSIT umfasst.")
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
            raise _refused("Das Archiv enthält Pfade, die aus ihm hinausführen.")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One file; what the archive says about its size is not believed."""
    with archive.open(entry) as file:
        content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise _refused(f"{entry.filename} ist größer als {MAX_FILE // 1024**2} MB.")
    return content


def _release(scenarios: bytes, file_name: str) -> str:
    """What the release is called: the day that its scenarios or its file name tell."""
    root = _parsed(SCENARIOS, scenarios)
    days = (element.text or "" for element in root.iter("{*}date"))
    for text in (*days, file_name):
        if match := _DAY.search(text):
            return f"KoSIT {match[0]}"
    raise _refused("Weder scenarios.xml noch der Dateiname nennen den Tag der Veröffentlichung.")


def _check_sheet(name: str, content: bytes) -> None:
    for element in _parsed(name, content).iter():
        if element.tag in _REACHING_OUT:
            raise _refused(f"{name} greift auf andere Dateien zu.")


def _parsed(name: str, content: bytes) -> etree._Element:
    try:
        return parse_xml(content)
    except Unreadable as error:
        raise _refused(f"{name}: {error.message}") from error


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _switch(folder: Path, name: str) -> None:
    """Swap `current` in one step: a reader sees the old name or the new one."""
    fresh = folder / ".current"
    _write(fresh, name.encode())
    fresh.replace(folder / rules.CURRENT)


def _refused(reason: str) -> Problem:
    return errors.RULES_REFUSED(reason=reason)
