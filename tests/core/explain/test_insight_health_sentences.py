"""The sentences of the health view: each is true of its numbers, worked out anew."""

import numpy as np
import pytest
from claims import Claims, number, says
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core import MLP, Dataset, Quadratic, RectifiedLines, Timeline, Trainer
from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.capture import capture_snapshot
from nn_core.explain.rows import HEALTHY
from nn_core.explain.scene import make_scene
from nn_core.explain.view_request import ViewRequest
from nn_core.formatting import LINE_WIDTH
from nn_core.optim.optimizers import OPTIMIZERS

NAME = r"(\S+(?: \d+\])?)"


def shown(timeline, **request):
    return capture_snapshot(timeline, make_scene(timeline), ViewRequest(view="health", **request))


def norm(values):
    values = np.asarray(values, float)
    with np.errstate(over="ignore"):
        return float(np.sqrt((values**2).sum()) if values.size > 1 else np.abs(values).max())


def parts_of(timeline, name):
    """A parameter's, or one element's, values, gradients and updates, by its label."""
    layout, preview = timeline.state.layout, timeline.trainer.preview()
    flats = (timeline.state.parameters, preview.gradient, preview.update)
    if "[" in name:
        index = next(i for i in range(layout.size) if layout.label(i) == name)
        return [flat[index : index + 1] for flat in flats]
    return [layout.named(name)[0].view(flat) for flat in flats]


# --- what can be said, and when it is true ------------------------------------------------------

claim = Claims(NAME=NAME)


@claim(r"(\d+) numbers? of the gradient’s (\d+) overflowed: no update can come of it\.")
def overflowed(timeline, snapshot, count, size):
    gradient = timeline.trainer.preview().gradient
    assert int(count) == np.count_nonzero(~np.isfinite(gradient)) > 0
    assert int(size) == gradient.size


@claim(r"Inside the step, before backward: this step’s gradient isn’t worked out yet\.")
def early(timeline, snapshot):
    assert timeline.state.phase in (1, 2, 3)


@claim(r"<NAME>’s gradient is 0, <NAME>’s is <N>: nothing gets to <NAME>\.")
def cut_off(timeline, snapshot, small, large, most, again):
    assert small == again
    assert norm(parts_of(timeline, small)[1]) == 0
    assert says(most, norm(parts_of(timeline, large)[1]))


@claim(r"<NAME>’s gradient is <N> times smaller than <NAME>’s(: it fades on its way back)?\.")
def far_apart(timeline, snapshot, small, much, large, fades):
    ratio = norm(parts_of(timeline, large)[1]) / norm(parts_of(timeline, small)[1])
    assert number(much) == pytest.approx(ratio, rel=0.051)
    assert ratio >= 19.5
    names = [place.label for place in timeline.state.layout.places]
    assert bool(fades) == (names.index(small) < names.index(large))


def way_back(timeline):
    """Whether the least of the weights' gradients lies before the largest."""
    weights = [p.name for p in timeline.state.layout.places if p.name.endswith("weight")]
    sizes = {name: norm(parts_of(timeline, name)[1]) for name in weights}
    first, last = (weights.index(pick(sizes, key=sizes.get)) for pick in (min, max))
    assert timeline.config.optimizer in ("sgd", "momentum", "nesterov")
    return "fades" if first < last else "grows"


@claim(r"So (SGD|momentum|Nesterov) moves it less: adam( or relu)? \(o\) may help\.")
def against_fading(timeline, snapshot, title, relu):
    assert way_back(timeline) == "fades"
    assert OPTIMIZERS[timeline.config.optimizer].title == title
    squashing = {"tanh", "sigmoid"} & set(timeline.trainer.model.activations)
    assert bool(relu) == bool(squashing)


@claim(r"It grows on its way back through the layers: the first ones may jump\.")
def growing(timeline, snapshot):
    assert way_back(timeline) == "grows"


def spread(values):
    """How far the numbers of a row of an array lie apart, in the row where that is most."""
    return float(np.ptp(values, axis=1).max())


