"""The step view: the phases of the current step, each with its numbers."""

from dataclasses import replace

import numpy as np

from nn_core.analysis.gradient_check import Check, check
from nn_core.arrays import Array
from nn_core.config import Config, show
from nn_core.data.dataset import Dataset
from nn_core.explain.arithmetic.losses_written_out import row_loss
from nn_core.explain.arithmetic.models_written_out import Written, written_out
from nn_core.explain.arithmetic.update_arithmetic import arithmetic
from nn_core.explain.arithmetic.written_out import Formula, worked
from nn_core.explain.insights.insight import InsightContext
from nn_core.explain.insights.step_insight import NUDGE, Nudged, StepInsight, Votes
from nn_core.explain.insights.step_words import sentences
from nn_core.explain.rows import NumberRow, cancels, listed_rows
from nn_core.expressions import Folded, Operand, around, literal, operand, product, quotient, total
from nn_core.formatting import fixed, number, short, times
from nn_core.models.losses import Loss
from nn_core.optim.optimizers import optimizer_of
from nn_core.training.state import BACKWARD_DONE, PHASES
from nn_core.training.trainer import Trainer

VIEW = "step"

MOST_TERMS = 500  # rows of which the votes are listed one by one
MOST_COUNTED = 9999  # rows of which the signs are counted in a narrow column
LARGEST_WORK = 1e7  # rows · parameters that a look may go through: a tenth of a second


def make_insight(context: InsightContext) -> StepInsight:
    """Work out what the step view shows."""
    trainer, timeline = context.timeline.trainer, context.timeline
    done = trainer.state.phase
    if context.before_update is not None and not timeline.divergence:
        # An update that is over is looked at from where it began, on a copy.
        model, config = trainer.model.astype(trainer.config.dtype), trainer.config
        trainer = Trainer.resume(model, trainer.data, config, context.before_update)
        preview = trainer.preview()
        rows, _ = listed_rows(trainer, timeline.start, preview, context.request)
        context, done = replace(context, preview=preview, rows=rows), len(PHASES)
    work = _Work(context, trainer, done)
    state, used = trainer.state, float(context.preview.gradient[work.index])
    found = StepInsight(
        step=state.step,
        done=done,
        epoch=state.epoch,
        batch=state.position // trainer.batch_size + 1,
        batches=trainer.steps_per_epoch,
        rows=len(work.batch),
        label=work.label,
        symbol=work.written.symbol,
        loss=context.preview.loss,
        gradient=0.0 if cancels(trainer, used, work.index) else used,
        value=work.value,
        next=work.value + float(context.preview.update[work.index]),
        x=tuple(work.at.x[0].tolist()),
        y=work.written.targets[work.written.output],
        prediction=work.written.prediction,
        output=work.output_name(),
        target=work.target_name(),
        class_name=work.class_name(),
        in_batch=work.chosen is not None,
        code=_code(trainer.config, work.loss),
        rules=work.rules(),
        vote=work.written.vote,
        parameters=context.rows,
    )
    found = _PHASES[done](work, found)
    return replace(found, sentences=sentences(found))


