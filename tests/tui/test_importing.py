"""A library imported without a part that it loads and nobody uses."""

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nn_tui.importing import hold_collection, import_without, resume_collection


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A library `hall` that takes a name from `attic`."""
    (tmp_path / "hall.py").write_text("from attic import things\n", encoding="utf-8")
    (tmp_path / "attic.py").write_text("things = 'many'\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in ("hall", "attic"):
        sys.modules.pop(name, None)


def test_the_part_is_not_loaded_and_may_be_later() -> None:
    assert import_without("hall", "attic", things="none").things == "none"
    assert "attic" not in sys.modules
    from attic import things

    assert things == "many"


def test_a_part_that_is_there_already_is_used() -> None:
    import attic

    assert import_without("hall", "attic", things="none").things == "many"
    assert sys.modules["attic"] is attic


def test_a_library_that_can_not_do_without_leaves_nothing_behind() -> None:
    with pytest.raises(ImportError):
        import_without("hall", "attic")
    assert "attic" not in sys.modules


def test_garbage_is_looked_for_again_though_not_among_what_was_imported() -> None:
    try:
        hold_collection()
        assert not gc.isenabled()
        resume_collection()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_where_it_was_not_held_nothing_is_taken_out_of_it() -> None:
    before = gc.get_freeze_count()
    resume_collection()
    assert gc.get_freeze_count() == before
