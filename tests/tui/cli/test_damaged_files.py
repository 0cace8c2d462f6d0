"""Damaged and hostile files: one clear line each, nothing of them used, and no memory to speak of.

Sessions, weights and tables are damaged at random: bits flipped, cut off, pieces doubled or lost,
values of other types, lengths beyond all bounds.  Each is then opened as the program's command
line does, and in place of a run that goes on.
"""

import json
import random
import struct
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from nn_core import Config, Runner, Timeline, Trainer, weights
from nn_core.data.csv_file import read_table
from nn_core.errors import RequestError
from nn_core.live.file_requests import Load, OpenSession
from nn_core.storage.session import dumps, open_session
from nn_tui.__main__ import main

COUNTS = [100, pytest.param(2000, marks=pytest.mark.soak)]
LONGEST_LINE = 500  # characters
NETWORK = Config(
    experiment="mlp", model="mlp", hidden=(4, 3), loss="mse", optimizer="adam", learning_rate=1e-3
)
Damage = Callable[[random.Random, bytes], bytes]

# --- damages that any file may suffer -------------------------------------------------------------


def flipped(chance: random.Random, data: bytes) -> bytes:
    """Some bits are others."""
    bits = bytearray(data)
    for _ in range(chance.choice([1, 1, 1, 2, 8, 64])):
        bits[chance.randrange(len(bits))] ^= 1 << chance.randrange(8)
    return bytes(bits)


def cut_off(chance: random.Random, data: bytes) -> bytes:
    """The end, or the beginning, is gone."""
    at = chance.randrange(len(data))
    return chance.choice([data[:at], data[:at], data[at:]])


def spliced(chance: random.Random, data: bytes) -> bytes:
    """A piece is lost, doubled, zeroed or of another file."""
    first, last = sorted(chance.choices(range(len(data)), k=2))
    piece = data[first:last]
    other = chance.choice([b"", piece * 2, bytes(len(piece)), chance.randbytes(len(piece))])
    return data[:first] + other + data[last:]


def of_bytes(chance: random.Random, data: bytes) -> bytes:
    """Something else altogether."""
    return chance.choice(
        [b"", b"\0" * 5000, chance.randbytes(300), b"\xff\xfe" + data, data * 3, b"\x1f\x8b" + data]
    )


ANYWHERE: list[Damage] = [flipped, cut_off, spliced, of_bytes]

# --- sessions -------------------------------------------------------------------------------------

HOSTILE = [
    None, True, -1, 0.5, 10**12, 10**400, 1e308, "", "nan", "a\x1b[2Jb", "x" * 10_000, [], {},
    [[]], [10**9] * 3, [10**12, 10**12], [0] * 1000, {"a": {"a": {}}}, ["a"], [[1, 2], [3]],
    "A" * 4000, "99999999999", "\u202e", {"x" * 1000: 1},
]  # fmt: skip


def of_another_type(chance: random.Random, data: bytes) -> bytes:
    """A value somewhere in it is another; nobody reckoned it into the checksum."""
    content = json.loads(data)
    del content["checksum"]
    inner = content
    while True:
        key = chance.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
        if not isinstance(inner[key], dict | list) or not inner[key] or chance.random() < 0.2:
            break
        inner = inner[key]
    inner[key] = chance.choice(HOSTILE)
    return json.dumps(content).encode()


def nested(chance: random.Random, data: bytes) -> bytes:
    """Brackets, deeper than anybody needs, or a number of more digits."""
    depth = chance.choice([500, 50_000])
    opened, closed = chance.choice([(b"[", b"]"), (b'{"a":', b"}")])
    inside = opened * depth + b"1" + closed * chance.choice([0, depth])
    return data.replace(b'"events": ', b'"events": ' + chance.choice([inside, b"9" * depth]) + b",")


