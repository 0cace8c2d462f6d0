"""The map of two settings: a cell for each pair of values, the darker the lower its loss."""

import math
from collections.abc import Callable
from typing import Any, ClassVar

from textual.binding import BindingType

from nn_core.analysis.setting_map import MOST, STEPS, Cell, SettingMap
from nn_core.analysis.setting_ranges import Side, changes, offered, restarts, titled
from nn_core.explain.snapshot import Snapshot
from nn_core.formatting import fixed, significant
from nn_core.live.requests import Request
from nn_core.live.search_requests import MapSettings, TakeSettings
from nn_tui.dialogs.sheet import LINES_BELOW, Sheet
from nn_tui.text.cells import merged
from nn_tui.text.meaning import Meant, meaning
from nn_tui.text.roles import DEPTHS, Line, width_of
from nn_tui.text.rows import Rows

LEFT = 10  # cells of a value and its tick
CELL = 2  # a mark and a shade
LINES_AROUND = 7  # the sheet's title and keys; chosen, best, legend, and the names of both sides
SHADES = {"ascii": "@%=-"}  # from the least loss up; where there is more than ASCII: █▓▒░
NO_LOWER, DIVERGED = "∙", "✗"
STEPS_TRIED = (STEPS, 200, 500, 1000, 20, 50)
KEYS = "←→↑↓ choose   b best   enter take it   x y other settings   n steps   esc out"


