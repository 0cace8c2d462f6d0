"""Runs without a screen: a line a step, for people's pipes and logs or as JSON for programs."""

import json
import math
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TextIO

import numpy as np

from nn_core.config import NAMED_DATA
from nn_core.explain.scene import largest_target
from nn_core.explain.words.divergence import divergence_sentence, reach, runaway_sentence
from nn_core.formatting import fixed, significant, times
from nn_core.run.patience import Stop, TowardsTarget
from nn_core.run.timeline import Timeline
from nn_core.storage.export import IN_FILE_UNITS
from nn_core.training.batches import too_large
from nn_core.training.loop import BLOCK
from nn_core.training.measures import (
    ClassMeasures,
    Measures,
    NumberMeasures,
    TargetsMeasures,
    measure,
)

MOST_PARAMETERS = 1000  # that a summary lists


class StepLine(NamedTuple):
    """What a line says of a step; `validation_loss` is the newest since the line before, if any."""

    step: int
    epoch: int
    loss: float
    learning_rate: float
    validation_loss: float | None


Line = Callable[[StepLine, float | None], str]


def run(timeline: Timeline, output: str, every: int, out: TextIO, errors: TextIO) -> int:
    """Train from where it stands to the epoch target and print on the way.

    0, or 1 where training diverged, or ran away from where it began.
    """
    line: Line = _json_line if output == "json" else _plain_line
    if output == "plain" and timeline.config.data not in NAMED_DATA:
        _offer_scaling(timeline, errors)
    hint = too_large(timeline.config.batch_size, timeline.trainer.data.rows)
    if hint and output == "plain":
        print(f"nn-tui: {hint}", file=errors)
    started = time.perf_counter()
    target = TowardsTarget(timeline)
    for stretch in _stretches(timeline, target, every):
        for said in stretch:
            print(line(said, timeline.trainer.loss_factor), file=out)
    trained = timeline.state.epoch
    if target.stop:
        timeline.seek(target.stop.step)
    seconds = time.perf_counter() - started
    if output == "json":
        print(json.dumps(_summary(timeline, trained, seconds)), file=out)
    else:
        print(_closing(timeline, trained), file=out)
    out.flush()
    if output == "plain":
        _explain(timeline, target.stop, errors)
    sentence = _failure(timeline)
    if sentence is None:
        return 0
    print(f"nn-tui: {sentence.replace('−', '-')} {_advice(timeline)}", file=errors)
    return 1


def _explain(timeline: Timeline, stop: Stop | None, errors: TextIO) -> None:
    """Say what was done to the data of a person's own, and what the measures amount to.

    Before that, where the run went back to.
    """
    data, said = timeline.trainer.data, []
    if stop:
        why = f"no lower validation loss for {times(stop.patience, 'epoch')}"
        said = [
            f"{why if stop.patience else 'target reached'}: "
            f"from epoch {stop.trained} back to epoch {stop.epoch}, where it was lowest"
        ]
    said += [f"data: {note}" for note in (*data.notes, *_hints(timeline))]
    if data.classes or data.notes or timeline.config.data not in NAMED_DATA:
        said += [
            f"{'held back' if prefix else 'training'}{name and f', {name}'}: {each.sentence}"
            for prefix, found in _measured(timeline)
            for name, each in found.by_target.items()
        ]
    for line in said:
        print(f"nn-tui: {line.replace('−', '-')}", file=errors)


def _hints(timeline: Timeline) -> Iterator[str]:
    """What may make more of a person's own data: columns that were left out."""
    config, data = timeline.config, timeline.trainer.data
    left = any(note.endswith(("(text)", "(True and False)")) for note in data.notes)
    if left and not config.x:
        yield "--x all makes inputs of texts and of True and False too; --drop leaves some out"


def _offer_scaling(timeline: Timeline, errors: TextIO) -> None:
    """Say of columns far from 1 that they had better be scaled, before it fails."""
    found = _far_from_1(timeline)
    if found:
        said = f"{found[0].lower()}{found[1:]}: --scale on brings columns to about 1"
        print(f"nn-tui: {said}; as they are it may diverge", file=errors)


def _far_from_1(timeline: Timeline) -> str:
    """Which numbers of the data are far from 1; "" where none are, or they are scaled."""
    data, model = timeline.trainer.data, timeline.trainer.model
    if data.x_scaling is not None:
        return ""
    return reach(float(np.abs(data.x).max()), largest_target(data, model.is_listed_by_layer))


def _failure(timeline: Timeline) -> str | None:
    """What went wrong with the run, in a sentence; None where nothing did."""
    if timeline.divergence is not None:
        return divergence_sentence(timeline.divergence, timeline.state.step)
    losses = timeline.history.losses
    return runaway_sentence(losses.at(0), timeline.trainer.loss()) if len(losses) else None


def _advice(timeline: Timeline) -> str:
    """What may help a run that diverged."""
    rate = "a smaller --learning-rate"
    if _far_from_1(timeline):
        return f"Try --scale on, or {rate}."
    return f"Try {rate}."