def session_file(path: Path) -> None:
    timeline = Timeline(Trainer.from_config(NETWORK.replace(epochs=20)))
    timeline.advance(8)
    timeline.do("nudge", index=3, amount=0.25)
    timeline.do("set", name="learning_rate", value=0.002)
    timeline.advance(4)
    path.write_text(dumps(timeline, resumable=True))


# --- weights --------------------------------------------------------------------------------------

SIZES = [-1, 0, 1, 2**31, 2**40, 2**62, 2**63, 2**64 - 1, 10**30, 0.5, "4", None, True, [4]]


def with_another_header(chance: random.Random, data: bytes) -> bytes:
    """What it says of shapes, types and places is other than what there is."""
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    name = chance.choice(list(header))
    match chance.randrange(7):
        case 0:
            header[name]["shape"] = chance.choices(SIZES, k=chance.randrange(4))
        case 1:
            header[name]["data_offsets"] = chance.choices(SIZES, k=2)
        case 2:
            header[name]["dtype"] = chance.choice(["F8_E4M3", "I64", "F32", "F16", "", 3, "\x1b[m"])
        case 3:
            header[chance.choice(["", "\x1b[2J", "x" * 5000, "0.weight\n"])] = header.pop(name)
        case 4:
            header |= {f"{at}.weight": header[name] for at in range(2000)}
        case 5:
            header["__metadata__"] = chance.choice([{"a": "b" * 9999}, {"a": 1}, [], 3])
        case _:
            header[name] = chance.choice(HOSTILE)
    said = json.dumps(header).encode()
    return struct.pack("<Q", len(said)) + said + data[8 + length :]


def with_another_length(chance: random.Random, data: bytes) -> bytes:
    """Its header claims to be of another length."""
    length = chance.choice([0, 1, 7, 99_999_999, 100_000_001, 2**32, 2**63 - 1, 2**64 - 1])
    return struct.pack("<Q", length) + data[8:]


def with_other_numbers(chance: random.Random, data: bytes) -> bytes:
    """Numbers that aren't finite."""
    at = len(data) - 8 * chance.randrange(1, 20)
    return (
        data[:at] + struct.pack("<d", chance.choice([float("nan"), float("inf")])) + data[at + 8 :]
    )


def weights_file(path: Path) -> None:
    weights.save(path, Trainer.from_config(NETWORK).model.parameters)


# --- tables ---------------------------------------------------------------------------------------

CELLS = [
    "", " ", "NaN", "inf", "1e999", "0x10", "1_000", "١", "\x1b[31m", '"', '"1', "1;2", "1,2",
    "x" * 200_000, "9" * 10_000, "\0", "\u2028", "1\r2", "nan,nan", "," * 5000,
]  # fmt: skip


def with_another_cell(chance: random.Random, data: bytes) -> bytes:
    """A cell, of the header or below, holds what it shouldn't."""
    lines = [line.split(",") for line in data.decode().splitlines()]
    line = chance.choice([lines[0], *lines])
    line[chance.randrange(2)] = chance.choice(CELLS)
    return "\n".join(",".join(line) for line in lines).encode()


def of_another_shape(chance: random.Random, data: bytes) -> bytes:
    """Columns or rows by the thousand, of which hardly any holds anything."""
    wide = ",".join(f"c{at}" for at in range(20_000))
    return chance.choice(
        [
            wide.encode(), (wide + "\n" + "1," * 19_999 + "1\n").encode(), b"x,y" + b"\n" * 100_000,
            b"x,y\n" + b",\n" * 20_000, b"," * 100_000, b'"' * 100_001, data + b'"' + data * 20,
            ("\x1b[2J" * 5000 + ",y\n1,2\n").encode(), b"x,x\n1,2\n", b"x\n" + b"1\n" * 20_000,
        ]
    )  # fmt: skip


def table_file(path: Path) -> None:
    chance = random.Random(0)
    rows = [f"{at / 20 - 1},{chance.uniform(-2, 2)}" for at in range(40)]
    path.write_text("\n".join(["speed,distance", *rows]) + "\n")


