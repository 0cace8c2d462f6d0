"""Bytes from a terminal become keys, or nothing, whatever they are and however they are cut."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events, messages
from textual.message import Message

from nn_tui.terminal.keyboard import LONGEST_PASTE, Keyboard


def read(*pieces: bytes, full: bool = False) -> list[Message]:
    keyboard = Keyboard(lambda: full)
    found = [message for piece in pieces for message in keyboard.feed(piece)]
    return [*found, *(keyboard.time_out() if keyboard.is_waiting else ())]


def keys(*pieces: bytes, full: bool = False) -> list[str]:
    return [each.key for each in read(*pieces, full=full) if isinstance(each, events.Key)]


KEYS = {
    b"s": ["s"],
    b"U": ["U"],
    b" ": ["space"],
    b"\r": ["enter"],
    b"\x03": ["ctrl+c"],
    b"\x7f": ["backspace"],
    b"\x1b": ["escape"],
    b"\x1b\x1b": ["escape", "escape"],
    b"\x1b[A": ["up"],
    b"\x1bOB": ["down"],
    b"\x1b[C\x1b[D": ["right", "left"],
    b"\x1b[1;5C": ["ctrl+right"],
    b"\x1b[Z": ["shift+tab"],
    b"\x1b[3~": ["delete"],
    b"\x1b[[A": ["f1"],
    b"\x1bx": ["alt+x"],
    b"\x1b\x1b[A": ["escape", "up"],
    b"\x1b[27u": ["escape"],
    b"\x1b[99;5u": ["ctrl+c"],
    "é層".encode(): ["é", "層"],
}
QUIET = [
    b"\x1b[1114112u", b"\x1b[55296u", b"\x1b[99999999999999999999u", b"\x1b[48;0;0;0;0t",
    b"\x1b[48;9999;9999;1;1t", b"\x1b[?62;22c", b"\x1b]11;rgb:0000/0000/0000\x07",
    b"\x1bP1$r0m\x1b\\", b"\x1b[M !!", b"\x1b[" + b"1;" * 100 + b"m", b"\x1b[12", b"\x1b[999~",
]  # fmt: skip


@pytest.mark.parametrize("sent", KEYS, ids=repr)
def test_a_key_whole_and_byte_by_byte(sent: bytes) -> None:
    assert keys(sent) == KEYS[sent]
    assert keys(*(bytes([byte]) for byte in sent)) == KEYS[sent]


@pytest.mark.parametrize("sent", QUIET, ids=repr)
def test_what_is_no_key_is_nothing_and_the_next_key_is_itself(sent: bytes) -> None:
    assert read(sent) == []
    keyboard = Keyboard(lambda: False)
    assert [*keyboard.feed(sent), *keyboard.time_out()] == []
    assert [each.key for each in keyboard.feed(b"s") if isinstance(each, events.Key)] == ["s"]


def test_bytes_that_are_no_utf_8_stand_for_themselves_alone() -> None:
    unknown = "replacement_character"
    assert keys(b"\xffs\xc3(") == [unknown, "s", unknown, "left_parenthesis"]


def test_the_cursor_s_place_is_no_key() -> None:
    (place,) = read(b"\x1b[12;", b"40R")
    assert isinstance(place, events.CursorPosition)
    assert (place.x, place.y) == (39, 11)


def test_answers_between_keys_disturb_neither() -> None:
    sent = b"s\x1b[1;1R\x1b[A\x1b[2;1Ri\x1b[3;1R\x1b[24;80R"
    for cut in range(len(sent)):
        assert keys(sent[:cut], sent[cut:]) == ["s", "up", "i"]


def test_the_mouse_and_the_focus() -> None:
    press, scroll, gained = read(b"\x1b[<0;3;4M\x1b[<65;3;4M\x1b[I")
    assert isinstance(press, events.MouseDown)
    assert (press.x, press.y) == (2, 3)
    assert isinstance(scroll, events.MouseScrollDown)
    assert isinstance(gained, events.AppFocus)


def test_that_updates_are_shown_at_once_is_heard() -> None:
    (found,) = read(b"\x1b[?2026;2$y")
    assert isinstance(found, messages.TerminalSupportsSynchronizedOutput)
    assert read(b"\x1b[?2026;0$y") == []


def test_a_paste_is_one_event_however_it_is_cut() -> None:
    sent = b"a\x1b[200~some\ntext \x1b[A\x1b[201~b"
    for cut in range(len(sent)):
        before, pasted, after = read(sent[:cut], sent[cut:])
        assert isinstance(pasted, events.Paste)
        assert pasted.text == "some\ntext \x1b[A"
        assert isinstance(before, events.Key)
        assert isinstance(after, events.Key)


def test_a_long_paste_is_shortened() -> None:
    (pasted,) = read(b"\x1b[200~" + b"x" * 10_000_000 + b"\x1b[201~")
    assert isinstance(pasted, events.Paste)
    assert len(pasted.text) == LONGEST_PASTE


@pytest.mark.parametrize("leave", [b"\x03", b"\x1b[99;5u"])
def test_a_paste_without_an_end_can_be_left(leave: bytes) -> None:
    assert keys(b"\x1b[200~never ending", leave) == ["ctrl+c"]


@pytest.mark.parametrize("before", [b"", b"x" * 5000, b"\x1b[12", b"\x1b]0;title", b"\x1bO"])
def test_ctrl_c_comes_through_whatever_is_in_its_way(before: bytes) -> None:
    assert "ctrl+c" in keys(before + b"\x03")
    assert "ctrl+c" in keys(before + b"\x03", full=True)


def test_keys_are_left_out_while_the_app_is_behind() -> None:
    assert keys(b"sss\x1b[A\x1b[<0;3;4M", full=True) == []


@given(st.binary(max_size=200), st.randoms(use_true_random=False))
def test_any_bytes_in_any_pieces_leave_it_usable(data: bytes, chance: random.Random) -> None:
    keyboard = Keyboard(lambda: False)
    while data:
        cut = chance.randint(1, len(data))
        list(keyboard.feed(data[:cut]))
        data = data[cut:]
    list(keyboard.time_out())
    found = [*keyboard.feed(b"\x03"), *keyboard.time_out()]
    assert any(isinstance(each, events.Key) and each.key == "ctrl+c" for each in found)