def _stretches(
    timeline: Timeline, target: TowardsTarget, every: int
) -> Iterator[Iterator[StepLine]]:
    """Train block by block; of each, what there is to say of the steps to print."""
    while target.steps_left and timeline.divergence is None:
        start = timeline.state.step
        target.advance(BLOCK)
        steps = np.arange(start + -start % every, timeline.state.step, every)
        history = timeline.history
        yield (
            StepLine(
                step,
                epoch,
                history.losses.at(step),
                history.learning_rates.at(step),
                history.validation.newest(step - every + 1, step + 1),
            )
            for step, epoch in zip(steps.tolist(), timeline.epochs(steps).tolist(), strict=True)
        )


def _plain_line(said: StepLine, factor: float | None) -> str:
    return f"step={said.step}; loss={significant(said.loss).replace('−', '-')}"


def _json_line(said: StepLine, factor: float | None) -> str:
    step = {
        "step": said.step,
        "epoch": said.epoch,
        "loss": _number(said.loss),
        "learning_rate": said.learning_rate,
    }
    if said.validation_loss is not None:
        step["validation_loss"] = _number(said.validation_loss)
    return json.dumps(_beside(step, factor))


def _beside(said: dict[str, Any], factor: float | None) -> dict[str, Any]:
    """The same with the losses of scaled targets in the file's units too, where they have some."""
    names = [name for name in ("loss", "validation_loss") if factor and said.get(name) is not None]
    return said | {name + IN_FILE_UNITS: _number(said[name] * (factor or 1)) for name in names}


def _number(value: float) -> float | None:
    """JSON has no infinity and no NaN."""
    return float(value) if math.isfinite(value) else None


def _measured(timeline: Timeline) -> list[tuple[str, Measures]]:
    """The measures on the training rows and, where there are some, on those held back."""
    trainer = timeline.trainer
    parts = (("", trainer.data), ("validation_", trainer.data.validation))
    with np.errstate(all="ignore"):
        return [
            (prefix, measure(trainer.model.predict(data.x), data, trainer.data))
            for prefix, data in parts
            if data is not None
        ]


def _measures(found: Measures) -> dict[str, Any]:
    if isinstance(found, TargetsMeasures):
        return {"targets": {name: _measures(each) for name, each in found.by_target.items()}}
    if isinstance(found, NumberMeasures):
        return {
            "explained": _number(found.explained),
            "rmse": _number(found.rmse),
            "baseline_rmse": _number(found.baseline),
        }
    return {
        "accuracy": found.accuracy,
        "baseline_accuracy": found.baseline,
        "classes": list(found.classes),
        "confusion": found.confusion.tolist(),
        "precision": [_number(value) for value in found.precision.tolist()],
        "recall": [_number(value) for value in found.recall.tolist()],
    }


def _closing(timeline: Timeline, trained: int) -> str:
    """The last line of a plain run: where it ended."""
    trainer = timeline.trainer
    losses = {"loss": trainer.loss(), "validation_loss": trainer.validation_loss()}
    loss = "; ".join(
        f"{name}={significant(value, 5).replace('−', '-')}"
        for name, value in _beside(losses, trainer.loss_factor).items()
        if value is not None
    )
    if timeline.trainer.data.dropped:
        loss += f"; dropped_rows={timeline.trainer.data.dropped}"
    parameters = ""
    if not timeline.trainer.model.is_listed_by_layer:
        values = timeline.trainer.model.parameters.items()
        parameters = "; " + "; ".join(f"{name}={float(value):.6g}" for name, value in values)
    state, epochs = timeline.state, str(timeline.state.epoch)
    if timeline.config.patience:
        epochs += f"; trained_epochs={trained}"
    penalty = ""
    if timeline.config.l1 or timeline.config.l2:
        penalty = f"; penalty={significant(timeline.trainer.penalty(), 5).replace('−', '-')}"
    measures = ""
    for prefix, found in _measured(timeline):
        if isinstance(found, ClassMeasures):
            measures += f"; {prefix}accuracy={found.accuracy:.4f}"
        else:
            explained = ",".join(fixed(each.explained) for each in found.by_target.values())
            explained = explained.replace("−", "-")
            measures += f"; {prefix}explained={explained}"
    return f"steps={state.step}; epochs={epochs}; {loss}{penalty}{parameters}{measures}"


def _summary(timeline: Timeline, trained: int, seconds: float) -> dict[str, Any]:
    state, model = timeline.state, timeline.trainer.model
    summary: dict[str, Any] = {
        "summary": True,
        "steps": state.step,
        "epochs": state.epoch,
        "loss": _number(timeline.trainer.loss()),
        "seconds": seconds,
    }
    validation_loss = timeline.trainer.validation_loss()
    if validation_loss is not None:
        summary["validation_loss"] = _number(validation_loss)
    summary = _beside(summary, timeline.trainer.loss_factor)
    if timeline.config.patience:
        summary["trained_epochs"] = trained
    for prefix, found in _measured(timeline):
        summary[f"{prefix}measures"] = _measures(found)
    if timeline.trainer.data.notes:
        summary["notes"] = list(timeline.trainer.data.notes)
    if timeline.trainer.data.dropped:
        summary["dropped_rows"] = timeline.trainer.data.dropped
    if timeline.config.l1 or timeline.config.l2:
        summary["penalty"] = _number(timeline.trainer.penalty())
    if model.flat.size <= MOST_PARAMETERS:
        summary["parameters"] = {
            name: np.asarray(value, np.float64).tolist() for name, value in model.parameters.items()
        }
    return summary
