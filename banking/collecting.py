"""Collecting statements from a watched folder: each file once, whole, and then out of the way.

A file is taken when nobody has written to it for half a minute and while reading. What was read
in goes to `erledigt`, as does what is archived and waits for a person to map its columns; what
was refused goes to `fehlgeschlagen` with the reason in a text beside it.
A worker that dies leaves the file where it is: read once more, its bookings are known.
"""

import logging
from collections.abc import Iterator
from contextlib import suppress
from os import stat_result
from pathlib import Path

from django.utils import timezone

from banking import errors, waiting
from banking.csv_formats.reading import MAX_SIZE
from banking.importing import import_statement
from banking.models import WaitingFile
from workmate.errors import Problem
from workmate.models import User

logger = logging.getLogger(__name__)

DONE, FAILED = "erledigt", "fehlgeschlagen"
SETTLED = 30  # seconds
_UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload")


def collect(folder: Path, *, at: float, by: User) -> dict[str, int]:
    """Read in what lies in the folder; `at` is now, in seconds since 1970."""
    counts = {"done": 0, "waiting": 0, "failed": 0}
    for path in sorted(_settled(folder, at)):
        data = _whole(path)
        if data is None:
            continue
        try:
            if len(data) > MAX_SIZE:
                raise errors.STATEMENT_TOO_LARGE(limit=f"{MAX_SIZE // 1024 // 1024} MB")
            import_statement(None, data, filename=path.name, by=by)
        except Problem as problem:
            kept = waiting.keep_refused(
                None, data, problem, filename=path.name, source=WaitingFile.Source.FOLDER, by=by
            )
            if kept:
                _move(path, DONE)
                counts["waiting"] += len(kept)
                continue
            logger.warning("statement refused", extra={"file": path.name, "code": problem.code})
            moved = _move(path, FAILED)
            reason = f"{problem.code}: {problem.message} {problem.advice}\n"
            moved.with_name(f"{moved.name}.grund.txt").write_text(reason, encoding="utf-8")
            counts["failed"] += 1
        else:
            _move(path, DONE)
            counts["done"] += 1
    return counts


def _settled(folder: Path, at: float) -> Iterator[Path]:
    for path in folder.iterdir():
        unfinished = path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED)
        if unfinished or path.is_symlink() or not path.is_file():
            continue
        # The time of the last change to the file itself, which a copying program cannot set.
        if at - path.stat().st_ctime >= SETTLED:
            yield path


def _whole(path: Path) -> bytes | None:
    """The bytes, at most one more than allowed; None when somebody wrote or moved meanwhile."""
    try:
        before = path.stat()
        with path.open("rb") as file:
            data = file.read(MAX_SIZE + 1)
        return data if _state(before) == _state(path.stat()) else None
    except FileNotFoundError:
        return None


def _state(stat: stat_result) -> tuple[int, int, int]:
    return stat.st_ino, stat.st_size, stat.st_ctime_ns


def _move(path: Path, name: str) -> Path:
    """Put the file into a folder beside it, under a name that is free."""
    folder = path.parent / name
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    if target.exists():
        target = folder / f"{timezone.localtime():%Y%m%d-%H%M%S-%f}-{path.name}"
    with suppress(FileNotFoundError):  # another worker was quicker
        path.rename(target)
    return target