@claim(r"Nearly one answer for all: layer (\d+) varies <N> times less than layer 1\.")
def nearly_one_answer(timeline, snapshot, last, much):
    trainer = timeline.trainer
    outputs = trainer.model.outputs(trainer.data.x)
    assert timeline.state.step > 0
    assert int(last) == len(outputs) - 1
    assert number(much) == pytest.approx(spread(outputs[0]) / spread(outputs[-2]), rel=0.051)
    assert spread(outputs[-1]) <= 0.01 * spread(trainer.data.y.T)


@claim(r"It fades from layer to layer: (adam)?(?:, )?(relu)?(?: or )?fewer layers \(o\) may help\.")
def against_one_answer(timeline, snapshot, adam, relu):
    assert bool(adam) == (not OPTIMIZERS[timeline.config.optimizer].evens_out)
    assert bool(relu) == bool({"tanh", "sigmoid"} & set(timeline.trainer.model.activations))


@claim(r"(\w+) evens that out: it divides each gradient by its own usual size\.")
def evened_out(timeline, snapshot, title):
    assert OPTIMIZERS[timeline.config.optimizer].title == title
    assert "√" in OPTIMIZERS[timeline.config.optimizer].formula


@claim(r"(\d+) of the (\d+) units of layer (\d+) (?:is|are) dead: 0 on every point\.")
def dead(timeline, snapshot, resting, count, layer):
    trainer = timeline.trainer
    outputs = trainer.model.outputs(trainer.data.x)[int(layer) - 1]
    assert int(count) == len(outputs)
    assert int(resting) == (outputs.max(axis=1) <= 0).sum() > 0
    if snapshot.observed.silent:
        assert int(resting) == len(snapshot.observed.silent[int(layer) - 1])


@claim(r"(\d+) of the (\d+) units of layer (\d+) (?:is|are) saturated: so flat, it passes .+")
def saturated(timeline, snapshot, resting, count, layer):
    trainer = timeline.trainer
    outputs = trainer.model.outputs(trainer.data.x)[int(layer) - 1]
    if trainer.model.activations[int(layer) - 1] == "tanh":
        slopes = 1 - outputs**2
    else:
        slopes = 4 * outputs * (1 - outputs)
    assert int(count) == len(outputs)
    assert int(resting) == (slopes.max(axis=1) < 0.05).sum() > 0


@claim(r"<NAME> is frozen: it gets no update, whatever its gradient says\.")
def frozen(timeline, snapshot, name):
    assert not parts_of(timeline, name)[2].any()
    assert timeline.config.freeze


@claim(r"<NAME> stands still: its (gradient|update) is 0\.")
def still(timeline, snapshot, name, what):
    _, gradients, updates = parts_of(timeline, name)
    assert not updates.any()
    assert gradients.any() == (what == "update")


@claim(r"<NAME>’s update is infinite or not a number\.")
def lost(timeline, snapshot, name):
    values, _, updates = parts_of(timeline, name)
    assert not np.isfinite([norm(values), norm(updates)]).all()


@claim(r"<NAME> is 0 as yet: any update is large beside it\.")
def from_zero(timeline, snapshot, name):
    values, _, updates = parts_of(timeline, name)
    assert not values.any()
    assert updates.any()


@claim(r"About 0\.001 is best: the slope still holds, and 1000 steps can change it all\.")
def why_a_thousandth(*_):
    """A ratio that the bounds of ok, said in the sentence before, hold in their middle."""
    assert HEALTHY.least * HEALTHY.most == pytest.approx(0.001**2, rel=0.1)


@claim(r"<NAME>’s update is <N> (?:of|times) its size: (ok|slow|fast); <N> to <N> is ok\.")
def share(timeline, snapshot, name, part, found, least, most):
    """It said of 0.0286 “ok; about 0.001 is healthy”."""
    values, _, updates = parts_of(timeline, name)
    ratio = norm(updates) / norm(values)
    assert number(part) == pytest.approx(ratio, rel=0.0051)
    low, high = number(least), number(most)
    assert found == ("slow" if ratio < low else "fast" if ratio > high else "ok")


