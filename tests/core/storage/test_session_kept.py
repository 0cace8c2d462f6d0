"""The runs kept beside a session's run: opened with it to the bit, and gone on with."""

import json

import pytest

from nn_core import Config, Timeline, Trainer
from nn_core.errors import RequestError
from nn_core.run.kept import MOST_KEPT, End
from nn_core.storage.session import dumps, open_session

CONFIGS = [
    Config(),
    Config(optimizer="adam", batch_size=8, validation=0.2),
    Config(model="mlp", hidden=(3,), loss="mse"),
]


def run_with_kept(config):
    """A run beside another start, another optimizer, and a branch that was left."""
    timeline = Timeline(Trainer.from_config(config))
    timeline.do("nudge", index=0, amount=0.25)
    timeline.advance(30)
    timeline.restart(timeline.config.replace(seed=7, learning_rate=0.002))
    timeline.advance(700)
    timeline.do("set", name="optimizer", value="momentum")
    timeline.restart()
    timeline.advance(12)
    timeline.seek(5)
    timeline.do("set", name="learning_rate", value=0.1)
    timeline.advance(4)
    timeline.kept[0].end = End(1.25, None)
    timeline.point = 3
    return timeline


def told(kept):
    history = kept.history
    return (
        (kept.number, kept.start, kept.steps, kept.trained, kept.events, kept.end),
        [series.values.tobytes() for series in (history.losses, history.gradient_norms)],
        [points.tolist() for points in history.validation.points()],
    )


@pytest.mark.parametrize("resumable", [False, True])
@pytest.mark.parametrize("config", CONFIGS)
def test_kept_runs_are_opened_to_the_bit(tmp_path, config, resumable):
    timeline = run_with_kept(config)
    (tmp_path / "run.json").write_text(dumps(timeline, resumable))
    opened = open_session(tmp_path / "run.json")
    assert [told(kept) for kept in opened.kept] == [told(kept) for kept in timeline.kept]
    assert opened.point == 3
    for number in (1, 2, 3):
        again, before = (each.of_kept(each.kept_run(number)) for each in (opened, timeline))
        for each in (again, before):
            each.advance(20)
        assert again.state.parameters.tobytes() == before.state.parameters.tobytes()
        assert again.history.losses.values.tobytes() == before.history.losses.values.tobytes()


def test_kept_runs_take_little_room():
    """The data is the run's own, said once; a long curve is thinned as the run's own is."""
    timeline = Timeline(Trainer.from_config(Config(rows=3000, noise=(0.0, 0.5))))
    timeline.do("add_point", x=1.0, y=2.0)
    timeline.advance(40)
    alone = len(dumps(timeline, resumable=True))
    timeline.restart()
    timeline.advance(40)
    assert len(dumps(timeline, resumable=True)) < 3 * alone
    text = json.loads(dumps(timeline))
    assert "data" not in text["kept"][0]


CHANGES = [
    ((), 3, "a kept run can’t be 3"),
    (("number",), 0, "no kept run has the steps from"),
    (("from",), 30, "no kept run has the steps from 30 to 30"),
    (("steps",), -1, "no kept run has the steps from"),
    (("end",), [1.0], "end can’t be"),
    (("end",), ["a", None], "end can’t be"),
    (("events",), [3], "event 1 can’t be 3"),
    (("config",), {"rows": "many"}, "rows can’t be"),
    (("start",), {"parameters": {"d": 1}}, 'parameters has no "d"'),
    (("note",), 1, "a kept run has a field that there is not"),
]


@pytest.mark.parametrize(("place", "value", "message"), CHANGES)
def test_a_kept_run_that_can_not_be_is_refused(tmp_path, place, value, message):
    content = json.loads(dumps(run_with_kept(Config())))
    del content["checksum"]
    if place:
        content["kept"][0][place[0]] = value
    else:
        content["kept"][0] = value
    path = tmp_path / "run.json"
    path.write_text(json.dumps(content))
    with pytest.raises(RequestError, match=message):
        open_session(path)


def test_a_damaged_kept_run_is_told_by_the_checksum(tmp_path):
    path = tmp_path / "run.json"
    path.write_text(dumps(run_with_kept(Config())).replace('"from": 5', '"from": 6'))
    with pytest.raises(RequestError, match="its checksum is another"):
        open_session(path)


@pytest.mark.parametrize("config", CONFIGS)
def test_a_run_that_was_kept_and_saved_is_not_kept_a_second_time(tmp_path, config):
    timeline = Timeline(Trainer.from_config(config))
    timeline.advance(30)
    timeline.keep()
    (tmp_path / "run.json").write_text(dumps(timeline, resumable=True))
    opened = open_session(tmp_path / "run.json")
    opened.restart()
    opened.advance(30)
    opened.restart()
    assert [(each.number, each.steps) for each in opened.kept] == [(1, 30)]


def test_as_many_as_may_be_kept_are_opened(tmp_path):
    timeline = Timeline(Trainer.from_config(Config()))
    for steps in range(1, MOST_KEPT + 2):
        timeline.advance(steps)
        timeline.restart()
    (tmp_path / "run.json").write_text(dumps(timeline, resumable=True))
    opened = open_session(tmp_path / "run.json")
    assert [each.number for each in opened.kept] == [*range(2, MOST_KEPT + 2)]
    assert [told(kept) for kept in opened.kept] == [told(kept) for kept in timeline.kept]
    assert opened.kept.pushed_out == ()
