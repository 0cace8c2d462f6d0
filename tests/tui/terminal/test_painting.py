"""Cells are compared where Textual is as known; elsewhere it paints as it does."""

import importlib
from collections.abc import Iterator

import pytest
import textual
from textual.app import App

from nn_tui.terminal import comparing, painting


@pytest.fixture
def reloaded() -> Iterator[None]:
    yield
    importlib.reload(painting)


def test_the_installed_textual_is_one_for_which_the_comparison_was_written() -> None:
    assert painting.textual_is_known()
    assert painting.PaintingApp is comparing.CellComparingApp


@pytest.mark.parametrize("version", ["8.1.9", "8.20.0", "8.3.0", "9.0.0"])
def test_another_version_is_not_known(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painting, "installed_version", lambda: version)
    assert not painting.textual_is_known()


def test_the_version_is_told_without_asking_textual() -> None:
    assert painting.installed_version() == textual.__version__


def test_another_signature_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(App, "_display", lambda self, screen, renderable, region: None)
    assert not painting.textual_is_known()
    monkeypatch.delattr(App, "_display")
    assert not painting.textual_is_known()


@pytest.mark.usefixtures("reloaded")
async def test_an_unknown_textual_paints_as_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(App, "_display", lambda self, screen, renderable, region: None)
        importlib.reload(painting)
    assert painting.PaintingApp._display is App._display
    async with painting.PaintingApp().run_test() as pilot:
        await pilot.app.run_action("redraw")
