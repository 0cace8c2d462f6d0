"""What a trainer can be asked about its model as it stands, without taking a step."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nn_core.arrays import Array
from nn_core.config import Config
from nn_core.data.dataset import Dataset
from nn_core.models import Model
from nn_core.models.losses import Loss
from nn_core.optim import penalties
from nn_core.training import answers
from nn_core.training.measures import Measures, measure
from nn_core.training.over_all_rows import compile_loss, gradient_over, loss_over
from nn_core.training.state import State


class Questions:
    """Losses, measures and predictions of the current parameters."""

    config: Config
    data: Dataset
    model: Model
    state: State
    loss_function: Loss  # that is trained on
    frozen: Array | None  # a mask over the parameters, None where none is
    _validation_loss: Callable[[], float] | None  # compiled when it is first asked for

    # --- of raw rows ------------------------------------------------------------------------

    def predict(self, rows: Any) -> Array:
        """What the model says of raw rows, in the units of the file, as the data came in.

        `rows` is a table (rows, columns), its columns in the order of the data's, texts as texts;
        or a mapping of names to columns, or a frame, which may hold other columns too.  Numbers
        come back as (rows, targets), classes as their names (rows,).  A row that lacks a value
        which nothing fills has NaN, or "" for a class.  `RequestError` for columns that don't fit,
        and for texts that the rows trained on don't have.
        """
        return answers.predicted(self.model, self.data.schema, rows)

    def probabilities(self, rows: Any) -> Array:
        """The probability of each class, (rows, classes), for raw rows as `predict` takes them.

        Their order is that of `data.classes`.  `RequestError` where numbers are predicted.
        """
        return answers.chances(self.model, self.data.schema, rows)

    def score(self, rows: Any = None, *, training: bool = False) -> Measures:
        """How good the model is on the rows held back; where none are, or if asked, on the others.

        Or on other rows that have the targets too: a Dataset in the units of the file, a mapping
        of names to columns, or a frame; rows that lack a value are left out.  Of numbers
        `.explained` (R²), `.rmse`; of classes `.accuracy`, `.precision`, `.recall`, `.confusion`;
        `.baseline` is what the simplest answer reaches, `.sentence` says it all.  Of several
        targets each has its own: `.by_target["rent"].rmse`.  `RequestError`
        where columns don't fit, and for a class or a text that the rows trained on don't have.
        """
        held_back = None if training else self.data.validation
        data = self.data if held_back is None else held_back
        if rows is not None:
            data = answers.labelled(self.data.schema, rows)
        with np.errstate(all="ignore"):
            return measure(self.model.predict(data.x), data, self.data)

    # --- of the loss ------------------------------------------------------------------------

    @property
    def loss_factor(self) -> float | None:
        """What a loss of scaled targets is multiplied by to be in the file's units; see `Loss`."""
        scaling = self.data.y_scaling
        return None if scaling is None else self.loss_function.factor(scaling.deviation)

    def loss(self) -> float:
        """The loss of the current parameters over all rows to train on."""
        return loss_over(self.model, self.loss_function, self.data)

    def validation_loss(self) -> float | None:
        """The loss of the current parameters over the rows held back, where there are some."""
        held_back = self.data.validation
        if held_back is None:
            return None
        if self._validation_loss is None:
            self._validation_loss = compile_loss(self.model, self.loss_function, held_back)
        return self._validation_loss()

    def gradient(self) -> Array:
        """The gradient of the loss over all rows at the current parameters, a flat vector."""
        return gradient_over(self.model, self.loss_function, self.data)

    def free(self, vectors: Array) -> Array:
        """Of flat vectors, (…, size), what isn't frozen: a gradient's length is of that alone.

        PyTorch has no gradient for the others, and clips without them.
        """
        return vectors if self.frozen is None else vectors.compress(~self.frozen, axis=-1)

    def penalty(self) -> float:
        """What the penalties on the weights amount to at the current parameters."""
        config, state = self.config, self.state
        with np.errstate(all="ignore"):
            return penalties.value(state.layout, state.parameters, config.l1, config.l2)

    def penalty_gradient(self) -> Array:
        """What they add to the gradient of the current batch, a flat vector."""
        config, state = self.config, self.state
        return penalties.gradient(state.layout, state.parameters, config.l1, config.l2)
