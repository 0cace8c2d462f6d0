"""The named experiments: each is a Config to start from, and what to call it."""

from dataclasses import dataclass

from nn_core.config import Config


@dataclass(frozen=True)
class Experiment:
    """A starting point with a name: what it is for, and the Config that it begins as."""

    about: str
    config: Config


_NETWORK = Config(
    experiment="relu-net", model="mlp", hidden=(16,), loss="mse", epochs=1000, pace=100.0
)

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
        "cars of the 1920s: speed and stopping distance, inputs scaled",
        Config(
            experiment="stopping-distance",
            data="stopping-distance",
            scale=True,
            loss="mse",
            learning_rate=0.1,
        ),
    ),
}
