"""A text file as people have them: in UTF-8, or as spreadsheets on Windows write it; packed or not.

Whatever it is in, what can't be read as text is said in one line.
"""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from nn_core.disk import reading, shown
from nn_core.errors import RequestError

UTF_8 = "utf-8-sig"
_MARKED = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ARCHIVE = b"PK\x03\x04"  # as .xlsx and .ods begin
_PART = 1 << 20  # bytes that are looked at together


@contextmanager
def text_errors(path: Path) -> Iterator[None]:
    """Say in one line why a file can't be read."""
    try:
        with reading(path):
            yield
    except UnicodeError:
        raise RequestError(
            f"{shown(path)}: this is not a text file in UTF-8; saved as one it is read"
        ) from None
    except (EOFError, zlib.error):
        raise RequestError(f"{shown(path)}: this is not a whole gzip file") from None


@contextmanager
def unpacked(file: BinaryIO, path: Path) -> Iterator[BinaryIO]:
    """The bytes of an open file, which its name may say is packed by gzip; it is closed."""
    found: Any = gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file
    with file:
        yield found


@contextmanager
def as_text(file: BinaryIO, path: Path, encoding: str) -> Iterator[TextIO]:
    """The text of an open file, its line ends as they are."""
    with unpacked(file, path) as content, TextIOWrapper(content, encoding, newline="") as text:
        yield text


def encoding_of(file: BinaryIO, path: Path) -> str:
    """What the text of an open file is in: UTF-8, UTF-16 that says so, or Windows-1252.

    All of it is looked at.  `UnicodeError` where it is no text; `RequestError` for an archive.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf_8 = True
    with unpacked(file, path) as content:
        start = content.read(len(_ARCHIVE))
        if start == _ARCHIVE:
            raise RequestError(
                f"{shown(path)}: this is a spreadsheet or an archive; saved as CSV it is read"
            )
        for mark, encoding in _MARKED.items():
            if start.startswith(mark):
                return encoding
        part = start
        while part:
            if b"\0" in part:
                raise UnicodeError
            try:
                decoder.decode(part)
            except UnicodeDecodeError:
                is_utf_8 = False
            part = content.read(_PART)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        is_utf_8 = False
    return UTF_8 if is_utf_8 else "cp1252"