# --- what becomes of them -------------------------------------------------------------------------

QUICK = ("--plain", "--every", "1000", "--epochs", "20")
KINDS: dict[str, tuple[Any, ...]] = {
    # suffix: writes one, what it alone may suffer, the command line, the request of a run
    ".json": (
        session_file, [of_another_type, of_another_type, nested],
        lambda path: [path, *QUICK], OpenSession, lambda path: open_session(Path(path)), 120,
    ),
    ".safetensors": (
        weights_file, [with_another_header, with_another_length, with_other_numbers],
        lambda path: ["mlp", "--hidden", "4,3", "--lr", "1e-3", "--load", path, *QUICK],
        Load, lambda path: Trainer.from_config(NETWORK.replace(load=path)), 10,
    ),
    ".csv": (
        table_file, [with_another_cell, of_another_shape],
        lambda path: ["--data", path, "--lr", "1e-6", *QUICK],
        None, lambda path: read_table(Path(path)), 120,
    ),
}  # fmt: skip
ENOUGH = 3_000_000  # bytes, for what any run needs


@pytest.fixture
def going_on() -> Iterator[tuple[Runner, Callable[[], None]]]:
    """A run that goes on, and what waits for its next snapshot."""
    shown: SimpleQueue[None] = SimpleQueue()
    runner = Runner(lambda: Trainer.from_config(NETWORK), lambda: shown.put(None))
    runner.start()
    shown.get(timeout=30)
    yield runner, lambda: shown.get(timeout=30)
    runner.stop()


def peak(read: Callable[[str], object], path: Path) -> int:
    """The most memory that reading a file takes, in bytes."""
    tracemalloc.start()
    try:
        with suppress(RequestError):
            read(str(path))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("suffix", KINDS)
def test_a_damaged_file_is_one_clear_line(
    suffix: str, count: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], going_on: Any
) -> None:
    write, own, command_line, request, read, per_byte = KINDS[suffix]
    runner, wait = going_on
    path = tmp_path / f"damaged{suffix}"
    write(path)
    whole = path.read_bytes()
    read(str(path))  # so that what is imported for it isn't counted
    refused = 0
    for seed in range(count):
        chance = random.Random(seed)
        path.write_bytes(chance.choice(ANYWHERE + own + own)(chance, whole))
        code = main(command_line(str(path)))
        said = capsys.readouterr()
        assert code in (0, 1, 2), seed
        most = peak(read, path)
        assert most < ENOUGH + per_byte * path.stat().st_size, (seed, most)
        if code == 2:
            refused += 1
            assert said.out == "", seed
            assert said.err.count("\n") == 1, (seed, said.err)
            assert said.err.removesuffix("\n").isprintable(), (seed, said.err)
            assert len(said.err) - len(str(path)) < LONGEST_LINE, (seed, said.err)
        if request and code == 2:
            before = runner._run.timeline, runner._run.timeline.state.parameters.tobytes()
            runner.ask(request(str(path)))
            wait()
            assert runner.snapshot is not None
            assert runner.snapshot.complaint, seed
            assert before == (runner._run.timeline, runner._run.timeline.state.parameters.tobytes())
    assert refused > count / 2


def test_the_whole_files_are_taken(tmp_path: Path) -> None:
    for suffix, (write, _, command_line, *_) in KINDS.items():
        path = tmp_path / f"whole{suffix}"
        write(path)
        assert main(command_line(str(path))) == 0


def test_of_a_file_as_large_as_none_can_be_not_a_byte_is_read(tmp_path: Path) -> None:
    for suffix in (".json", ".safetensors"):
        path = tmp_path / f"large{suffix}"
        with path.open("wb") as file:
            file.truncate(10**13)
        with pytest.raises(RequestError, match=r"has 10,000,000,000,000 bytes; at most"):
            KINDS[suffix][4](str(path))
