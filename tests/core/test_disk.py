"""Files: written whole or not at all, and every error a sentence."""

import os
from pathlib import Path

import numpy as np
import pytest

from nn_core import disk
from nn_core.arrays import Layout
from nn_core.config import Config
from nn_core.data import datasets
from nn_core.disk import newest, require_writable, typed_path, write_atomically
from nn_core.errors import RequestError
from nn_core.models import weights
from nn_core.storage import session


def test_a_file_is_written_and_replaced_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "run.json"
    for content in (b"first", b"second, and longer", b""):
        write_atomically(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "run.json"
    path.write_bytes(b"old")

    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RequestError, match=r"run\.json: can’t be written: No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_leads_to_the_new_file(tmp_path):
    there, link = tmp_path / "there" / "run.json", tmp_path / "run.json"
    there.parent.mkdir()
    there.write_bytes(b"old")
    link.symlink_to(there)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert there.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "this is a folder"),
        ("missing/run.json", "there is no folder"),
        ("a pipe", "this is not an ordinary file"),
        ("x" * 300, "can’t be written: File name too long"),
        ("loop", "can’t be written: Too many levels of symbolic links"),
    ],
)
def test_a_place_that_can_not_be_written_is_said_in_one_line(tmp_path, name, message):
    os.mkfifo(tmp_path / "a pipe")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(RequestError, match=message) as raised:
        write_atomically(tmp_path / name, b"new")
    assert "\n" not in str(raised.value)


def test_a_folder_that_can_not_be_written_to_is_told_beforehand(tmp_path, monkeypatch):
    require_writable(tmp_path / "run.json")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(RequestError, match="nothing can be written to the folder"):
        require_writable(tmp_path / "run.json")


@pytest.mark.parametrize("text", ["", "  ", "run\0.json", "~nobody-of-this-name/run.json"])
def test_what_is_no_path_is_refused(text):
    with pytest.raises(RequestError):
        typed_path(text)


def test_a_typed_path_may_begin_at_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert typed_path(" ~/run.json ") == tmp_path / "run.json"


IMPOSSIBLE_NAMES = ["x" * 300, "x" * 300 + ".json", "a\0b.csv", "\ud800.json", "folder", "loop"]


@pytest.fixture
def hostile_folder(tmp_path, monkeypatch):
    """The current folder, with what can't be read in it."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def piped(hostile_folder):
    """The end of a pipe into which a writer writes, or doesn't."""
    number = os.open("pipe", os.O_RDWR)  # so that it needn't wait for a reader
    yield number
    os.close(number)


def test_a_pipe_whose_writer_is_silent_is_not_waited_for_for_ever(piped, monkeypatch):
    monkeypatch.setattr(disk, "PIPE_SECONDS", 0.01)
    os.write(piped, b"x,y\n1,")
    with pytest.raises(RequestError, match=r"^pipe: nothing has come through this pipe for 0.01 s"):
        datasets.load(Config(data="pipe"))


def test_a_pipe_without_an_end_is_refused_once_too_much_has_come(piped, monkeypatch):
    monkeypatch.setattr(disk, "LARGEST_PIPED", 1000)
    os.write(piped, b"x,y\n" + b"1,2\n" * 300)
    with pytest.raises(RequestError, match=r"^pipe: more than 1,000 bytes have come"):
        datasets.load(Config(data="pipe"))


def test_a_pipe_of_a_compressed_file_is_none_to_wait_at_either(hostile_folder):
    os.mkfifo("pipe.csv.gz")
    with pytest.raises(RequestError, match=r"^pipe.csv.gz: "):
        datasets.load(Config(data="pipe.csv.gz"))


@pytest.mark.parametrize("name", IMPOSSIBLE_NAMES)
@pytest.mark.parametrize(
    "use",
    [
        lambda path: datasets.load(Config(data=str(path))),
        lambda path: weights.load(path, Layout(()), np.dtype(float)),
        session.read,
        lambda path: write_atomically(path, b"new"),
    ],
    ids=["data", "weights", "session", "write"],
)
def test_a_name_that_no_file_can_have_is_one_short_line(hostile_folder, use, name):
    with pytest.raises(RequestError) as raised:
        use(Path(name))
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize("name", ["pipe", "/dev/zero", "/dev/tty"])
def test_data_that_would_be_waited_for_is_refused_at_once(hostile_folder, name):
    with pytest.raises(RequestError, match=r"empty|not an ordinary file|can’t be read"):
        datasets.load(Config(data=name))


def test_the_newest_file_is_found_among_what_is_none(hostile_folder, tmp_path):
    for age, name in enumerate(["new.json", "old.json"]):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "gone.json").symlink_to("nowhere")
    assert newest(Path(), "*.json") == Path("new.json")
    assert newest(tmp_path / "folder", "*.json") is None
