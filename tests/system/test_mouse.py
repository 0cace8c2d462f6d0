"""The mouse of a real terminal: what is asked of it, what its reports do, and that it is let go."""

from pathlib import Path

from far_terminal import MOUSE_OFF, PROGRAM, FarTerminal

MOUSE_ON = (b"\x1b[?1000h", b"\x1b[?1002h", b"\x1b[?1006h")
ALL_MOTION = b"\x1b[?1003h"


def opened(mark: Path, *arguments: str) -> FarTerminal:
    return FarTerminal((*PROGRAM, str(mark), *arguments), folder=mark.parent)


def cell_of(terminal: FarTerminal, text: str) -> tuple[int, int]:
    """Column and row, from 1, of the first character of a text."""
    rows = terminal.screen.display
    y = next(y for y, row in enumerate(rows) if text in row)
    return rows[y].index(text) + 1, y + 1


def click(terminal: FarTerminal, x: int, y: int) -> None:
    terminal.press(f"\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m")


def test_clicks_and_drags_as_a_terminal_reports_them(tmp_path: Path) -> None:
    with opened(tmp_path / "mark") as terminal:
        terminal.sees("loss 2.4219")
        assert all(each in terminal.written for each in MOUSE_ON)
        assert ALL_MOTION not in terminal.written
        click(terminal, *cell_of(terminal, "step  i into"))
        terminal.sees("step 1 ", "loss 2.4010")
        x, y = cell_of(terminal, "◆")
        terminal.press(f"\x1b[<0;{x};{y}M\x1b[<32;{x + 3};{y}M\x1b[<0;{x + 3};{y}m")
        terminal.until(lambda: cell_of(terminal, "◆") == (x + 3, y))
        terminal.settle()
        before = len(terminal.written)
        click(terminal, *cell_of(terminal, "paused"))
        terminal.press("\x1b[<64;1;1M")  # the wheel, where nothing scrolls
        terminal.settle()
        assert len(terminal.written) == before
        click(terminal, *cell_of(terminal, "q quit"))
        assert terminal.ended() == 0
        assert terminal.modes_are_off()


def test_without_a_mouse_the_terminal_keeps_its_own(tmp_path: Path) -> None:
    with opened(tmp_path / "mark", "--no-mouse") as terminal:
        terminal.sees("loss 2.4219")
        terminal.press("q")
        assert terminal.ended() == 0
        assert not any(each in terminal.written for each in (*MOUSE_ON, *MOUSE_OFF))
        assert terminal.modes_are_off(mouse=False)
