"""Keyframes: copies of the state along a run; each step is a short replay away from one."""

from bisect import bisect_right
from dataclasses import dataclass

from nn_core.config import Config
from nn_core.data.dataset import Dataset
from nn_core.training.state import State

BUDGET = 192_000_000  # bytes
OVERHEAD = 1000  # bytes of a copy beside its numbers
REPLAY_SECONDS = 8e-3  # keyframes lie about so much replay apart
LONGEST_REPLAY = 0.3  # seconds; where memory runs short they lie no further apart, if that suffices
FREED = 0.25  # of the keyframes, each time that memory runs short


@dataclass(frozen=True, eq=False)
class Keyframe:
    """The state at a step, before the events of that step; `cursor` counts the events before."""

    state: State
    config: Config
    data: Dataset
    cursor: int

    @property
    def bytes(self) -> int:
        """What it takes of the memory, about; data are shared."""
        return self.state.parameters.nbytes * (2 + len(self.state.slots)) + OVERHEAD


class Keyframes:
    """The keyframes of one branch by their steps; the first is where the run began, and stays."""

    def __init__(self, first: Keyframe) -> None:
        self._frames = [first]
        self._steps = [first.state.step]
        self._bytes = first.bytes

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def first(self) -> Keyframe:
        """Where the run began."""
        return self._frames[0]

    @property
    def steps(self) -> list[int]:
        """The steps that have one."""
        return [*self._steps]

    def nearest(self, step: int) -> Keyframe:
        """The last one at a step or before it."""
        return self._frames[bisect_right(self._steps, step) - 1]

    def add(self, frame: Keyframe, longest: int, budget: float) -> None:
        """Take one more, and let others go where all would take more bytes than `budget`.

        `longest` is how many steps they may lie apart before memory leaves no other way.
        """
        at = bisect_right(self._steps, frame.state.step)
        self._frames.insert(at, frame)
        self._steps.insert(at, frame.state.step)
        self._bytes += frame.bytes
        if self._bytes > budget:
            self._thin(longest, budget)

    def forget_after(self, step: int) -> None:
        """Forget those beyond a step."""
        self._keep(bisect_right(self._steps, step))

    def newest(self, step: int, room: int) -> list[Keyframe]:
        """The newest up to a step and older ones, ever further apart, in about so many bytes.

        Without the first; one is given whatever its size.
        """
        before = self._frames[1 : bisect_right(self._steps, step)]
        chosen: list[Keyframe] = []
        back, taken = 1, 0
        while back <= len(before):
            taken += before[-back].bytes
            if chosen and taken > room:
                break
            chosen.append(before[-back])
            back *= 2
        return chosen[::-1]

    def _keep(self, count: int) -> None:
        self._bytes -= sum(frame.bytes for frame in self._frames[count:])
        del self._frames[count:], self._steps[count:]

    def _thin(self, longest: int, budget: float) -> None:
        """Let go of those whose gap is small for their age: near ones stay dense, old ones thin."""
        for most in (longest, self._steps[-1]):
            share = 1 / 64
            while share <= 1:
                self._drop(most, share, budget * (1 - FREED))
                if self._bytes <= budget * (1 - FREED):
                    return
                share *= 2
        if self._bytes > budget:
            self._keep(max(1, len(self._frames) - 1))

    def _drop(self, most: int, share: float, budget: float) -> None:
        """Drop, from the oldest on, those that leave a gap of at most so many steps, or so much.

        The latter is as a share of how long ago it was.
        """
        frames, steps, now = self._frames, self._steps, self._steps[-1]
        kept = [0]
        for at in range(1, len(frames) - 1):
            gap = steps[at + 1] - steps[kept[-1]]
            if self._bytes > budget and gap <= min(most, share * (now - steps[at])):
                self._bytes -= frames[at].bytes
            else:
                kept.append(at)
        kept += range(max(1, len(frames) - 1), len(frames))
        self._frames, self._steps = [frames[at] for at in kept], [steps[at] for at in kept]