@claim(r"<NAME> has settled: the gradient is nearly 0; its update is <N> of its size\.")
def settled(timeline, snapshot, name, part):
    """By the slope, a hundredth more or less of every number changes the loss by a 2000th at most.

    Or no line, no parabola, does better by a thousandth.
    """
    values, _, updates = parts_of(timeline, name)
    assert number(part) == pytest.approx(norm(updates) / norm(values), rel=0.0051)
    assert number(part) < 3e-5
    gradient, loss = timeline.trainer.preview().gradient, timeline.trainer.loss()
    best = snapshot.scene.reference("best")
    least = best.loss if best is not None and not timeline.config.hidden else 0
    share = norm(gradient) * norm(timeline.state.parameters) / loss
    assert 0.01 * share < 5e-4 or loss < 1.0011 * least


def assert_true(timeline, snapshot):
    made = []
    for sentence in snapshot.insight.sentences:
        assert len(sentence) <= LINE_WIDTH, sentence
        made += claim.assert_true(sentence, timeline, snapshot)
    return made


# --- over many runs -----------------------------------------------------------------------------

runs = st.fixed_dictionaries(
    {
        "optimizer": st.sampled_from(sorted(OPTIMIZERS)),
        "loss": st.sampled_from(["mae", "mse", "huber"]),
        "learning_rate": st.sampled_from([1e-6, 0.01, 0.5]),
        "batch_size": st.sampled_from([0, 4]),
        "zero_gradients": st.booleans(),
        "clip": st.sampled_from([0.0, 1.0]),
        "l2": st.sampled_from([0.0, 0.1]),
    }
)
kinds = st.sampled_from(["quadratic", "relu", "relu net", "deep tanh", "deep sigmoid", "mixed"])


def random_timeline(random, kind, **settings):
    data = Dataset(random.uniform(-2, 2, (9, 1)), random.normal(0, 3, (9, 1)))
    seed = int(random.integers(100))
    model = {
        "quadratic": lambda: Quadratic(*random.choice([0.0, -1.5, 3.0], 3)),
        "relu": lambda: RectifiedLines(random.normal(0, 2, 2), random.normal(0, 2, 2)),
        "relu net": lambda: MLP((1, 5, 1), "relu", "he", seed),
        "deep tanh": lambda: MLP((1, 4, 4, 4, 1), "tanh", "uniform", seed),
        "deep sigmoid": lambda: MLP((1, 4, 4, 4, 1), "sigmoid", "normal", seed),
        "mixed": lambda: MLP((1, 5, 4, 1), ("relu", "tanh"), "he", seed),
    }[kind]()
    if kind != "quadratic" and random.random() < 0.3:
        model.flat *= random.choice([0.0, 20.0])
    if random.random() < 0.2:
        settings["freeze"] = (model.layout.places[0].name,)
    return Timeline(Trainer(model, data, **settings))


@settings(max_examples=150)
@given(kind=kinds, changes=runs, seed=st.integers(0, 2**32 - 1), steps=st.integers(0, 30),
       phases=st.integers(0, 4))  # fmt: skip
def test_each_sentence_is_true_of_the_numbers_and_fits(kind, changes, seed, steps, phases):
    random = np.random.default_rng(seed)
    timeline = random_timeline(random, kind, **changes)
    timeline.advance(steps)
    for _ in range(phases):
        timeline.phase()
    layout = timeline.state.layout
    opened = None
    if timeline.trainer.model.kind == "mlp" and random.random() < 0.5:
        opened = layout.places[int(random.integers(len(layout.places)))].name
    chosen = int(random.integers(layout.size))
    snapshot = shown(timeline, opened=opened, chosen=chosen)
    assert_true(timeline, snapshot)


