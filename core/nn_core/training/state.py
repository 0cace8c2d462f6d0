"""The State: plain arrays and counters, all that a training step reads and writes."""

from dataclasses import dataclass, field

from nn_core.arrays import Array, Layout

PHASES = ("zero", "forward", "loss", "backward", "update")
BACKWARD_DONE = PHASES.index("backward") + 1  # how many phases are, once the gradient is known


@dataclass
class State:
    """Where a run is.  A copy is a keyframe; nothing else is needed to go on from it.

    `gradient` is the one that the next update adds to where it isn't zeroed.  `step` counts
    updates done, `epoch` the passes over the data completed, `position` the rows of this epoch
    already used.  `phase` is how many phases of the current step are done (see `PHASES`).
    """

    layout: Layout
    parameters: Array
    gradient: Array
    slots: dict[str, Array] = field(default_factory=dict)
    step: int = 0
    epoch: int = 0
    position: int = 0
    phase: int = 0

    def copy(self) -> "State":
        """A copy that owns its arrays."""
        return State(
            self.layout,
            self.parameters.copy(),
            self.gradient.copy(),
            {name: slot.copy() for name, slot in self.slots.items()},
            self.step,
            self.epoch,
            self.position,
            self.phase,
        )

    def assign(self, other: "State") -> None:
        """Become the other, writing into the arrays that this one has: views of them stay true."""
        self.parameters[:] = other.parameters
        self.gradient[:] = other.gradient
        for name, slot in self.slots.items():  # of an optimizer that the other never had: 0
            slot[:] = other.slots.get(name, 0)
        self.step, self.epoch = other.step, other.epoch
        self.position, self.phase = other.position, other.phase
