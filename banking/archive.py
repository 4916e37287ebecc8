"""A ZIP of many statements, as banks send camt: unpacked in memory, within limits."""

import io
import struct
import zipfile
import zlib
from lzma import LZMAError

from banking import errors
from workmate.errors import Problem

MAX_FILES = 1000
MAX_SIZE = 50 * 1024 * 1024  # bytes, unpacked
_CHUNK = 1024 * 1024
# What the package raises for bytes that are no archive, or one that it cannot open.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    struct.error,
    RuntimeError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    LookupError,
)


def is_archive(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def unpack(data: bytes) -> list[tuple[str, bytes]]:
    """Names and bytes of the files; raises `BROKEN_ARCHIVE` and `STATEMENT_TOO_LARGE`.

    What the archive says about sizes is believed only where it is too much: reading stops at
    the limit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MAX_FILES:
                raise errors.STATEMENT_TOO_LARGE(limit=f"{MAX_FILES} Dateien in einem ZIP")
            if sum(member.file_size for member in members) > MAX_SIZE:
                raise _too_large()
            return _read(archive, members)
    except _BROKEN as error:
        raise errors.BROKEN_ARCHIVE() from error


def _read(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> list[tuple[str, bytes]]:
    files, left = [], MAX_SIZE
    for member in members:
        with archive.open(member) as file:
            content = bytearray()
            while chunk := file.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise _too_large()
                content += chunk
        files.append((member.filename, bytes(content)))
    return files


def _too_large() -> Problem:
    return errors.STATEMENT_TOO_LARGE(limit=f"{MAX_SIZE // _CHUNK} MB entpackt")
