"""Terminals of many kinds: on each of them what is shown can be read.

What they look like is kept in `__snapshots__`; `pytest --snapshot-update` takes new ones.  Under
each row stand letters for the colours of its characters, which the last line explains.
"""

import string
from typing import Any

import pytest
from far_terminal import PROGRAM, FarTerminal

UTF8, C, LATIN = "C.UTF-8", "C", "de_DE.ISO-8859-1"
KINDS = {
    "xterm-256color": {},
    "xterm-256color, light": {"COLORFGBG": "0;15"},
    "xterm-256color, NO_COLOR": {"NO_COLOR": "1"},
    "xterm-256color, NO_COLOR, light": {"NO_COLOR": "1", "COLORFGBG": "0;15"},
    "xterm-256color, truecolor": {"COLORTERM": "truecolor"},
    "xterm-256color, C": {"LANG": C},
    "xterm-256color, Latin 1": {"LANG": LATIN},
    "xterm": {"TERM": "xterm"},
    "xterm, light": {"TERM": "xterm", "COLORFGBG": "0;15"},
    "xterm, C, NO_COLOR": {"TERM": "xterm", "LANG": C, "NO_COLOR": ""},
    "screen": {"TERM": "screen"},
    "screen-256color": {"TERM": "screen-256color"},
    "tmux-256color, light": {"TERM": "tmux-256color", "COLORFGBG": "0;15"},
    "linux": {"TERM": "linux"},
    "linux, C": {"TERM": "linux", "LANG": C},
    "linux, NO_COLOR": {"TERM": "linux", "NO_COLOR": "1"},
    "vt100": {"TERM": "vt100"},
    "vt100, C": {"TERM": "vt100", "LANG": C},
}
UNREADABLE = {"dark": {"black"}, "light": {"white", "brightwhite", "brightyellow"}}
GRAPHICS = "☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼⌂"  # of code page 437, where its codec has controls


@pytest.mark.parametrize("kind", KINDS)
def test_it_can_be_read(kind: str, tmp_path: Any, snapshot: Any) -> None:
    told = KINDS[kind]
    command = [*PROGRAM, str(tmp_path / "mark"), "relu", "--epochs", "30", "--pace", "max"]
    with FarTerminal(command, variables=told) as terminal:
        terminal.sees("s step", "step 0 ")
        terminal.press(" ")
        terminal.sees("step 30 ", "paused")
        terminal.settle()
        shown = set(terminal.text())
        if told.get("LANG") in (C, LATIN):
            assert all(each.isascii() for each in shown)
        elif told.get("TERM") == "linux":
            assert all(each in GRAPHICS or each.encode("cp437") for each in shown)
        inks = colours(terminal)
        if "NO_COLOR" in told or told.get("TERM") == "vt100":
            assert inks == {"default"}
        else:
            assert len(inks) >= 5
            assert not inks & UNREADABLE["light" if "COLORFGBG" in told else "dark"]
        assert drawn(terminal) == snapshot
        terminal.press("q")
        assert terminal.ended() == 0


def colours(terminal: FarTerminal) -> set[str]:
    """The colours in which something is written."""
    cells = [each for row in terminal.screen.buffer.values() for each in row.values()]
    assert all(each.bg == "default" for each in cells)
    return {each.fg for each in cells if each.data != " "}


def drawn(terminal: FarTerminal) -> str:
    """The screen as text, with the colours below each row."""
    letters: dict[str, str] = {"default": " "}
    rows = []
    for y, text in enumerate(terminal.screen.display):
        cells = [terminal.screen.buffer[y][x] for x in range(terminal.screen.columns)]
        inks = [each.fg if each.data != " " else "default" for each in cells]
        for ink in inks:
            letters.setdefault(ink, string.ascii_letters[len(letters) - 1])
        rows += [text.rstrip(), "".join(letters[ink] for ink in inks).rstrip()]
    rows.append(", ".join(f"{letter} {ink}" for ink, letter in letters.items() if ink != "default"))
    return "\n".join(rows)
