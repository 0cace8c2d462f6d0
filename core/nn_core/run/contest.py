"""Beat gradient descent: a run moved by hand against one that steps, a move for a step."""

from dataclasses import dataclass

import numpy as np

from nn_core.arrays import Array
from nn_core.training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class Score:
    """How a contest stands: the losses at the start and after each move, yours and the rival's.

    Both are of the run's `loss`, without penalties and over all rows.  With `hint` the gradient may
    be looked at.
    """

    yours: Array
    theirs: Array
    loss: str
    hint: bool

    @property
    def moves(self) -> int:
        """How often a parameter was moved."""
        return len(self.yours) - 1

    @property
    def lead(self) -> float:
        """By how much your loss is the lower one; negative where it is the higher."""
        return float(self.theirs[-1] - self.yours[-1])


class Contest:
    """Begins where a trainer stands; the rival is a copy of it that takes a step for each move.

    The rival goes by the settings in force at each move, so that its learning rate can be turned.
    """

    def __init__(self, trainer: Trainer) -> None:
        model = trainer.model.astype(trainer.config.dtype)
        state = trainer.state.copy()
        self._rival = Trainer.resume(model, trainer.data, trainer.config, state)
        self._yours, self._theirs = [trainer.loss()], [trainer.loss()]
        self.hint = False

    def move(self, trainer: Trainer) -> None:
        """Take note that a parameter of the trainer was moved, and let the rival take its step."""
        self._rival.configure(trainer.config)
        self._rival.run(1)
        self._yours.append(trainer.loss())
        self._theirs.append(self._rival.loss())
        self.hint = False

    @property
    def score(self) -> Score:
        """How it stands."""
        loss = self._rival.config.loss
        return Score(np.array(self._yours), np.array(self._theirs), loss, self.hint)
