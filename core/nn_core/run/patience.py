"""Towards the target: so many epochs, or fewer where the validation loss falls no more.

Patience is how many epochs may pass without a validation loss below the lowest before.  Then, and
at the target, the run goes back to the step where it was lowest: to the bit, as everywhere.
"""

from dataclasses import dataclass

from nn_core.run.replayed_run import ReplayedRun


@dataclass(frozen=True)
class Stop:
    """Where training ended, and the step before it where the validation loss was lowest.

    `trained` is how many epochs it had got to, `patience` how many it waited in vain; 0 where it
    was the target that ended it.
    """

    step: int
    epoch: int
    loss: float
    trained: int
    patience: int


class TowardsTarget:
    """A run on its way to the epoch target, with as much patience as its settings have.

    `stop` is None until it ended where the validation loss is not at its lowest; going back is left
    to those who drive the run.  Where a run is out of patience as it is given, it waits anew from
    there.
    """

    def __init__(self, run: ReplayedRun) -> None:
        self._run = run
        self.stop: Stop | None = None
        self._waits_from = 0  # an epoch
        if self._is_out_of_patience(run.tip):
            self._waits_from = run.epoch_of(run.tip)

    @property
    def steps_left(self) -> int:
        """Steps to the epoch target; 0 where it ended."""
        return 0 if self.stop else self._run.trainer.steps_left(self._run.config.epochs)

    def advance(self, steps: int) -> None:
        """Go on by at most so many steps; see `ReplayedRun.advance`."""
        run = self._run
        steps = min(steps, self.steps_left)
        if not run.config.patience:
            run.advance(steps)
            return
        end = run.state.step + steps
        while run.state.step < end and run.divergence is None:
            rest_of_epoch = run.trainer.steps_left(run.state.epoch + 1)
            run.advance(min(end - run.state.step, rest_of_epoch))
            waited = not run.state.position and self._is_out_of_patience(run.state.step)
            if waited or not self.steps_left:
                self._end(run.config.patience if waited else 0)
                return

    def _end(self, patience: int) -> None:
        run = self._run
        step, loss = run.history.validation.lowest(run.state.step)
        if step != run.state.step and run.divergence is None:
            self.stop = Stop(step, run.epoch_of(step), loss, run.state.epoch, patience)

    def _is_out_of_patience(self, step: int) -> bool:
        """Whether, at the end of the epoch before this step, the wait has been long enough."""
        run = self._run
        if not run.config.patience:
            return False
        lowest, _ = run.history.validation.lowest(step)
        since = max(run.epoch_of(lowest), self._waits_from)
        return run.epoch_of(step) - since >= run.config.patience


def is_at_end(run: ReplayedRun) -> bool:
    """Whether the target was reached, and the run stands there or where it went back to."""
    if run.trainer.steps_left(run.config.epochs) == 0:
        return True
    lowest, _ = run.history.validation.lowest(run.tip)
    reached = run.epoch_of(run.tip) >= run.config.epochs
    return run.config.patience > 0 and run.state.step == lowest and reached
