"""What is true before the first step."""

import re

import numpy as np

from claims.words.claim import claim
from claims.words.divergence import FAR, columns_too_large
from nn_core import datasets
from nn_core.config.experiments import EXPERIMENTS
from nn_core.formatting import listed


@claim(FAR + r"press Z to scale them, or it may diverge\.")
def had_better_be_scaled(snapshot, which, largest, target):
    columns_too_large(snapshot, which, largest, target)
    assert snapshot.step == 0


@claim(r"Zeroing is off: a step adds its gradient to those before and uses the sum\.")
def zeroing_is_off(snapshot):
    assert (snapshot.step, snapshot.config.zero_gradients) == (0, False)


@claim(r"Guess where that leads the loss, then space; z zeroes again\.")
def guess_where_it_leads(snapshot):
    zeroing_is_off(snapshot)


@claim(r"The lesson’s noisy quadratic, fitted by a, b and c\.")
def about_quadratic(snapshot):
    assert (snapshot.scene.kind, snapshot.config.data) == ("quadratic", "lesson")


@claim(r"The lesson’s two rectified lines\.")
def about_relu(snapshot):
    assert (snapshot.scene.kind, snapshot.config.data) == ("relu", "lesson")


@claim(r"A network of rectified units on the lesson’s data\.")
def about_relu_net(snapshot):
    assert (snapshot.scene.kind, snapshot.config.data) == ("mlp", "lesson")
    assert snapshot.config.activation == ("relu",)


@claim(r"A network of your own shape, on the lesson’s data or your own\.")
def about_mlp(snapshot):
    assert snapshot.scene.kind == "mlp"


@claim(r"Why a schedule: at rate 1 the quadratic bounces, cosine lets it settle\.")
def about_schedule(snapshot):
    assert snapshot.scene.kind == "quadratic"


@claim(r"Cars of the 1920s: speed and stopping distance, both scaled\.")
def about_cars(snapshot):
    assert (snapshot.config.data, snapshot.scene.scaled) == ("stopping-distance", True)
    data = datasets.load(snapshot.config)
    assert np.allclose([data.x.std(), data.y.std()], 1)


def about_classes(name):
    """The claim that an experiment's own description makes."""
    about = EXPERIMENTS[name].about

    @claim(re.escape(about[0].upper() + about[1:]) + r"\.(?: Scaled: mean 0, deviation 1\.)?")
    def is_as_described(snapshot):
        assert snapshot.config.data == EXPERIMENTS[name].config.data


for _named in ("xor", "spiral", "penguins", "digits"):
    about_classes(_named)


@claim(r"(\d[^.]* → [^.]*|[Yy] = \S.*), on (.+?)\.(?= s takes| Scaled|$)")
def about_another_run(snapshot, formula, source):
    assert formula.lower() == snapshot.scene.formula.lower()
    assert source.startswith(snapshot.scene.source)


@claim(r"(\S+)(?: \((.+?)\))? from (.+?), of (.+?)\.(?= s takes| Scaled| Left| \d|$)")
def about_columns(snapshot, target, classes, inputs, source):
    scene = snapshot.scene
    assert (target, source) == (scene.target, scene.source)
    many = f"{len(scene.classes)} classes"
    assert classes in ((many, " or ".join(scene.classes)) if scene.classes else (None,))
    assert inputs in (listed(scene.inputs), f"{len(scene.inputs)} inputs")


@claim(
    r"(Left out: (?!.+ of texts(?:, [^;]+)?; :).+?"
    r"|\d+ rows?(?: with missing cells)? dropped(?: \((?:row|line)s? [^)]+\))?)\.(?= |$)"
)
def about_the_table(snapshot, said):
    notes = snapshot.scene.notes
    brief = [note.replace(" with missing cells", "") for note in notes]
    bare = [note.partition(" (")[0] if "dropped" in note else note for note in brief]
    rows = [note for note in bare if "dropped" in note]
    columns = [note for note in notes if "dropped" not in note]
    known = (notes, brief, bare, rows, columns)
    assert said.lower() in ["; ".join(each).lower() for each in known]


@claim(r"Left out: (.+?) of texts(?:, (\d+ rows?) dropped)?; : left out tells more\.")
def texts_left_out(snapshot, left, rows):
    texts = snapshot.scene.texts
    assert rows is None or any(note.startswith(f"{rows} ") for note in snapshot.scene.notes)
    assert left in (listed(texts), f"{len(texts)} columns")


@claim(r"Scaled: mean 0, deviation 1\.")
def scaled(snapshot):
    assert snapshot.scene.scaled


@claim(
    r"s takes one step down the gradient, i goes into it; "
    r"(?:space lets it run|←→ moves (\S+) by hand)\."
)
def what_to_press(snapshot, moved):
    assert moved == (None if snapshot.scene.kind == "mlp" else snapshot.chosen.label)
    assert (snapshot.step, snapshot.phase, snapshot.running) == (0, 0, False)
