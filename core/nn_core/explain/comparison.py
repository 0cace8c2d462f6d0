"""The losses of other runs that are shown beside a run's own, named by what sets them apart."""

from dataclasses import dataclass

from nn_core.config import Config, settings, show
from nn_core.optim.optimizers import in_force
from nn_core.run.history import Envelope
from nn_core.run.timeline import KEPT_CURVES, KeptCurve, Timeline
from nn_core.run.twin import Twin


@dataclass(frozen=True, eq=False)
class KeptLosses:
    """The losses of another run, named by what differs from the run that is shown."""

    label: str
    envelope: Envelope
    start: int


def compared_losses(timeline: Timeline, twin: Twin | None, bins: int) -> tuple[KeptLosses, ...]:
    """The kept curves and the zeroed twin's, of which as many as fit, the newest last."""
    curves = [*timeline.kept]
    if twin is not None:
        curves = [*curves, KeptCurve(twin.config, twin.losses)][-KEPT_CURVES:]
    return tuple(
        KeptLosses(difference(each.config, timeline.config), each.losses.envelope(bins), each.start)
        for each in curves
    )


def difference(old: Config, new: Config) -> str:
    """What sets an old run apart from the one that is shown, in a few words."""
    words = []
    for each in settings():
        value = getattr(old, each.name)
        if each.effect == "view" or each.name == "experiment" or value == getattr(new, each.name):
            continue
        if each.name == "learning_rate":
            words.append(f"lr {show(value)}")
        elif each.name == "zero_gradients":
            words.append("zeroed" if value else "not zeroed")
        elif (known := in_force(old, each.name)) is not None:
            words.append(f"{each.title} {show(known) or 'none'}")
    return ", ".join(words) or "before"
