"""Claim: a warm process judges a usual invoice by all official rules in under 30 ms.

Beside it a cold process for each file, as a command-line validator is used: it compiles the rules
again every time.
"""

import subprocess
import sys

import ground  # first: it makes the database and sets Django up

from invoicing.einvoice import cii, ubl, validate
from invoicing.einvoice.codes import Guideline
from tests.invoicing.einvoice import golden

ROUNDS, COLD_ROUNDS = 40, 3
COLD = """
import sys
import django
django.setup()
from invoicing.einvoice import validate
assert validate.validate(open(sys.argv[1], "rb").read()).valid
"""


def main() -> None:
    validate.warm_up()
    invoice = golden.two_rates()
    files = {
        "xrechnung_cii": (cii.write(invoice, guideline=Guideline.XRECHNUNG), False),
        "xrechnung_ubl": (ubl.write(invoice, guideline=Guideline.XRECHNUNG), False),
        "zugferd": (cii.write(invoice, guideline=Guideline.EN16931), True),
    }
    for name, (data, as_zugferd) in files.items():
        measure(name, data, as_zugferd=as_zugferd)


def measure(name: str, data: bytes, *, as_zugferd: bool) -> None:
    """One file, judged warm, and by a process that is started for it."""
    path = ground.scratch(f"{name}.xml", data)

    def warm() -> None:
        if not validate.validate(data, as_zugferd=as_zugferd).valid:
            raise RuntimeError(f"{name} is not valid")

    def cold() -> None:
        subprocess.run([sys.executable, "-c", COLD, path], check=True)

    ground.interleaved(3, warm=warm)
    taken = ground.interleaved(ROUNDS, warm=warm)["warm"]
    started = ground.interleaved(COLD_ROUNDS, cold=cold)["cold"]
    ground.report(
        f"validate.{name}",
        ms=taken.ms,
        target="< 30 ms",
        per_second=taken.per_second,
        cold_ms=started.ms,
        cold_ratio=round(started.ms / taken.ms, 1),
    )


if __name__ == "__main__":
    main()
