"""Runs that tests begin, and what they are to the last bit."""

from nn_core import Config, Quadratic, Timeline, Trainer, datasets


def of_config(config=None, **changes):
    """A timeline under these settings, or the default ones with changes."""
    return Timeline(Trainer.from_config((config or Config()).replace(**changes)))


def quadratic(**settings):
    """A timeline of the lesson's quadratic."""
    return Timeline(Trainer(Quadratic(), datasets.noisy_quadratic(), **settings))


def state_bits(state):
    """All that a state is."""
    return (
        state.parameters.tobytes(),
        state.gradient.tobytes(),
        {name: slot.tobytes() for name, slot in state.slots.items()},
        (state.step, state.epoch, state.position, state.phase),
    )


def place_and_record(timeline):
    """A timeline's place, settings and record."""
    history = timeline.history
    return (
        state_bits(timeline.state),
        timeline.config,
        history.losses.values.tobytes(),
        history.gradient_norms.values.tobytes(),
    )
