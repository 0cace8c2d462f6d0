"""The installed program in a real terminal."""

from typing import Any

# The answer is put together by the shell, so that it can't be mistaken for the command.
CODE = "; echo exit''code=$?"


def test_ten_steps_and_out_again(terminal: Any) -> None:
    terminal.enter("echo what was here be''fore")
    terminal.sees("what was here before")
    terminal.enter(f"nn-tui{CODE}")
    terminal.sees("a·x² + b·x + c", "loss 2.4219", "● data", "s step")
    assert "what was here before" not in terminal.screen()
    terminal.press(*"ssssssssss")
    terminal.sees("step 10 ", "loss 2.2137", "1.2488", "15 of 20 points still lie above")
    terminal.press("i", "i", "i", "i")
    terminal.sees("▸ BACKWARD")
    terminal.press("Escape")
    terminal.until(lambda: "BACKWARD" not in terminal.screen())
    terminal.press("Right")
    terminal.sees("You raised a by 0.1", "1.3353")
    terminal.press("q")
    terminal.sees("exitcode=0", "what was here before")
    assert "loss" not in terminal.screen()


def test_a_network_runs_to_its_target(terminal: Any) -> None:
    terminal.enter(f"nn-tui relu-net --epochs 300 --pace max{CODE}")
    terminal.sees("1 → 16 ReLU → 1", "W1", "▲")
    terminal.press("Space")
    terminal.sees("epoch 300/300", "paused", "Target reached")
    terminal.press("q")
    terminal.sees("exitcode=0")


def test_ctrl_c_leaves_even_while_typing(terminal: Any) -> None:
    terminal.enter(f"nn-tui{CODE}")
    terminal.sees("loss 2.4219")
    terminal.press("e")
    terminal.sees("epochs: passes over the data")
    terminal.press("7", "7")
    terminal.sees("\n 77\n")
    terminal.press("C-c")
    terminal.sees("exitcode=0")


def test_it_follows_the_size_of_the_terminal(terminal: Any) -> None:
    terminal.enter(f"nn-tui{CODE}")
    terminal.sees("loss 2.4219")
    terminal.resize(120, 40)
    terminal.sees("length of the gradient by step")
    terminal.resize(39, 11)
    terminal.sees("40×12 is the least; this is 39×11")
    terminal.resize(80, 24)
    terminal.sees("── fit ─", "loss by step", " ▸ a ", "s step", "? help")
    terminal.press("q")
    terminal.sees("exitcode=0")


def test_a_mistake_is_one_line_and_the_screen_stays(terminal: Any) -> None:
    terminal.enter(f"nn-tui --data none.csv{CODE}")
    terminal.sees("nn-tui: none.csv: there is no such file", "exitcode=2")
    lines = terminal.screen().splitlines()
    assert lines[0].startswith("ready$ nn-tui --data none.csv")
    assert lines[1] == "nn-tui: none.csv: there is no such file"
    assert lines[2] == "exitcode=2"


def test_a_dumb_terminal_is_told_what_serves(terminal: Any) -> None:
    terminal.enter(f"TERM=dumb nn-tui{CODE}")
    terminal.sees("a terminal of type dumb", "--plain or --json", "exitcode=2")
