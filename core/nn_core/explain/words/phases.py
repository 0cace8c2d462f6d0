"""Words about the phase of a step that was done last."""

from collections.abc import Iterator

from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed, short
from nn_core.models.losses import LOSSES
from nn_core.optim.optimizers import is_plain_descent, optimizer_of


def inside_a_step(snapshot: Snapshot) -> Iterator[str]:
    """What the last phase did, and what the next one will do."""
    if snapshot.insight is not None and snapshot.insight.sentences:
        return  # the view has its own, with the numbers that it shows
    config = snapshot.config
    match snapshot.phase_name:
        case "zero" if config.zero_gradients:
            yield "Zeroed: every gradient is 0 now; the last step’s won’t be added to this one’s."
            yield "Next, forward: the model predicts each row of the batch."
        case "zero":
            yield "Not zeroed: the gradient of the steps before stands, and will be added to."
            yield "Next, forward: the model predicts each row of the batch."
        case "forward" if snapshot.classes is not None:
            own = snapshot.classes.point[snapshot.classes.point_class]
            name = snapshot.classes.names[snapshot.classes.point_class]
            yield f"Forward: the point is {name}, and the model gives that {fixed(own)}."
            yield "Next, loss: how far off the probabilities are, as one number."
        case "forward":
            name = "Unscaled" if snapshot.scene.scaled else "Forward"  # as the view’s rows are not
            yield (
                f"{name}: at x = {_inputs(snapshot)} the model says "
                f"{fixed(snapshot.point.prediction)}; the data says {fixed(snapshot.point.y)}."
            )
            yield "Next, loss: how far off the predictions are, as one number."
        case "loss":
            name = LOSSES[config.loss].words
            yield f"Loss: the {name}; over all rows it is {fixed(snapshot.loss)}."
            yield "Next, backward: how the loss changes with each parameter."
        case "backward":
            yield "Backward: a gradient says how the loss changes if its parameter rises a bit."
            if is_plain_descent(config):
                rate = short(snapshot.learning_rate)
                yield f"Next, update: every parameter moves by −{rate} times its gradient."
            else:
                found = optimizer_of(config)
                yield f"Next, update by {found.title}: {found.formula}."


def _inputs(snapshot: Snapshot) -> str:
    return ", ".join(fixed(value) for value in snapshot.point.x[:3])