class _Work:
    """What several phases are worked out from."""

    def __init__(self, context: InsightContext, trainer: Trainer, done: int) -> None:
        self.context, self.trainer, self.done = context, trainer, done
        self.state, self.config = trainer.state, trainer.config
        self.model, data = trainer.model, trainer.data
        self.batch = self.trainer.batch_rows()
        self.index = self._chosen()
        self.label = self.state.layout.label(self.index)
        self.value = float(self.state.parameters[self.index])
        self.at = data.row(context.request.point)
        found = np.flatnonzero(self.batch == context.request.point)
        self.chosen = int(found[0]) if len(found) else None
        loss = self.trainer.loss_function.among(data.y[self.batch])
        self.loss = loss.for_outputs(data.y.shape[1])
        self.written: Written = written_out(self.model, self.index, self.loss, self.at.x, self.at.y)
        self.row = f"point {context.request.point + 1}"

    def _chosen(self) -> int:
        """The chosen parameter; of a whole layer, that with the largest gradient of this step."""
        request, layout = self.context.request, self.state.layout
        if not self.model.is_listed_by_layer or request.opened:
            return self.context.chosen
        place = layout.places[min(request.chosen, len(layout.places) - 1)]
        used = self.context.preview.gradient
        if 0 < self.done < BACKWARD_DONE:  # it isn't worked out yet, but the choice must not jump
            used = used + self.trainer.batch_gradient()
        return place.nth(int(np.abs(place.view(used)).argmax()))

    def rules(self) -> tuple[str, ...]:
        """What each phase works out, in brief."""
        symbol, config = self.written.symbol, self.config
        keeps = f"∂loss/∂{symbol} stays: zeroing is off"
        update = self.update_rule()
        if self.trainer.is_frozen(self.index):
            update = f"{symbol} stays: it is frozen"
        return (
            f"∂loss/∂{symbol} ← 0" if config.zero_gradients else keeps,
            self.written.forward_rule,
            f"mean of {self.loss.row}",
            self.written.backward_rule,
            update,
        )

    def update_rule(self) -> str:
        """The optimizer's rule; without zeroing its gradient is the sum (Σ) of several."""
        rule = optimizer_of(self.config).rule.replace("w", self.written.symbol)
        return rule if self.config.zero_gradients else rule.replace("∂loss", "Σ ∂loss")

    def batch_data(self) -> Dataset:
        """The rows of the batch."""
        data = self.trainer.data
        return Dataset(data.x[self.batch], data.y[self.batch])

    def is_feasible(self, passes: int = 1) -> bool:
        """Whether going through every row of the batch so often takes no noticeable time."""
        return len(self.batch) * self.model.flat.size * passes <= LARGEST_WORK

    def of_batch(self, values: Array) -> Votes:
        """Numbers for the rows of the batch, with their places."""
        x = self.trainer.data.x[self.batch]
        one = x[:, 0] if x.shape[1] == 1 else None
        return Votes(values.astype(np.float64), one, self.batch, self.chosen)

    def row_losses(self) -> Votes | None:
        """The loss of each row of the batch; None where that would take too long."""
        if not self.is_feasible():
            return None
        data = self.batch_data()
        predictions = self.model.predict(data.x).T.astype(np.result_type(self.model.flat, data.y))
        return self.of_batch(self.loss.each(predictions, data.y.T))

    def output_name(self) -> str:
        """What the shown output is called; of several with its number."""
        written = self.written
        several = f" {written.output + 1}" if len(written.targets) > 1 else ""
        return f"{self.loss.output}{several}"

    def target_name(self) -> str:
        """What the shown output is to be is called; of several with its number."""
        written = self.written
        return "y" if len(written.targets) == 1 else f"y {written.output + 1}"

    def class_name(self) -> str:
        """The class of the row; "" where numbers are predicted."""
        classes, targets = self.trainer.data.classes, self.written.targets
        if not classes:
            return ""
        return classes[int(np.argmax(targets)) if len(targets) > 1 else int(targets[0] > 0)]

    def all_rows(self) -> str:
        """What the line over the whole batch is called."""
        everything = self.trainer.steps_per_epoch == 1
        if len(self.batch) == 1:
            return "mean"
        return f"{'all' if everything else 'these'} {len(self.batch)}"


_TOO_MUCH = "Too many rows · parameters to look at each row; smaller batches can be shown."


def _between(work: _Work, found: StepInsight) -> StepInsight:
    return replace(found, bars=work.row_losses())


def _zero(work: _Work, found: StepInsight) -> StepInsight:
    name, index = f"∂loss/∂{work.written.symbol}", work.index
    read = Formula("", f"{name} is read: how the loss changes when {work.written.symbol} rises")
    if work.config.zero_gradients:
        line = Formula("rule", f"{name} ← 0, and so for every parameter")
        return replace(found, lines=(line, read), bars=work.row_losses())
    stands = float(work.state.gradient[index])
    lines = (
        Formula("rule", f"{name} stays what it was: zeroing is off"),
        read,
        Formula("stands", "the sum of the gradients of the steps before", stands),
    )
    return replace(found, lines=lines, bars=work.row_losses())


