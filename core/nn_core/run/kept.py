"""Kept runs: the losses of a run that is over, what its steps were trained with, and its past."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from nn_core.config import Config
from nn_core.run.events import Event
from nn_core.run.history import History, Series
from nn_core.run.keyframes import Keyframe

MOST_KEPT = 8
FEWEST = 3  # that are kept however large they are
ROOM = 250_000  # bytes of keyframes that each keeps, from which its end is a short replay away
ROOM_OF_ALL = 72_000_000  # bytes; beyond the fewest as many are kept as have room in it
RECORDED = 24  # bytes of a step's loss, gradient norm and learning rate


@dataclass(frozen=True)
class End:
    """Where a kept run ended: its loss over all rows, and on the rows held back if there are.

    `dead` is how many of its `units` put out 0 at all rows; None where nobody has looked, as in
    what a session tells of it.
    """

    loss: float
    validation: float | None
    dead: int | None = None
    units: int = 0


@dataclass(eq=False)
class KeptCurve:
    """A run that is over, from step `start` on where it shares the steps before with another.

    `trained` are the settings that these steps were trained with, each once, in their order, as
    they were when it was kept.  `first`, `events`, `frames` and `history` are enough to go on with
    it.  `end` is None until it has been worked out.
    """

    number: int
    trained: tuple[Config, ...]
    first: Keyframe
    events: tuple[Event, ...]
    frames: tuple[Keyframe, ...]
    history: History
    start: int = 0
    end: End | None = None

    @property
    def losses(self) -> Series:
        """The loss of each of its steps, those before `start` among them."""
        return self.history.losses

    @property
    def steps(self) -> int:
        """How far it got."""
        return len(self.history)

    @property
    def loads(self) -> list[int]:
        """The steps at which parameters were loaded from a file."""
        return loads_of(self.events)

    @property
    def bytes(self) -> int:
        """What it takes of the memory, about; data are shared."""
        frames = sum(frame.bytes for frame in (self.first, *self.frames))
        return frames + RECORDED * len(self.losses.values)

    def is_told_by(self, other: "KeptCurve") -> bool:
        """Whether another is this very run: trained alike, as far, and to the bit.

        It may have begun anew, or have been saved and gone on with, in between.
        """
        if other.start > self.start or not other.losses.is_alike(self.losses):
            return False
        mine, others = (
            [event for event in each.events if event.kind != "set"] for each in (self, other)
        )
        return mine == others and (other.trained == self.trained or other.events == self.events)


class KeptRuns(list[KeptCurve]):
    """The kept runs, the oldest first, which has to make room where there are too many.

    What came and went since a person was told is remembered until `told`: `newest` is the number of
    the run that was to be kept last, whether it was kept already or not, 0 where there was none;
    `pushed_out` are the numbers of those that had to make room, `given_up` whether there were any
    that can't be compared any more.
    """

    newest = 0
    pushed_out: tuple[int, ...] = ()
    given_up = False

    def add(self, kept: KeptCurve, on_show: KeptCurve | None = None) -> None:
        """Keep one more; first to make room is the run `on_show`, which isn't lost by it."""
        self.append(kept)
        while len(self) > MOST_KEPT or (
            len(self) > FEWEST and sum(each.bytes for each in self) > ROOM_OF_ALL
        ):
            if on_show is not None and on_show in self:
                self.remove(on_show)
            else:
                self.pushed_out += (self.pop(0).number,)

    def take_over(self, others: "KeptRuns") -> None:
        """Keep what another run has kept, and know what went there."""
        self.extend(others)
        self.pushed_out = others.pushed_out

    def give_up(self) -> None:
        """Keep none of them: the run measures something else from now on."""
        self.clear()
        self.pushed_out, self.given_up = (), True

    def told(self) -> None:
        """Remember no longer what came and went."""
        self.newest, self.pushed_out, self.given_up = 0, (), False


def loads_of(events: Sequence[Event]) -> list[int]:
    """The steps at which parameters were loaded from a file, each as often as that was."""
    return [each.step for each in events if each.kind == "load"]


def trained_with(
    configs: Sequence[Config], events: Sequence[Event], start: int, stop: int
) -> tuple[Config, ...]:
    """The settings that the steps from `start` up to `stop` were trained with, each once, in order.

    `configs` are those in force at first and after each event.  A step is trained with what is in
    force at its update; but whether its gradient was zeroed was decided where it began.  Where
    there is no such step, they are the settings in force at `stop`.
    """
    moments = [(event.step, event.phase) for event in events]

    def at(step: int) -> Config:
        config = configs[bisect_right(moments, step, key=lambda moment: moment[0])]
        began = configs[bisect_right(moments, (step, 0))]
        return config.replace(zero_gradients=began.zero_gradients)

    if stop <= start:
        return (configs[-1],)
    changes = {start} | {step + late for step, _ in moments for late in (0, 1)}
    found = (at(step) for step in sorted(changes) if start <= step < stop)
    return tuple(dict.fromkeys(found))
