"""The last run, asked for again and again: it leads back through all that were left."""

from pathlib import Path

import pytest
from timelines import of_config

from nn_core.errors import RequestError
from nn_core.storage.autosave import Autosave, Offered
from nn_core.storage.kept_runs import KeptRun, folders
from nn_core.storage.session import dumps, outline, replay


def left(state: Path, step: int) -> None:
    """Save a run of so many steps and leave it to others."""
    timeline = of_config()
    timeline.advance(step)
    kept = KeptRun.begin(state)
    kept.save(dumps(timeline, resumable=True).encode())
    kept.leave()


def test_each_leads_further_back_and_after_the_oldest_to_the_newest(tmp_path: Path) -> None:
    """It led to and fro between the newest two, and never to a third."""
    for step in (10, 3, 2):
        left(tmp_path, step)
    keeper = Autosave(lambda: tmp_path)
    steps = []
    for _ in range(7):
        last = keeper.last_run()
        keeper.go_on_with(last)
        steps.append(replay(last.session).state.step)
    keeper.close(None)
    assert steps == [2, 3, 10, 2, 3, 10, 2]


def test_after_another_run_was_begun_it_leads_to_the_one_left_last(tmp_path: Path) -> None:
    for step in (10, 3, 2):
        left(tmp_path, step)
    keeper = Autosave(lambda: tmp_path)
    for _ in range(2):
        keeper.go_on_with(keeper.last_run())
    keeper.begin_another()
    last = keeper.last_run()
    assert last.session.step == 3
    last.kept.release()
    keeper.close(None)


def test_a_glance_at_a_session_tells_the_loss_of_the_step_before(tmp_path: Path) -> None:
    path, timeline = tmp_path / "run.json", of_config()
    path.write_text(dumps(timeline, resumable=True))
    assert outline(path).loss is None
    timeline.advance(7)
    for step in (7, 4):
        timeline.seek(step)
        path.write_text(dumps(timeline, resumable=True))
        found = outline(path)
        assert (found.step, found.loss) == (step, timeline.history.losses.at(step - 1))
    path.write_text(dumps(timeline))
    assert outline(path).loss is None


def test_one_of_them_can_be_asked_for_by_its_name(tmp_path: Path) -> None:
    for step in (10, 3, 2):
        left(tmp_path, step)
    keeper = Autosave(lambda: tmp_path)
    for folder, step in zip(folders(tmp_path), (2, 3, 10), strict=True):
        last = keeper.last_run(folder.name)
        assert last.session.step == step
        last.kept.release()
    with pytest.raises(RequestError, match="that run is not there any more"):
        keeper.last_run("run-of-another-day")
    keeper.close(None)


def test_all_that_can_be_gone_on_with_are_counted_beside_the_one_that_is_offered(
    tmp_path: Path,
) -> None:
    left(tmp_path, 3)
    assert Autosave(lambda: tmp_path, offers=True).greeting() == Offered("quadratic", 3)
    left(tmp_path, 2)
    greeting = Autosave(lambda: tmp_path, offers=True).greeting()
    assert greeting == Offered("quadratic", 2, count=2)
