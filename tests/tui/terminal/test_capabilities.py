"""What a terminal can show is told by the environment."""

import pytest

from nn_tui.terminal.capabilities import colour_system, has_colour, markers, plain_reason


@pytest.mark.parametrize(
    ("environ", "terminals", "word"),
    [
        ({"TERM": "xterm-256color"}, (True, True, True), None),
        ({"TERM": "linux"}, (True, True, True), None),
        ({"TERM": "xterm"}, (False, True, True), "input"),
        ({"TERM": "xterm"}, (True, False, True), "output"),
        ({"TERM": "xterm"}, (True, True, False), "error"),
        ({"TERM": "dumb"}, (True, True, True), "dumb"),
        ({"TERM": "unknown"}, (True, True, True), "unknown"),
        ({"TERM": ""}, (True, True, True), "TERM is not set"),
        ({}, (True, True, True), "TERM is not set"),
    ],
)
def test_why_the_full_screen_cannot_be_had(
    environ: dict[str, str], terminals: tuple[bool, bool, bool], word: str | None
) -> None:
    reason = plain_reason(environ, *terminals)
    assert (reason is None) if word is None else (reason is not None and word in reason)


@pytest.mark.parametrize(
    ("environ", "finest"),
    [
        ({"LANG": "en_GB.UTF-8", "TERM": "xterm-256color"}, "braille"),
        ({"LANG": "C.utf8", "TERM": "tmux-256color"}, "braille"),
        ({"LANG": "C.UTF-8", "TERM": "linux"}, "blocks"),
        ({"LANG": "C.UTF-8", "TERM": "linux-16color"}, "blocks"),
        ({"LANG": "C", "TERM": "linux"}, "ascii"),
        ({"LANG": "de_DE.ISO-8859-1", "TERM": "xterm"}, "ascii"),
        ({"TERM": "xterm"}, "ascii"),
        ({"LC_ALL": "C", "LANG": "en_GB.UTF-8", "TERM": "xterm"}, "ascii"),
        ({"LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C", "TERM": "xterm"}, "braille"),
    ],
)
def test_the_finest_markers(environ: dict[str, str], finest: str) -> None:
    assert markers(environ, lambda _characters: None) == finest


@pytest.mark.parametrize(
    ("known", "finest"), [(True, "blocks"), (False, "ascii"), (None, "blocks")]
)
def test_a_console_without_half_blocks_is_written_to_in_ascii(
    known: bool | None, finest: str
) -> None:
    """Debian's font has none, nor ►: each curve and what was chosen were the same sign."""
    console = {"LANG": "C.UTF-8", "TERM": "linux"}
    assert markers(console, lambda _characters: known) == finest


@pytest.mark.parametrize(
    ("environ", "colour", "system"),
    [
        ({"TERM": "xterm-256color"}, True, "auto"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, True, "256"),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, True, "256"),
        ({"TERM": "linux", "NO_COLOR": "1"}, False, "auto"),
        ({"TERM": "linux", "NO_COLOR": ""}, False, "auto"),
        ({"TERM": "vt100"}, False, "auto"),
        ({"TERM": "vt220-8bit"}, False, "auto"),
    ],
)
def test_colours(environ: dict[str, str], colour: bool, system: str) -> None:
    assert has_colour(environ) is colour
    assert colour_system(environ) == system
