"""The named experiments: each is a Config to start from, and what to call it."""

from dataclasses import dataclass
from typing import Any

from nn_core.config import Config


@dataclass(frozen=True)
class Experiment:
    """A starting point with a name: what it is for, and the Config that it begins as."""

    about: str
    config: Config


_NETWORK = Config(
    experiment="relu-net", model="mlp", hidden=(16,), loss="mse", epochs=1000, pace=100.0
)

_CLASSES = Config(
    model="mlp",
    hidden=(8,),
    activation=("tanh",),
    data="xor",
    rows=200,
    noise=(0.0, 0.0),
    loss="cross-entropy",
    optimizer="adam",
    learning_rate=0.01,
    epochs=1000,
    pace=100.0,
)

# As the lesson was published, which never zeroes a gradient.
PUBLISHED_TABLE = Config(zero_gradients=False, epochs=10)
# What it lists, after 1 to 10 steps; some write-ups print the loss at the start too, and end a step
# before.
PUBLISHED = (2.4010, 2.3594, 2.2970, 2.2137, 2.1097, 1.9848, 1.8535, 1.7166, 1.5825, 1.4628)


def is_published(config: Config, step: int, loss: float) -> bool:
    """Whether a run's loss after so many steps is the one that the lesson prints there."""
    same_loss = (config.data, config.loss) == (PUBLISHED_TABLE.data, PUBLISHED_TABLE.loss)
    return same_loss and 0 < step <= len(PUBLISHED) and abs(loss - PUBLISHED[step - 1]) < 0.5e-4


EXPERIMENTS = {
    "quadratic": Experiment("the lesson’s noisy quadratic, fitted by a, b and c", Config()),
    "schedule": Experiment(
        "why a schedule: at rate 1 the quadratic bounces, cosine lets it settle",
        Config(experiment="schedule", learning_rate=1.0, schedule="cosine", epochs=300),
    ),
    "relu": Experiment("the lesson’s two rectified lines", Config(experiment="relu", model="relu")),
    "relu-net": Experiment("a network of rectified units on the lesson’s data", _NETWORK),
    "mlp": Experiment(
        "a network of your own shape, on the lesson’s data or your own",
        _NETWORK.replace(experiment="mlp", hidden=(16, 16)),
    ),
    "stopping-distance": Experiment(
        "cars of the 1920s: speed and stopping distance, both scaled",
        Config(
            experiment="stopping-distance",
            data="stopping-distance",
            scale=True,
            loss="mse",
            learning_rate=0.1,
        ),
    ),
    "xor": Experiment(
        "two classes that no line can part: yes where x1 and x2 have the same sign",
        _CLASSES.replace(experiment="xor"),
    ),
    "spiral": Experiment(
        "two classes in arms that wind around each other",
        _CLASSES.replace(experiment="spiral", data="spiral", hidden=(8, 8), epochs=2000),
    ),
    "penguins": Experiment(
        "three species of penguins, by length and depth of bill, both scaled",
        _CLASSES.replace(experiment="penguins", data="penguins", scale=True, epochs=300),
    ),
    "digits": Experiment(
        "handwritten digits, each of 8×8 pixels; a fifth of them is held back",
        _CLASSES.replace(
            experiment="digits",
            data="digits",
            hidden=(32,),
            activation=("relu",),
            init="he",
            learning_rate=0.003,
            batch_size=32,
            epochs=30,
            validation=0.2,
            pace=500.0,
        ),
    ),
}


def default_of(config: Config, name: str) -> Any:
    """What a setting is in the experiment that a run began as."""
    experiment = EXPERIMENTS.get(config.experiment)
    return getattr(experiment.config if experiment else Config(), name)
