r"""What a terminal sends, cut into whole sequences and turned into events, whatever it is.

The names of keys and the reading of the mouse are Textual's. Its state machine isn't used: a code
that is no character breaks it (`ESC[1114112u`), a claimed size is believed (`ESC[48;9999;9999;1;1t`
takes a gigabyte), and what it doesn't know it types, letter by letter.
"""

import codecs
import re
from collections.abc import Callable, Generator, Iterator

from textual import events, messages
from textual._xterm_parser import XTermParser
from textual.keys import Keys
from textual.message import Message

ESCAPE_SECONDS = 0.1
"""How long an ESC may wait for what makes a sequence of it, before it is the key."""

LONGEST_SEQUENCE = 64
LONGEST_PASTE = 4096  # characters; the rest of it is left out

_TOKEN = re.compile(
    r"""(?P<text>[^\x1b]+)
    | (?P<paste>\x1b\[200~)
    | (?P<position>\x1b\[(\d{1,5});(\d{1,5})R)
    | (?P<sequence>\x1b\[M[^\x1b]{3}|\x1b\[\[[A-E]|\x1b\[(?![\[M])[0-?]*[ -/]*[@-~]|\x1bO[ -~])
    | (?P<unasked>\x1b[\]PX^_][^\x03\x07\x1b]*(?:\x07|\x1b\\))
    | (?P<broken>\x1b\[[0-?]*[ -/]*(?=[^ -~]))
    | (?P<escape>\x1b(?=\x1b))
    | (?P<alt>\x1b[^\x1b\[O\]PX^_])
    | (?P<partial>\x1b.*)""",
    re.VERBOSE | re.DOTALL,
)
_PASTE_END = "\x1b[201~"
_LONGEST_END = 8  # characters, of any that `_LEAVING` finds
_CONTROL_C = "\x03"
_LEAVING = re.compile(r"\x1b\[201~|\x03|\x1b\[99;5u")
"""What ends a paste: its end, and ctrl+c in either spelling, as a paste may have no end."""

_SIGNS = {"\x1b[I": events.AppFocus, "\x1b[O": events.AppBlur}
_SYNCHRONIZES = re.compile(r"\x1b\[\?2026;[1-4]\$y")


class Keyboard:
    """Turns bytes into events.

    `is_full` tells that no more keys can be taken: until they can, all but ctrl+c are left out, so
    that a paste without brackets is over when it has been sent and not minutes later.
    """

    def __init__(self, is_full: Callable[[], bool]) -> None:
        self._is_full = is_full
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._parser = XTermParser()
        self._partial = ""
        self._pasted: str | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a sequence has begun that isn't whole; `time_out` when nothing more comes."""
        return self._partial.startswith("\x1b") and self._pasted is None

    def time_out(self) -> Iterator[Message]:
        """Take an ESC that nothing followed for the key; what is half a sequence is left out."""
        partial, self._partial = self._partial, ""
        if partial == "\x1b":
            yield events.Key("escape", "\x1b")
        else:
            yield from self._without(partial)

    def feed(self, data: bytes) -> Iterator[Message]:
        """Yield what the next bytes mean."""
        text, self._partial = self._partial + self._decode(data), ""
        while text:
            if self._pasted is not None:
                text = yield from self._paste(text)
                continue
            for token in _TOKEN.finditer(text):
                if token.lastgroup == "paste":
                    self._pasted, text = "", text[token.end() :]
                    break
                yield from self._mean(token)
            else:
                return

    def _mean(self, token: re.Match[str]) -> Iterator[Message]:
        found = token[0]
        match token.lastgroup:
            case "position":
                yield events.CursorPosition(x=int(token[5]) - 1, y=int(token[4]) - 1)
            case "text":
                for at, character in enumerate(found):
                    if self._is_full():
                        yield from self._without(found[at:])
                        return
                    yield from self._keys(character)
            case "sequence":
                yield from self._sequence(found)
            case "escape":
                yield events.Key("escape", "\x1b")
            case "alt":
                yield from list(self._keys(found)) or self._keys(found[1], alt=True)
            case "partial" if len(found) <= LONGEST_SEQUENCE:
                self._partial = found
            case _:
                yield from self._without(found)

    def _sequence(self, found: str) -> Iterator[Message]:
        if found in _SIGNS:
            yield _SIGNS[found]()
        elif _SYNCHRONIZES.fullmatch(found):
            yield messages.TerminalSupportsSynchronizedOutput()
        elif len(found) <= LONGEST_SEQUENCE:
            keys = list(self._keys(found))
            if found.endswith("~") and any(key.is_printable for key in keys):
                return  # a function key that isn't known, taken for the character of its number
            if keys and (keys[0].key == "ctrl+c" or not self._is_full()):
                yield from keys
            elif not keys and found[-1] in "Mm" and not self._is_full():
                mouse = self._parser.parse_mouse_code(found)
                if mouse is not None:
                    yield mouse

    def _keys(self, sequence: str, alt: bool = False) -> Iterator[events.Key]:
        try:
            keys = list(self._parser._sequence_to_key_events(sequence, alt))
        except (ValueError, OverflowError):  # a number that is no character
            return
        for key in keys:
            is_character = not any("\ud800" <= each <= "\udfff" for each in key.character or "")
            if key.key != Keys.Ignore and is_character:
                yield key

    def _without(self, left_out: str) -> Iterator[Message]:
        """Leave something out, but for ctrl+c."""
        if _CONTROL_C in left_out:
            yield from self._keys(_CONTROL_C)

    def _paste(self, text: str) -> Generator[Message, None, str]:
        """Take what belongs to the paste; return what follows it."""
        assert self._pasted is not None
        end = _LEAVING.search(text)
        piece = text[: end.start()] if end else text
        if not end and (start := piece.rfind("\x1b", -_LONGEST_END)) >= 0:
            piece, self._partial = piece[:start], piece[start:]
        self._pasted += piece[: LONGEST_PASTE - len(self._pasted)]
        if not end:
            return ""
        pasted, self._pasted = self._pasted.replace("\x00", ""), None
        yield events.Paste(pasted)
        return text[end.end() if end[0] == _PASTE_END else end.start() :]
