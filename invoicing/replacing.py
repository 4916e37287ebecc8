"""Replacing the official rules: a newer release of KoSIT's validator configuration, and back.

The ZIP is archived; its four rule files, the schemas that its scenarios name and their levels for
single rules are laid into a folder named by the SHA-256 of the ZIP and tried there. Then the file
`current` is swapped: whoever judges from then on, in whatever process, judges by them. Format:
github.com/itplr-kosit/validator-configuration-xrechnung, releases
(`xrechnung-…-validator-configuration-DATE.zip`).
"""

import os
import posixpath
import re
import shutil
import tempfile
import zipfile
import zlib
from io import BytesIO
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import transaction
from lxml import etree

from invoicing import errors
from invoicing.einvoice import releases, rules, trial
from invoicing.einvoice.parse import Unreadable, parse_xml
from invoicing.einvoice.sheets import reaches_out
from workmate import audit, documents
from workmate.errors import Problem
from workmate.models import Document, User

MAX_ZIP = 20 * 1024 * 1024  # bytes
MAX_FILE = 15 * 1024 * 1024  # bytes of one file, unpacked
MAX_ALL = 150 * 1024 * 1024  # bytes of all files, unpacked
MAX_ENTRIES = 5000
SCENARIOS = "scenarios.xml"
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_INCLUDING = [f"{_XSD}{name}" for name in ("include", "import", "redefine", "override")]
_DAY = re.compile(r"20\d\d-[01]\d-[0-3]\d")
_NAMED = re.compile(rf"validator-configuration-({_DAY.pattern})")
_KINDS = {
    "Invoice": "UBL-Rechnungen",
    "CreditNote": "UBL-Gutschriften",
    "CrossIndustryInvoice": "CII",
}


def install(data: bytes, *, file_name: str, by: User) -> Path:
    """Let the rules of this release judge from now on; raises RULES_REFUSED, then nothing changed.

    Gives the folder in which they lie.
    """
    files = _unpack(data)
    scenarios = _parsed(SCENARIOS, files.pop(SCENARIOS))
    release, said = _release(scenarios, file_name), releases.read(scenarios)
    if missing := said.missing():
        kinds = ", ".join(_KINDS[root] for root in missing)
        raise _refused(f"scenarios.xml hat kein Szenario für {kinds}.")
    sheets = {name: _sheet(name, files, said) for name in rules.REPLACEABLE}
    schemas = _schemas(files, said)
    folder = Path(settings.RULES_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / documents.digest_of(data)
    fresh = Path(tempfile.mkdtemp(prefix=".trial-", dir=folder))
    try:
        for name, content in sheets.items():
            _write(fresh / name, content)
        for place, content in schemas.items():
            _write(fresh / releases.SCHEMAS / place, content)
        _compile(fresh / releases.SCHEMAS, said)
        _write(fresh / releases.FILE, said.to_json())
        _write(fresh / rules.RELEASE, release.encode())
        with rules.on_trial(fresh):
            if found := list(trial.differences()):
                raise errors.RULES_REFUSED(reason=" ".join(found))
        if target.exists():  # an older version of the software may have read less of it
            (fresh / releases.FILE).replace(target / releases.FILE)
        else:
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
    """Scenarios, rule files and schemas by their place; the rest is left alone."""
    if len(data) > MAX_ZIP:
        raise _refused(f"Die Datei ist größer als {MAX_ZIP // 1024**2} MB.")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            home = _home(entries)
            found = {
                place: _read(archive, entry)
                for entry in entries
                if (place := _place(entry, home)).endswith((".xsd", ".xsl")) or place == SCENARIOS
            }
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
        *(NotImplementedError, RuntimeError),  # another compression, a password
    ) as error:
        raise _refused("Die Datei ist kein lesbares ZIP-Archiv.") from error
    if SCENARIOS not in found:
        raise _refused(f"Im Archiv fehlt: {SCENARIOS}.")
    return found


def _home(entries: list[zipfile.ZipInfo]) -> PurePosixPath:
    """The folder of the scenarios."""
    paths = (PurePosixPath(one.filename) for one in entries)
    return next((path.parent for path in paths if path.name == SCENARIOS), PurePosixPath())


def _place(entry: zipfile.ZipInfo, home: PurePosixPath) -> str:
    """Where a file lies, seen from the folder of the scenarios."""
    path = PurePosixPath(entry.filename)
    return str(path.relative_to(home)) if path.is_relative_to(home) else str(path)


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


def _release(scenarios: etree._Element, file_name: str) -> str:
    """What the release is called: by its file, or else by the day when it was built.

    Raises RULES_REFUSED for one that is older than the rules of the package.
    """
    built = [day[0] for one in scenarios.iter("{*}date") if (day := _DAY.search(one.text or ""))]
    named = _NAMED.findall(file_name)
    if not (days := [*named, *built]):
        raise _refused(
            "Weder scenarios.xml noch der Dateiname nennen den Tag der Veröffentlichung."
        )
    if max(days) < rules.PACKAGED:
        raise _refused(
            f"Die Fassung vom {_german(max(days))} ist älter als die mitgelieferte "
            f"vom {_german(rules.PACKAGED)}."
        )
    return f"KoSIT {days[0]}"


def _german(day: str) -> str:
    return ".".join(reversed(day.split("-")))


def _sheet(name: str, files: dict[str, bytes], said: releases.Release) -> bytes:
    """The rule file of this name, from where the scenarios say that it lies."""
    place = said.sheets.get(name, "")
    if place not in files:
        raise _refused(f"Im Archiv fehlt: {place or name}.")
    if reaches_out(_parsed(name, files[place])):
        raise _refused(f"{name} greift auf andere Dateien zu.")
    return files[place]


def _schemas(files: dict[str, bytes], said: releases.Release) -> dict[str, bytes]:
    """The schemas that the scenarios name, with all that they include, and nothing else.

    A schema that leads out of the archive is refused. A document type declaration is left out
    when it is written (the signature schema of W3C has one); what needs its entities is refused.
    """
    found: dict[str, bytes] = {}
    waiting = list(said.schemas.values())
    while waiting:
        place = waiting.pop()
        if place in found:
            continue
        if place not in files:
            raise _refused(f"Im Archiv fehlt: {place}.")
        root = _schema(place, files[place])
        found[place] = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
        targets = (element.get("schemaLocation") for element in root.iter(*_INCLUDING))
        waiting += [_beside(place, target) for target in targets if target]
    return found


def _beside(place: str, target: str) -> str:
    """The place of a schema that another one includes."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(place), target))
    if ":" in target or "\\" in target or path.startswith(("/", "..")):
        raise _refused(f"{place} greift auf andere Dateien zu.")
    return path


def _schema(place: str, content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(f"{place} ist kein wohlgeformtes XML.") from error
    info = root.getroottree().docinfo
    outside = info.system_url or info.public_id
    declared = info.internalDTD.iterentities() if info.internalDTD is not None else ()
    if (
        outside
        or any(one.system_url for one in declared)
        or next(root.iter(etree.Entity), None) is not None
    ):
        raise _refused(f"{place} greift auf andere Dateien zu.")
    return root


def _compile(folder: Path, said: releases.Release) -> None:
    for place in set(said.schemas.values()):
        try:
            etree.XMLSchema(file=str(folder / place))
        except etree.XMLSchemaParseError as error:
            raise _refused(f"{place} ist kein gültiges XML-Schema.") from error


def _parsed(name: str, content: bytes) -> etree._Element:
    try:
        return parse_xml(content)
    except Unreadable as error:
        raise _refused(f"{name}: {error.message}") from error


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
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
