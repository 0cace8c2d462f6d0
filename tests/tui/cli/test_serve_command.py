"""`nn-tui serve`: what it refuses, in one line, before anybody is let in."""

import importlib.util
import socket

import pytest

from nn_tui.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "65536"], "--port must be a whole number from 0 to 65535; not '65536'"),
        (["--port", "-1"], "--port"),
        (["--port", "9" * 5000], "--port must be"),
        (["--visitors", "0"], "--visitors must be a whole number from 1 to 1000; not '0'"),
        (["--visitors", "many"], "--visitors must be"),
        (["--kiosk"], "serve gives each visitor a kiosk"),
        (["mine.csv"], "a kiosk reads no files"),
        (["run.json"], "--kiosk opens no files"),
        (["--save", "x.json"], "--save names a file"),
        (["--hidden", "9999"], "at most 20,000 parameters"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
        (["--host"], "expected one argument (nn-tui serve --help"),
        (["--host", "no such host", "--port", "0"], "no such host, port 0: can’t listen there"),
    ],
)
def test_what_it_refuses(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("nn-tui: ")
    assert said in err
    assert err.count("\n") == 1


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 2
    assert f"127.0.0.1, port {port}: can’t listen there" in capsys.readouterr().err


def test_without_the_extra_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "textual_serve" else find(name)
    )
    assert main(["serve"]) == 2
    err = capsys.readouterr().err
    assert err == "nn-tui: serve needs what browsers are served with: pip install 'nn-tui[web]'\n"


def test_its_help_names_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--help"])
    assert ended.value.code == 0
    assert "--visitors N" in capsys.readouterr().out
