"""What is true of a setting that was changed, and of those that stay then."""

from claims.words.claim import claim
from nn_core.config import setting, show
from nn_core.config.experiments import EXPERIMENTS
from nn_core.config.idle import idle


@claim(r"Still set: ([a-z0-9 .,]+)\. “Open (\S+)” \(:\) has ([a-z0-9., ]+)\.")
def settings_stayed(snapshot, kept, name, opened):
    assert name == snapshot.config.experiment
    words, others = kept.split(", "), opened.split(", ")
    if opened == "its own":
        others = [show(getattr(EXPERIMENTS[name].config, each)) for each in snapshot.outcome.stayed]
    assert len(words) == len(others) == len(snapshot.outcome.stayed)
    for each, word, other in zip(snapshot.outcome.stayed, words, others, strict=True):
        title = "lr" if each == "learning_rate" else setting(each).title
        assert word == f"{title} {show(getattr(snapshot.config, each))}"
        assert other == show(getattr(EXPERIMENTS[name].config, each)) != word.split()[-1]


@claim(r"It does nothing in this run \((only [a-z ]+)\), but stays set\.")
def does_nothing(snapshot, where):
    assert where == idle(snapshot.config, snapshot.outcome.name)
    assert getattr(snapshot.config, snapshot.outcome.name) == snapshot.outcome.value


@claim(r"(Activation|Missing|Shuffle): (\w+)\.")
def setting_given(snapshot, name, value):
    assert show(getattr(snapshot.config, name.lower())) == value
