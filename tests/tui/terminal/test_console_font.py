"""What the console's font has, as the kernel tells it."""

import ctypes
import errno
import os
import struct

import pytest

from nn_tui.terminal.capabilities import Ask, can_show


def font(characters: str) -> Ask:
    """A kernel whose console has a font of these."""

    def ask(_descriptor: int, request: int, answer: bytearray) -> None:
        assert request == 0x4B66
        room, address = struct.unpack("@HP", answer)
        assert room >= len(characters)
        pairs = struct.pack(
            f"={2 * len(characters)}H",
            *(number for place, sign in enumerate(characters) for number in (ord(sign), place)),
        )
        ctypes.memmove(address, pairs, len(pairs))
        answer[:] = struct.pack("@HP", len(characters), address)

    return ask


@pytest.mark.parametrize(
    ("characters", "is_known"), [("ab▀►", True), ("ab►", False), ("", False), ("►▀", True)]
)
def test_it_shows_what_its_font_has(characters: str, is_known: bool) -> None:
    assert can_show("▀►", 2, font(characters)) is is_known


def test_a_place_in_the_font_is_no_character() -> None:
    assert can_show(chr(1), 2, font("ab")) is False


def test_of_another_terminal_nothing_is_known() -> None:
    reading, writing = os.pipe()
    try:
        assert can_show("▀", writing) is None
    finally:
        os.close(reading)
        os.close(writing)


def test_of_one_that_the_kernel_says_nothing_of_nothing_is_known() -> None:
    def refuse(*_asked: object) -> None:
        raise OSError(errno.EPERM, "not this person's")

    assert can_show("▀", 2, refuse) is None