def test_every_sentence_is_said_somewhere():
    """A claim that no run makes would be one that nothing tests."""
    made = set()
    for seed in range(400):
        random = np.random.default_rng(seed)
        kind = str(random.choice(["quadratic", "relu net", "deep tanh", "deep sigmoid", "mixed"]))
        optimizer = str(random.choice(["sgd", "adam"]))
        timeline = random_timeline(random, kind, optimizer=optimizer, loss="mse")
        timeline.advance(int(random.integers(3)))
        if seed % 10 == 0:
            timeline.phase()
        if seed % 11 == 0:
            timeline.do("assign", index=0, value=1e300)
        if seed % 13 == 0:
            timeline.do("assign", index=0, value=1e180)
        made |= set(assert_true(timeline, shown(timeline, chosen=seed % 7)))
    for timeline in (converged(), on_a_plateau(), growing_back()):
        made |= set(assert_true(timeline, shown(timeline)))
    assert made == claim.names


def growing_back():
    """A network whose last weights are so large that the first ones have the longest gradient."""
    timeline = deep(hidden=(8,), activation="relu")
    timeline.state.layout["2.weight"].view(timeline.state.parameters)[:] *= 1000
    return timeline


def converged(**settings):
    """A network without hidden layers, on cars, which has got to the best line."""
    line = {"data": "stopping-distance", "scale": True, "hidden": (), "learning_rate": 0.1}
    config = EXPERIMENTS["mlp"].config.replace(**{**line, **settings})
    timeline = Timeline(Trainer.from_config(config))
    timeline.advance(40)
    return timeline


def test_what_has_converged_is_settled_and_not_slow_and_what_crawls_is_slow():
    said = shown(converged()).insight.sentences
    assert said[0].startswith("W1 has settled: the gradient is nearly 0; ")
    crawls = shown(converged(learning_rate=1e-6)).insight
    assert not crawls.settled
    assert ": slow;" in crawls.sentences[0]


# --- gradients that vanish ------------------------------------------------------------------------


def deep(**changes):
    """The lesson's points, and a network of six layers."""
    deep = {"hidden": (8,) * 6, "activation": "sigmoid", **changes}
    return Timeline(Trainer.from_config(EXPERIMENTS["relu-net"].config.replace(**deep)))


def test_a_gradient_that_vanishes_says_in_which_layer_by_what_factor_and_what_helps():
    said = shown(deep()).insight.sentences
    assert said[0] == "W1’s gradient is 3400 times smaller than W7’s: it fades on its way back."
    assert said[1] == "So SGD moves it less: adam or relu (o) may help."


def test_what_is_said_to_help_does_and_another_init_does_not():
    """It named another init, which left the loss where it was, and not adam."""
    ends = {}
    for name, changes in {
        "as it is": {}, "adam": {"optimizer": "adam"}, "relu": {"activation": "relu"},
        "fewer layers": {"hidden": (8,) * 3}, "xavier": {"init": "xavier"}, "he": {"init": "he"},
        "lecun": {"init": "lecun"},
    }.items():  # fmt: skip
        timeline = deep(**changes)
        timeline.advance(1000)
        ends[name] = timeline.trainer.loss()
    helps = {name for name, end in ends.items() if end < ends["as it is"] / 5}
    assert helps == {"adam", "relu", "fewer layers"}
    assert shown(on_a_plateau()).insight.sentences[1] == (
        "It fades from layer to layer: adam, relu or fewer layers (o) may help."
    )


def test_a_network_on_a_plateau_has_not_settled():
    """Six layers of sigmoids say the mean at all points: “W1 has settled” was said of that."""
    timeline = on_a_plateau()
    insight = shown(timeline).insight
    assert not insight.settled
    assert insight.sentences[0].startswith("Nearly one answer for all: layer 6 varies ")
    assert insight.sentences[1].startswith("It fades from layer to layer: ")


def on_a_plateau():
    """A deep network that says the mean at all points, nearly."""
    timeline = deep()
    timeline.advance(300)
    return timeline


@pytest.mark.parametrize(
    "changes", [{"activation": "relu"}, {"activation": "tanh"}, {"hidden": (8,)}]
)
def test_a_network_whose_layers_pass_it_on_is_not_said_to_be_on_one(changes):
    timeline = deep(**changes)
    timeline.advance(300)
    said = " ".join(shown(timeline).insight.sentences)
    assert "fades" not in said
    assert "Nearly" not in said
