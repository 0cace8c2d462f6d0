"""What there is to say of outcomes of other rooms: stopped, loaded, offered, resumed, measured."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nn_core.analysis.batch_cost import Measured
from nn_core.config.key_names import with_keys
from nn_core.explain.outcomes import outcome_sentences
from nn_core.formatting import LINE_WIDTH, fixed, listed, short
from nn_core.models.weights import Fit
from nn_core.run.patience import Stop
from nn_core.storage.autosave import Offered, Resumed

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot


@outcome_sentences.register(Stop)
def _stopped(outcome: Stop, snapshot: "Snapshot") -> Iterator[str]:
    why = "Out of patience" if outcome.patience else "Target reached"
    yield (
        f"{why} at epoch {outcome.trained}: back to epoch {outcome.epoch}, "
        "the best on rows held back."
    )
    yield with_keys(
        f"Validation loss {fixed(outcome.loss)} was lowest here. {{key.run_or_pause}} goes on to "
        f"{_next_end(outcome, snapshot.config.epochs)}."
    )


def _next_end(stop: Stop, planned: int) -> str:
    """The epoch that going on leads to: it waits anew from where it had got to, not from here."""
    target = planned if planned > stop.trained else stop.trained + max(1, planned)
    if not stop.patience:
        return f"epoch {target} at most"
    waits_until = stop.trained + stop.patience
    return f"epoch {waits_until} at least" if waits_until < target else f"epoch {target}"


def loading_words(fit: Fit) -> str:
    """What was loaded from a file, and what was not."""
    rest = f" Not loaded: {fit.faults}." if fit.faults else ""
    return " ".join([f"Loaded from {fit.source}: {listed(fit.loaded)}.{rest}", *fit.remarks])


@outcome_sentences.register(Fit)
def _loaded(outcome: Fit, snapshot: "Snapshot") -> Iterator[str]:
    yield loading_words(outcome)


@outcome_sentences.register(Offered)
def _offered(outcome: Offered, snapshot: "Snapshot") -> Iterator[str]:
    saved = "cut off, saved at " if outcome.cut else ""
    said = f"Last time: {saved}step {outcome.step} of {outcome.experiment}. "
    said += with_keys("{key.resume} goes on there")
    later, lists = (
        "later {key.palette} last run.",
        f"{{key.palette}} resume lists {outcome.count} runs.",
    )
    later = with_keys(lists if outcome.count > 1 else later)
    is_short = len(f"{said}; {later}") <= LINE_WIDTH
    yield f"{said}; {later}" if is_short else f"{said}."
    if outcome.count > 1 and not is_short:
        yield f"{later[0].upper()}{later[1:]}"


@outcome_sentences.register(Resumed)
def _resumed(outcome: Resumed, snapshot: "Snapshot") -> Iterator[str]:
    yield f"Resumed: {outcome.experiment}, at step {outcome.step}, as it was saved."
    if outcome.mended:
        yield "The newest save was damaged and is set aside; this is the one before."
    elif outcome.cut:
        yield "It was ended by force as it trained; steps after this save are not in it."


@outcome_sentences.register(Measured)
def _measured(outcome: Measured, snapshot: "Snapshot") -> Iterator[str]:
    (size, speed), *others = outcome.speeds
    speeds = [f"{_thousands(speed)} in batches of {size}"]
    speeds += [f"{_thousands(more)} of {size}" for size, more in others]
    yield f"Thousand rows a second: {', '.join(speeds)}."
    largest, most = max(outcome.speeds, key=lambda measured: measured[1])
    if most > speed:
        times_more = short(float(f"{most / speed:.2g}"))
        yield f"Batches of {largest} pass {times_more} times as many rows as single ones do."


def _thousands(value: float) -> str:
    return f"{float(f'{value / 1000:.2g}'):,.10g}"