def _forward(work: _Work, found: StepInsight) -> StepInsight:
    bars = None
    if work.is_feasible():
        bars = work.of_batch(work.model.predict(work.batch_data().x)[:, work.written.output])
    lines = (*work.written.forward(work.row), _target(work, found.y))
    return replace(found, lines=lines, bars=bars)


def _target(work: _Work, y: float) -> Formula:
    """What the shown output is to be; of classes, which one the row is."""
    name, class_name = work.target_name(), work.class_name()
    return Formula("data", f"{name}: it is {class_name}" if class_name else name, y, "data")


def _loss(work: _Work, found: StepInsight) -> StepInsight:
    loss, config = work.loss, work.config
    rules = [Formula("rule", f"loss = mean of {loss.row}")]
    if loss.rule:
        rules.append(Formula("", loss.rule))
    written, classes = work.written, work.trainer.data.classes
    lines = rules + row_loss(loss, written.outputs, written.targets, work.row, classes)
    each = work.row_losses()
    if each is None:
        return replace(found, lines=tuple(lines), note=_TOO_MUCH)
    lines.append(_mean(work, float(each.values.sum()), found.loss))
    if config.l1 or config.l2:
        penalty = work.trainer.penalty()
        lines.append(Formula("penalty", "on the weights, beside the loss", penalty))
    return replace(found, lines=tuple(lines), bars=each)


def _mean(work: _Work, added: float, mean: float, terms: tuple[Folded, ...] = ()) -> Formula:
    above = replace(operand(added), folded=terms)
    return worked(work.all_rows(), quotient(above, len(work.batch)), mean)


def _backward(work: _Work, found: StepInsight) -> StepInsight:
    symbol, index, config = work.written.symbol, work.index, work.config
    fresh = work.trainer.batch_gradient()
    of_loss = fresh - work.trainer.penalty_gradient()
    own = float(of_loss[index])
    note = f"   {work.loss.slope_note}" if work.loss.slope_note else ""
    lines = [Formula("rule", f"∂loss/∂{symbol} = {work.written.backward_rule}{note}")]
    lines += work.written.backward(work.row)
    bars, note = None, ""
    if work.is_feasible():
        data = work.batch_data()
        bars = work.of_batch(work.model.votes(data.x, data.y, work.loss, index))
        if cancels(work.trainer, own, index):
            left, own = fixed(own), 0.0
            lines.append(_mean(work, 0.0, own, _terms(work, 0.0)))
            lines.append(Formula("", f"the computer’s sum is off by rounding: {left}, not 0"))
        else:
            added = float(bars.values.sum())
            lines.append(_mean(work, added, own, _terms(work, added)))
    else:
        note = _TOO_MUCH
        lines.append(Formula(work.all_rows(), "the mean over all of them", own))
    if config.l1 or config.l2:
        lines.append(_penalised(work, own, float(fresh[index])))
    if not config.zero_gradients:
        old = float(work.state.gradient[index] - fresh[index])
        sum_of_both = around("{}: old + new", float, total([old, float(fresh[index])]))
        lines.append(worked("not zeroed", sum_of_both, float(work.state.gradient[index])))
    if work.trainer.is_frozen(work.index):
        lines.append(Formula("frozen", f"{work.label} gets no update, whatever its gradient"))
    checks = _checks(work, of_loss)
    return replace(found, lines=tuple(lines), slope=own, bars=bars, note=note, checks=checks)


def _terms(work: _Work, added: float) -> tuple[Folded, ...]:
    """The vote of each row of the batch written out, for when they are asked for one by one."""
    count = len(work.batch)
    if not 1 < count <= MOST_TERMS:
        return ()
    model, loss, index = work.model.astype(work.config.dtype), work.loss, work.index
    data, numbers = work.batch_data(), work.batch.tolist()

    def terms() -> list[tuple[str, Operand]]:
        return [
            (f"point {number + 1}", written_out(model, index, loss, x, y).term()[0])
            for number, x, y in zip(numbers, data.x[:, None], data.y[:, None], strict=True)
        ]

    return (Folded(times(count, "term"), added, terms),)


