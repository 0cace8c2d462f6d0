"""Whatever is typed, pasted or sent by a hostile terminal: it goes on, and ctrl+c ends it."""

import random
import time
from collections.abc import Callable, Iterator
from itertools import count, islice
from pathlib import Path

import pytest
from far_terminal import PROGRAM, FarTerminal

MEGABYTES = 150  # beyond the start
LEAVES_WITHIN = 2.0  # seconds after ctrl+c

KEYS = [*"sibnz+-=,.eklLuUad[]<>ro:?123456 \t\r", "\x1b", "\x10", "\x0c", "\x7f"]
KEYS += ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[Z", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F"]
HOSTILE = [
    b"\x1b[1114112u", b"\x1b[55296u", b"\x1b[99999999999999999999;9u", b"\x1b[48;0;0;0;0t",
    b"\x1b[48;9999;9999;1;1t", b"\x1b[200~", b"\x1b[M", b"\x1b[<0;99999;99999M", b"\x1b[<64;1;1M",
    b"\x1b[<0;-5;0M", b"\x1b[?2026;2$y", b"\x1b[?2048;2$y", b"\x1b[1;1R", b"\x1b[99999;99999R",
    b"\x1b]52;c;", b"\x1bP", b"\x9b", b"\xff\xfe", b"\xc3", b"\x00", b"\x1b[", b"\x1bO", b"\x1b",
    b"\x1b[I", b"\x1b[O", b"\x1b[[", b"1;" * 40, b"\xf0\x9f\x92\xa9", b"\xed\xa0\x80",
]  # fmt: skip

SIZES = [(1, 1), (500, 200), (80, 24), (40, 12), (39, 11), (120, 40), (500, 1), (1, 200)]


def memory(terminal: FarTerminal) -> float:
    """The megabytes that the program has in memory; none once it has ended."""
    status = Path(f"/proc/{terminal.process.pid}/status").read_text()
    kilobytes = status.partition("VmRSS:")[2].split()
    return int(kilobytes[0]) / 1024 if kilobytes else 0.0


def opened(folder: Path, *arguments: str) -> FarTerminal:
    """The program in a terminal that isn't looked at any more."""
    folder.mkdir(parents=True)
    command = [*PROGRAM, str(folder / "mark"), *arguments]
    terminal = FarTerminal(command, folder=folder)
    terminal.sees("s step", "epoch 0/")
    terminal.draws = False
    return terminal


def leave(terminal: FarTerminal) -> float:
    """Press ctrl+c, and see that it ends; the seconds that this took."""
    at = terminal.press("\x03")
    assert terminal.ended_within(LEAVES_WITHIN) == 0, terminal.said()[:500]
    return time.monotonic() - at


def type_all(folder: Path, pieces: Iterator[bytes], pause: float, *arguments: str) -> str:
    """Type it all, piece by piece, and leave; what there is to say of it.

    Where something in it is the command to quit, the program is started anew.
    """
    most, piece = 0.0, next(pieces, b"")
    for number in count():
        with opened(folder / str(number), *arguments) as terminal:
            before = memory(terminal)
            while piece and terminal.process.poll() is None:
                terminal.press(piece)
                terminal.until(lambda: terminal.is_all_typed or terminal.process.poll() is not None)
                terminal.pass_time(pause)
                most = max(most, memory(terminal) - before)
                piece = next(pieces, b"")
            if not piece:
                took = leave(terminal)
                assert most < MEGABYTES
                return f"{most:.0f} MB more at most, left in {took:.2f} s, {number} quits"
            assert terminal.ended() == 0, terminal.said()[:500]
    raise AssertionError


@pytest.mark.parametrize(
    ("seeds", "keys"), [(1, 300), pytest.param(20, 10_000, marks=pytest.mark.soak)]
)
def test_random_keys(seeds: int, keys: int, tmp_path: Path) -> None:
    for seed in range(seeds):
        chance = random.Random(seed)
        experiment = ("quadratic", "relu", "relu-net", "stopping-distance")[seed % 4]
        pieces = ("".join(chance.choices(KEYS, k=10)).encode() for _ in range(keys // 10))
        print(f"seed {seed}:", type_all(tmp_path / str(seed), pieces, 0.02, experiment))


def noise(chance: random.Random) -> Iterator[bytes]:
    while True:
        # Without what quits, and what quits and stops by signals once it has.
        yield chance.randbytes(4096).translate(None, b"\x03\x11\x1a\x1cq")


def sequences(chance: random.Random) -> Iterator[bytes]:
    while True:
        yield b"".join(chance.choices(HOSTILE, k=500))


def pasted(_: random.Random) -> Iterator[bytes]:
    yield b"e\x1b[200~"
    while True:
        yield b"1234567890 some text\r\n" * 200


def typed(_: random.Random) -> Iterator[bytes]:
    yield b"e"
    while True:
        yield b"1234567890" * 400


@pytest.mark.parametrize(
    "size", [100_000, pytest.param(10_000_000, marks=pytest.mark.soak)], ids=["100 kB", "10 MB"]
)
@pytest.mark.parametrize("sent", [noise, sequences, pasted, typed])
def test_a_flood(
    sent: Callable[[random.Random], Iterator[bytes]], size: int, tmp_path: Path
) -> None:
    pieces = islice(sent(random.Random(0)), size // 4000)
    print(type_all(tmp_path / "here", pieces, 0.0))


@pytest.mark.parametrize("times", [20, pytest.param(2000, marks=pytest.mark.soak)])
def test_resizes(times: int, tmp_path: Path) -> None:
    chance = random.Random(0)
    with opened(tmp_path / "here", "--epochs", "5") as terminal:
        before = memory(terminal)
        terminal.press(" ")
        for number in range(times):
            size = SIZES[number % len(SIZES)] if number % 2 else (
                chance.randint(1, 500), chance.randint(1, 200)
            )  # fmt: skip
            terminal.resize(*size)
            terminal.pass_time(0.02)
        assert memory(terminal) - before < MEGABYTES
        terminal.draws = True
        terminal.resize(80, 24)
        terminal.sees("s step", "loss", "paused")
        terminal.settle()
        last = terminal.cells()
        terminal.press("\x0c")
        terminal.settle()
        assert terminal.cells() == last
        leave(terminal)
