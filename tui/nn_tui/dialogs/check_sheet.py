"""The gradient check's sheet: each derivative as worked out, and as the loss itself tells it."""

from collections.abc import Callable, Iterator

from nn_core.analysis.gradient_check import Check, Checked
from nn_core.config.key_names import with_keys
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed, short, shown, times
from nn_tui.dialogs.sheet import Sheet
from nn_tui.panels.table import scientific
from nn_tui.text.cells import wrapped
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows

# Cells, each with the space before it.
MARK, LABEL, NUMBER, APART, VERDICT = 3, 24, 13, 10, 17
DECIMALS = 13  # of a loss: two that are nearly the same are subtracted
MOST_LISTED = 12  # of those that don't agree
_GLYPHS = {"agrees": "✓", "beside a kink": "~"}


class CheckSheet(Sheet):
    """What the check found, or how far it is."""

    def __init__(self, make_rows: Callable[..., Rows]) -> None:
        super().__init__(make_rows)
        self._snapshot: Snapshot | None = None
        self._found: Checked | float = 0.0

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what is known by now."""
        if isinstance(snapshot.search, Checked | float):
            self._snapshot, self._found = snapshot, snapshot.search
            self.draw()

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """The chosen parameter's check with its numbers, then all, and what comes of it."""
        found = self._found
        if not isinstance(found, Checked) or self._snapshot is None:
            part = 0.0 if isinstance(found, Checked) else found
            done = f" Nudging each parameter, on a copy: {part:.0%}"
            return "gradient check", [[(done, "text")]], "esc cancel"
        title = f"gradient check, step {self._snapshot.step}"
        return (
            title,
            report(found, self._snapshot, width),
            with_keys("{key.up+down} scroll   esc out"),
        )


def report(found: Checked, snapshot: Snapshot, width: int) -> list[Line]:
    """The whole of what the check found, as rows."""
    chosen, nudge = found.chosen, short(found.epsilon)
    lines = _wrapped(
        f"How much does the loss change if {chosen.label} is nudged by {nudge} either way?", width
    )
    sides = f"({_loss(chosen.above)} − {_loss(chosen.below)}) ÷ {short(2 * found.epsilon)}"
    lines += _wrapped(f"{sides} = {fixed(chosen.numeric)}", width, "strong")
    lines += _wrapped(f"The gradient says {fixed(chosen.analytic)}.", width)
    lines += [[], _titles(width), _row(chosen, chosen.label, width, chosen=True)]
    for layer, size, checks in found.layers:
        if size > 1:
            lines.append(_row(max(checks, key=_badness), f"{layer}, worst of {len(checks)}", width))
        elif checks[0] != chosen:
            lines.append(_row(checks[0], checks[0].label, width))
    lines.append([])
    for each in found.disagreeing[:MOST_LISTED]:
        lines += _wrapped(_reason(each), width, "strong")
    for sentence in _summary(found, snapshot):
        lines += _wrapped(sentence, width)
    return lines


def _badness(check: Check) -> tuple[bool, bool, float]:
    return not check.agrees and not check.kink, not check.agrees, check.excess


def _wrapped(text: str, width: int, role: str = "text") -> list[Line]:
    return [[(f" {line}", role)] for line in wrapped(text, width - 2)]


def _loss(value: float) -> str:
    return f"{value:.{DECIMALS}f}" if abs(value) < 1000 else short(value, 16)


# --- the table --------------------------------------------------------------------------------


def _columns(width: int) -> dict[str, int]:
    """The columns that there is room for, by their titles."""
    columns = {"parameter": LABEL, "gradient": NUMBER, "nudged": NUMBER, "apart": APART}
    for spared in ("apart", "nudged", "gradient"):
        if MARK + sum(columns.values()) + VERDICT > width:
            del columns[spared]
    columns["parameter"] = max(1, min(LABEL, width - MARK - VERDICT))
    return columns


def _titles(width: int) -> Line:
    columns = _columns(width)
    titles = " " * (MARK - 1) + f" {'parameter':<{columns.pop('parameter')}}"
    titles += "".join(f"{name:>{cells}}" for name, cells in columns.items())
    return [(titles, "quiet")]


def _row(check: Check, label: str, width: int, chosen: bool = False) -> Line:
    columns, role = _columns(width), "strong" if chosen else "text"
    cells = columns.pop("parameter")
    line: Line = [(f" {'▸' if chosen else ' '} {label[:cells]:<{cells}}", role)]
    values = {
        "gradient": _number(check.analytic),
        "nudged": _number(check.numeric),
        "apart": scientific(abs(check.analytic - check.numeric)),
    }
    for name, cells in columns.items():
        line.append((f"{values[name]:>{cells}}", "push" if name == "gradient" else "text"))
    found = check.verdict
    return [*line, (f"  {_GLYPHS.get(found, '✗')} {found}", "text" if check.agrees else "strong")]


def _number(value: float) -> str:
    text = fixed(value, 6)
    return text if len(text) < NUMBER else short(value)


# --- in words ---------------------------------------------------------------------------------


def _reason(check: Check) -> str:
    """Why one doesn't agree."""
    if check.kink:
        return f"{check.label}: {check.kink} changes sides between the two, where the slope jumps."
    if check.verdict == "overflows":
        return f"{check.label}: the loss or its gradient is infinite or not a number."
    return f"{check.label}: the gradient is not the slope that the loss has."


def _summary(found: Checked, snapshot: Snapshot) -> Iterator[str]:
    """How many agree, and what was checked."""
    count = sum(len(checks) for _, _, checks in found.layers)
    total = sum(size for _, size, _ in found.layers)
    apart = len(found.disagreeing)
    if not apart:
        yield f"All {count} agree to a millionth: the gradient is the loss’s own slope."
    else:
        listed = f", {MOST_LISTED} of them above" if apart > MOST_LISTED else ""
        yield f"{count - apart} of {count} agree to a millionth, {apart} not{listed}."
    if count < total or found.rows < found.batch:
        on = f", on {found.rows} of {found.batch} rows" if found.rows < found.batch else ""
        yield f"A sample, to be quick: {count} of {total} parameters{on}."
    if snapshot.steps_per_epoch > 1:
        yield f"The loss is that of the current batch, {times(found.batch, 'row')}."
    if found.penalised:
        yield "The loss that is nudged includes the penalty, as the gradient does."
    if not snapshot.config.zero_gradients:
        yield "It is this step’s own gradient: what the steps before left in it is not checked."
    if snapshot.config.clip:
        yield "It is the gradient before clipping."
    frozen = snapshot.config.freeze
    if frozen:
        yield f"Frozen ones have a slope too; they get no update: {', '.join(map(shown, frozen))}."