class MapSheet(Sheet):
    """What the map found, or how far it is; enter takes the chosen cell's two values."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("left", "across(-1)", "left"),
        ("right", "across(1)", "right"),
        ("b", "best", "the best"),
        ("enter", "take", "take it"),
        ("x", "turn(0)", "another setting across"),
        ("y", "turn(1)", "another setting up"),
        ("n", "steps", "steps"),
    ]

    def __init__(
        self,
        make_rows: Callable[..., Rows],
        snapshot: Snapshot,
        ask: Callable[[Request], None],
        markers: str,
    ) -> None:
        super().__init__(make_rows)
        self._snapshot, self._ask = snapshot, ask
        self._shades = SHADES.get(markers, "█▓▒░")
        self._offered = offered(snapshot.config, snapshot.scene.rows)
        self._sides, self._steps = self._offered[:2], STEPS
        self._found: SettingMap | float = 0.0
        self._chosen: Cell = (0, 0)

    def on_mount(self) -> None:
        """Begin, once the room is known."""
        super().on_mount()
        self._begin()

    def _begin(self) -> None:
        width, height = self.app.size
        columns, rows = (width - LEFT - 1) // CELL, height - LINES_BELOW - LINES_AROUND
        self._found = 0.0
        across, up = self._sides
        self._ask(MapSettings(across, up, self._steps, min(columns, MOST), min(rows, MOST)))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what is known by now; the run's own cell is chosen first, or the best."""
        found, self._snapshot = snapshot.search, snapshot
        if isinstance(found, SettingMap):
            asked = [found.across.name, found.up.name, found.steps] == [*self._sides, self._steps]
            if not asked or found is self._found:
                return
            self._chosen = found.own or found.best or (0, 0)
            self._found = found
        elif isinstance(found, float) and isinstance(self._found, float):
            self._found = found
        self.draw()

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """The map between what is said of it, or how much of the work is done."""
        found = self._found
        if isinstance(found, SettingMap):
            return _title(found), self._map(found, width), KEYS
        across, up = map(titled, self._sides)
        bar = round(20 * found)
        lines: list[Line] = [
            [(f" Trying {across} by {up} on copies, {self._steps} steps each:", "text")],
            [(f" {'━' * bar}", "model"), ("─" * (20 - bar), "rule"), (f" {found:.0%}", "text")],
        ]
        if self._snapshot.complaint:
            lines = [[(f" Not done: {self._snapshot.complaint}", "strong")]]
        return "map of two settings", lines, "x y other settings   n steps   esc cancel"

    def _map(self, found: SettingMap, width: int) -> list[Line]:
        lines = [_chosen_line(found, self._chosen), _best_line(found), self._legend(found, width)]
        lines.append([(f" {found.up.title} ↑   {found.across.title} →", "text")])
        for up in reversed(range(len(found.up.values))):
            value = found.up.written(up)[: LEFT - 3]
            line: Line = [(f"{value:>{LEFT - 2}} ", "text"), ("┤", "rule")]
            for across in range(len(found.across.values)):
                cell = self._cell(found, (across, up))
                line += [(text, meaning(role, "cells", up)) for text, role in cell]
            lines.append(merged(line))
        return [*lines, _labels(found.across, width)]

    def _cell(self, found: SettingMap, cell: Cell) -> Line:
        loss = found.loss(cell)
        if not math.isfinite(loss):
            shade, role = DIVERGED, "quiet"
        elif (depth := _depth(found, loss)) is None:
            shade, role = NO_LOWER, "quiet"
        else:
            shade, role = self._shades[depth * len(self._shades) // DEPTHS], f"depth{depth}"
        if cell == self._chosen:
            return [("▸", "strong"), (shade, "strong")]
        if cell == found.best:
            return [("✦", "strong"), (shade, role)]
        if cell == found.own:
            return [("◆", "strong"), (shade, role)]
        return [(" " if role == "quiet" else shade, role), (shade, role)]

    def _legend(self, found: SettingMap, width: int) -> Line:
        """What each shade stands for: the losses up to which it goes."""
        line: Line = []
        bounds = (_bound(found, at, len(self._shades)) for at in range(1, len(self._shades) + 1))
        parts = list(zip(self._shades, map(significant, bounds), strict=True))
        parts[0] = (parts[0][0], f"to {parts[0][1]}")
        parts += [(NO_LOWER, "no lower"), (DIVERGED, "diverged")]
        if found.own is not None:
            parts.append(("◆", "this run"))
        for at, (glyph, said) in enumerate(parts):
            role = f"depth{at * DEPTHS // len(self._shades)}" if at < len(self._shades) else "text"
            piece: Line = [(f" {glyph}", role), (f" {said} ", "quiet")]
            if width_of(line) + width_of(piece) <= width:
                line += piece
        return line

    def scrolled(self, first: int, visible: int, count: int) -> int:
        """Keep the chosen cell in sight."""
        if isinstance(self._found, SettingMap):
            row = 4 + len(self._found.up.values) - 1 - self._chosen[1]
            first = min(max(first, row - visible + 2), row - 4)
        return super().scrolled(first, visible, count)

    def wheel(self, way: int) -> None:
        """Choose the cell above or below."""
        self.action_move(way)

    def pick_cell(self, clicked: Meant) -> None:
        """Choose a cell, or take the chosen one."""
        cell = clicked.at // CELL, int(clicked.about)
        if cell == self._chosen:
            self.action_take()
        else:
            self._chosen = cell
            self.draw()

    # --- keys ---------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Choose a cell further down, or up where it is negative."""
        self._choose(0, -by)

    def action_across(self, by: int) -> None:
        """Choose a cell further to the right, or to the left."""
        self._choose(by, 0)

    def action_best(self) -> None:
        """Choose the cell of the lowest loss."""
        if isinstance(self._found, SettingMap) and self._found.best is not None:
            self._chosen = self._found.best
            self.draw()

    def _choose(self, across: int, up: int) -> None:
        found = self._found
        if isinstance(found, SettingMap):
            at, row = self._chosen
            self._chosen = (
                max(0, min(at + across, len(found.across.values) - 1)),
                max(0, min(row + up, len(found.up.values) - 1)),
            )
            self.draw()

    def action_turn(self, side: int) -> None:
        """Map another setting along a side."""
        names = self._offered
        at = names.index(self._sides[side])
        following = (*names[at + 1 :], *names[:at])
        other = self._sides[1 - side]
        self._sides[side] = next((name for name in following if name != other), names[at])
        self._begin()
        self.draw()

    def action_steps(self) -> None:
        """Take more steps in each cell, or, after the most, few."""
        at = STEPS_TRIED.index(self._steps) + 1
        self._steps = STEPS_TRIED[at % len(STEPS_TRIED)]
        self._begin()
        self.draw()

    def action_take(self) -> None:
        """Take the chosen cell's two values into the run."""
        found, config = self._found, self._snapshot.config
        if not isinstance(found, SettingMap):
            return
        values: dict[str, Any] = {}
        for side, at in zip((found.across, found.up), self._chosen, strict=True):
            if at != side.own:
                values |= changes(side.name, side.values[at], config)
        restart = any(restarts(side.name) for side in (found.across, found.up))
        if values:
            self._ask(TakeSettings(tuple(values.items()), restart))
        self.dismiss()


def _title(found: SettingMap) -> str:
    begins = "from its own start" if found.start is None else f"from step {found.start}"
    return f"map of two settings: the loss after {found.steps} steps {begins}"


def _pair(found: SettingMap, cell: Cell) -> str:
    across, up = cell
    return (
        f"{found.across.title} {found.across.written(across)}, "
        f"{found.up.title} {found.up.written(up)}"
    )


def _chosen_line(found: SettingMap, cell: Cell) -> Line:
    loss = found.loss(cell)
    says = f"loss {fixed(loss)}" if math.isfinite(loss) else "diverged"
    which = [
        name for name, of in (("the best", found.best), ("this run’s", found.own)) if of == cell
    ]
    rest = f"  ({' and '.join(which)})" if which else ""
    return [(f" ▸ {_pair(found, cell)}: ", "strong"), (says, "strong"), (rest, "quiet")]


def _best_line(found: SettingMap) -> Line:
    if found.best is None:
        return [(" Every cell diverged.", "text")]
    least, before = fixed(found.loss(found.best)), fixed(found.before)
    return [
        (f" ✦ best: {_pair(found, found.best)}: ", "text"),
        (f"loss {least}", "model"),
        (f", from {before}", "quiet"),
    ]


def _bound(found: SettingMap, part: int, parts: int) -> float:
    """The loss so far up between the least and the one before, by their ratio.

    Squared, so that there are more shades near the least, where most cells end.
    """
    least, before = _ends(found)
    return float(least * (before / least) ** ((part / parts) ** 2))


def _ends(found: SettingMap) -> tuple[float, float]:
    least = found.loss(found.best) if found.best else found.before
    tiny = found.before * 1e-6 or 1e-300  # of a loss of 0 there are no ratios
    return max(least, tiny), max(found.before, tiny)


def _depth(found: SettingMap, loss: float) -> int | None:
    """Which of the depths a loss has, 0 for the least; None where it is no lower than before."""
    least, before = _ends(found)
    if loss >= before and loss > least:
        return None
    if before <= least:
        return 0
    part = math.log(max(loss, least) / least) / math.log(before / least)
    return min(DEPTHS - 1, int(part**0.5 * DEPTHS))


def _labels(side: Side, width: int) -> Line:
    """Values under their columns, as many as have room."""
    text = " " * LEFT
    for at in range(len(side.values)):
        column, value = LEFT + CELL * at, side.written(at)
        if column >= len(text) and column + len(value) < width:
            text = f"{text:<{column}}{value} "
    return [(text.rstrip(), "text")]