def _penalised(work: _Work, own: float, together: float) -> Formula:
    config, terms = work.config, list[Operand]([own])
    if work.state.layout.place(work.index).is_bias:
        return worked("+ penalty", around("{} + 0: a bias is free", float, own), together)
    if config.l1:
        l1 = literal(show(config.l1), config.l1)
        terms.append(product(l1, around("sign({})", lambda w: float(np.sign(w)), work.value)))
    if config.l2:
        terms.append(product(literal("2", 2), literal(show(config.l2), config.l2), work.value))
    return worked("+ penalty", total(terms), together)


def _checks(work: _Work, gradient: Array) -> tuple[Nudged, ...]:
    """What a nudge says of the listed parameters, or of the chosen one of a layer."""
    listed = [row.index for row in work.context.rows if isinstance(row, NumberRow)] or [work.index]
    nudged = listed if work.is_feasible(2 * len(listed) + 3) else [work.index]
    found: dict[int, Check] = {}
    if work.is_feasible(5):
        checked = check(work.model, work.batch_data(), work.loss, NUDGE, indices=nudged)
        found = dict(zip(nudged, checked, strict=True))
    return tuple(
        Nudged(
            work.state.layout.label(index),
            index,
            float(gradient[index]),
            _mean_of(work, index),
            found.get(index),
            cancels(work.trainer, float(gradient[index]), index),
        )
        for index in listed
    )


def _mean_of(work: _Work, index: int) -> str:
    """What the gradient is the mean of; where that is signs alone, their counts too."""
    loss, at = work.loss, work.at
    vote = written_out(work.model, index, loss, at.x, at.y).vote
    if vote != loss.slope_name or not loss.has_sign_slope or len(work.batch) > MOST_COUNTED:
        return vote
    data = work.batch_data()
    signs = work.model.votes(data.x, data.y, loss, index)
    return f"{vote}  ({(signs > 0).sum()} − {(signs < 0).sum()}) ÷ {len(signs)}"


def _update(work: _Work, found: StepInsight) -> StepInsight:
    config, symbol, optimizer = work.config, work.written.symbol, optimizer_of(work.config)
    lines = [Formula("rule", work.update_rule())]
    for equation in arithmetic(work.trainer, work.context.preview, work.index):
        is_parameter = equation.symbol in (work.label, "w")
        name = symbol if is_parameter else equation.symbol
        shown = equation.written(number)
        text = shown.text.replace(" · ", "·")
        lines.append(Formula(f"{name} ←", text, equation.result, sign=shown.sign))
    if (
        optimizer.is_plain
        and not work.model.is_listed_by_layer
        and not work.trainer.is_frozen(work.index)
    ):
        lines.append(Formula("PyTorch", f"with torch.no_grad(): {symbol} -= lr * {symbol}.grad"))
    if config.clip:
        clips = f"clip_grad_norm_(model.parameters(), {short(config.clip)})"
        lines.append(Formula("PyTorch", f"{clips}, before"))
    bars = None
    if work.is_feasible():
        data = work.batch_data()
        bars = work.of_batch(work.model.votes(data.x, data.y, work.loss, work.index))
    own = work.trainer.batch_gradient() - work.trainer.penalty_gradient()
    slope = float(own[work.index])
    slope = 0.0 if cancels(work.trainer, slope, work.index) else slope
    return replace(found, lines=tuple(lines), bars=bars, slope=slope)


_PHASES = (_between, _zero, _forward, _loss, _backward, _update)


def _code(config: Config, loss: Loss) -> tuple[str, ...]:
    """Each phase's line in PyTorch."""
    penalised = config.l1 or config.l2
    return (
        f"{'' if config.zero_gradients else '# '}optimizer.zero_grad()",
        "pred = model(x)",
        f"loss = {loss.in_pytorch}",
        "(loss + penalty).backward()" if penalised else "loss.backward()",
        "optimizer.step()",
    )
