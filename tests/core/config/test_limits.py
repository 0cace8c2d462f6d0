"""Limits: nothing that a stranger can ask for touches a file or takes more than it may."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import Config, Timeline, Trainer
from nn_core.config import CONSTANTS, LISTED_DATA, settings
from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.limits import KIOSK, KIOSK_SETTINGS, NO_LIMITS, Limits
from nn_core.errors import RequestError
from nn_core.live.edit_requests import AddLayer, AddPoint, AddUnit, PlaceUnit, Set, Turn
from nn_core.live.requests import Advance, NextPhase, Restart

# Every setting is classed here; a new one fails the tests until somebody has thought about whether
# it names a file, or how much it can take.
FILE_SETTINGS = {"load", "load_partial", "test", "test_column"}
BOUNDED_SETTINGS = {"hidden", "data", "rows", "epochs", "pace"}
HARMLESS_SETTINGS = {
    "experiment", "model", "activation", "init", "scale", "noise", "validation", "data_seed",
    "patience", "class_weight",
    "seed", "dtype", "learning_rate", "schedule", "zero_gradients", "freeze", "batch_size",
    "shuffle", "optimizer", "clip", "l1", "l2", "loss", "features", *CONSTANTS,
    "x", "y", "drop", "missing",
}  # fmt: skip
SMALL = Limits(
    files="none", parameters=60, layers=3, units=19, rows=30, activations=500, epochs=500,
    steps=200, pace=100.0,
)  # fmt: skip


def test_every_setting_is_classed() -> None:
    found = {each.name for each in settings()}
    classed = [FILE_SETTINGS, HARMLESS_SETTINGS, BOUNDED_SETTINGS]
    assert found == set().union(*classed)
    assert len(found) == sum(map(len, classed))
    assert KIOSK_SETTINGS == HARMLESS_SETTINGS | BOUNDED_SETTINGS


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_fits_into_a_kiosk(name: str) -> None:
    KIOSK.require(EXPERIMENTS[name].config)


def test_without_limits_all_is_allowed() -> None:
    NO_LIMITS.require(Config(hidden=(10**6,), rows=10**6, epochs=10**9, pace=math.inf, load="x"))
    NO_LIMITS.require_step(10**12)
    for name in FILE_SETTINGS:
        NO_LIMITS.require_setting(name)


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("load", "x.safetensors", "a kiosk reads no files; load stays as it is"),
        ("test", "speed", "a kiosk reads no files; test stays as it is"),
        ("data", "/etc/passwd", f"a kiosk reads no files; its data are {', '.join(LISTED_DATA)}"),
        ("hidden", "60", "at most 60 parameters here; not 181"),
        ("hidden", "1,1,1,1", "at most 3 hidden layers here; not 4"),
        ("hidden", "16", "at most 500 units × rows here; not 510"),
        ("hidden", "1,18,1", "at most 19 hidden units here; not 20"),
        ("rows", "31", "at most 30 rows here; not 31"),
        ("epochs", "501", "at most 500 epochs here; not 501"),
        ("pace", "max", "at most 100 steps a second here; not max"),
    ],
)
def test_a_setting_beyond_its_bound_is_refused_and_nothing_changed(
    laboratory, name, text, complaint
) -> None:
    with laboratory(limits=SMALL, model="mlp", hidden=(2,), rows=30) as lab:
        lab.ask(Advance(3))
        before = lab.snapshot
        after = lab.ask(Set(name, text))
        assert after.complaint == complaint
        assert (after.config, after.step, after.scene) == (before.config, 3, before.scene)


def test_columns_of_the_tables_that_come_with_the_program_can_be_chosen(laboratory) -> None:
    with laboratory(limits=KIOSK, model="mlp", data="penguins") as lab:
        lab.ask(Set("x", "body_mass_g,island"))
        shown = lab.ask(Set("y", "sex"))
        assert not shown.complaint
        assert shown.scene.inputs[:2] == ("body_mass_g", "island=Biscoe")
        assert shown.scene.target == "sex"
        assert lab.ask(Set("x", "bill_length_mm,bill_depth_mm")).complaint == ""
        shown = lab.ask(Set("features", "x1,x1*x2"))
        assert shown.scene.inputs == ("x1", "x1*x2")


def test_inputs_and_outputs_count_among_the_parameters(laboratory) -> None:
    with laboratory(limits=KIOSK, model="mlp", hidden=(100,), data="penguins") as lab:
        assert not lab.snapshot.complaint
        complaint = lab.ask(Set("hidden", "400,40")).complaint
        assert not complaint
        complaint = lab.ask(Set("data", "digits")).complaint
        assert complaint == "at most 20,000 parameters here; not 42,450"


@pytest.mark.parametrize(
    ("request_", "settings_"),
    [
        (AddUnit(0), {"hidden": (19,)}),
        (PlaceUnit(), {"hidden": (19,)}),
        (AddLayer(), {"hidden": (2, 2, 2)}),
        (AddPoint("1, 2"), {"hidden": (2,), "rows": 30}),
        (Turn("pace", 1), {"pace": 100.0, "hidden": (2,)}),
        (Turn("epochs", 1), {"epochs": 500, "hidden": (2,)}),
        (Restart(EXPERIMENTS["mlp"].config.replace(hidden=(60,))), {"hidden": (2,)}),
    ],
)
def test_what_grows_stops_at_its_bound(laboratory, request_, settings_) -> None:
    with laboratory(limits=SMALL, **{"model": "mlp", **settings_}) as lab:
        before = lab.snapshot
        after = lab.ask(request_)
        assert after.complaint.startswith("at most ")
        assert (after.config, after.scene) == (before.config, before.scene)


def test_a_run_goes_as_far_as_it_may_and_says_so(laboratory) -> None:
    with laboratory(limits=SMALL, epochs=500, pace=100.0) as lab:
        lab.ask(Advance(199))
        assert not lab.snapshot.complaint
        shown = lab.run()
        assert (shown.step, shown.complaint) == (
            200,
            "a run here ends at step 200; r begins another",
        )
        for _ in range(2):
            assert lab.ask(NextPhase()).step == 200
            assert lab.snapshot.phase == 0
        assert lab.ask(Advance(5)).step == 200
        lab.ask(Restart())
        assert lab.ask(Advance(1)).step == 1


def test_a_run_that_is_beyond_the_limits_already_does_not_begin() -> None:
    timeline = Timeline(Trainer.from_config(Config(pace=5000.0)))
    with pytest.raises(RequestError, match="at most 1,000 steps a second here; not 5,000"):
        timeline.bind(KIOSK)


def test_a_run_that_was_beyond_the_limits_at_another_step_is_not_bound() -> None:
    """Going back or restarting would lead there."""
    timeline = Timeline(Trainer.from_config(Config(model="mlp", hidden=(2,))))
    timeline.do("add_unit", layer=0)
    timeline.advance(3)
    timeline.do("remove_unit", layer=0)
    with pytest.raises(RequestError, match="at most 2 hidden units here; not 3"):
        timeline.bind(Limits(units=2))
    timeline.bind(Limits(units=3))


def test_the_past_keeps_to_its_bytes() -> None:
    small, large = (Timeline(Trainer.from_config(Config())) for _ in range(2))
    small.bind(Limits(past_bytes=10_000))
    for timeline in (small, large):
        timeline.advance(40_000)
    assert len(small._keyframes) < 10 < len(large._keyframes)
    for timeline in (small, large):
        timeline.seek(12_345)
    assert small.state.parameters.tolist() == large.state.parameters.tolist()


def _named(**strategies):
    return st.fixed_dictionaries(strategies)


_deeds = st.one_of(
    st.tuples(st.just("set"), _named(name=st.just("epochs"), value=st.integers(1, 1000))),
    st.tuples(st.just("set"), _named(name=st.just("pace"), value=st.floats(1, 200))),
    st.tuples(st.just("add_unit"), _named(layer=st.just(0))),
    st.tuples(st.just("add_layer"), _named()),
    st.tuples(st.just("remove_layer"), _named()),
    st.tuples(st.just("add_point"), _named(x=st.just(0.5), y=st.just(1.0))),
    st.tuples(st.just("set"), _named(name=st.just("class_weight"), value=st.just("balanced"))),
    st.tuples(
        st.just("restart"),
        _named(
            hidden=st.lists(st.integers(1, 30), min_size=1, max_size=5).map(tuple),
            data=st.sampled_from(["lesson", "xor", "penguins"]), rows=st.integers(20, 35),
        ),
    ),
)  # fmt: skip
_BEGUN = {  # of numbers, and of classes
    "lesson": Config(model="mlp", hidden=(3,), rows=25),
    "xor": Config(model="mlp", hidden=(3,), rows=25, data="xor", loss="cross-entropy"),
    "penguins": Config(model="mlp", hidden=(3,), data="penguins", loss="cross-entropy"),
}


@given(st.sampled_from(["lesson", "xor"]), st.lists(_deeds, max_size=30))
def test_nothing_done_to_a_run_leads_beyond_its_limits(begun, outcomes) -> None:
    timeline = Timeline(Trainer.from_config(_BEGUN[begun]))
    timeline.bind(SMALL)
    for kind, arguments in outcomes:
        try:
            if kind == "restart":
                timeline.restart(_BEGUN[arguments["data"]].replace(**arguments))
            else:
                timeline.do(kind, **arguments)
        except RequestError:
            pass
        rows, inputs, outputs = timeline.trainer.data.extent
        SMALL.require(timeline.config, rows, inputs, outputs)
        assert timeline.state.parameters.size <= SMALL.parameters
