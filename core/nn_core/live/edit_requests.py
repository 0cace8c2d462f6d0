"""Requests that change the run by hand: its parameters, settings, shape and data; and contests."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nn_core.config import setting
from nn_core.errors import RequestError
from nn_core.live.requests import Request

if TYPE_CHECKING:
    from nn_core.live.live_run import LiveRun

# --- values -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Nudge(Request):
    """Change one parameter, counted over all of them, by an amount."""

    index: int
    amount: float

    def apply(self, run: "LiveRun") -> None:
        run.move(self.index, self.amount, "nudge", amount=self.amount)


@dataclass(frozen=True)
class Assign(Request):
    """Give one parameter, counted over all of them, a value."""

    index: int
    value: float

    def apply(self, run: "LiveRun") -> None:
        if not math.isfinite(self.value):
            raise RequestError(f"a parameter is a finite number; not {self.value}")
        run.require_parameter(self.index)
        before = float(run.timeline.state.parameters[self.index])
        run.move(self.index, self.value - before, "assign", value=self.value)


@dataclass(frozen=True)
class Set(Request):
    """Change a setting to what a person typed."""

    name: str
    text: str

    def apply(self, run: "LiveRun") -> None:
        run.set(self.name, setting(self.name).read(self.text))


@dataclass(frozen=True)
class Turn(Request):
    """Change a setting to the value beside it: up (+1) or down (−1)."""

    name: str
    way: int

    def apply(self, run: "LiveRun") -> None:
        from nn_core.optim.optimizers import in_force

        found, value = setting(self.name), in_force(run.timeline.config, self.name)
        if found.turn is None:
            raise RequestError(f"{found.title} is typed, not turned")
        run.require_setting(self.name)
        turned = found.turn(value, self.way)
        if turned != value:
            run.set(self.name, turned)


@dataclass(frozen=True)
class Freeze(Request):
    """Freeze a parameter or a layer, or, without `frozen`, let it have its updates again."""

    name: str
    frozen: bool = True

    def apply(self, run: "LiveRun") -> None:
        from nn_core.optim.freezing import frozen_names

        layout, before = run.timeline.state.layout, set(run.timeline.config.freeze)
        named = set(frozen_names(layout, (self.name,)))
        after = before | named if self.frozen else before - named
        run.set("freeze", frozen_names(layout, after))


class ToggleContest(Request):
    """Begin a contest with gradient descent at the run's start, or end the one that is on."""

    def apply(self, run: "LiveRun") -> None:
        run.toggle_contest()


class ShowHint(Request):
    """Show the gradient in a contest until the next move."""

    def apply(self, run: "LiveRun") -> None:
        if run.contest:
            run.contest.hint = True


# --- shape and data -----------------------------------------------------------------------------


@dataclass(frozen=True)
class AddUnit(Request):
    """Add a unit to a hidden layer, counted from 0."""

    layer: int

    def apply(self, run: "LiveRun") -> None:
        run.reshape("add_unit", f"A unit more in layer {self.layer + 1}", layer=self.layer)


@dataclass(frozen=True)
class RemoveUnit(Request):
    """Remove the last unit of a hidden layer, counted from 0."""

    layer: int

    def apply(self, run: "LiveRun") -> None:
        run.reshape("remove_unit", f"A unit less in layer {self.layer + 1}", layer=self.layer)


class PlaceUnit(Request):
    """Add a unit where it lowers the loss most."""

    def apply(self, run: "LiveRun") -> None:
        run.place_unit()


class AddLayer(Request):
    """Add a hidden layer before the output."""

    def apply(self, run: "LiveRun") -> None:
        run.reshape("add_layer", "A layer more, before the output")


class RemoveLayer(Request):
    """Remove the last hidden layer."""

    def apply(self, run: "LiveRun") -> None:
        run.reshape("remove_layer", "The last hidden layer is gone")


@dataclass(frozen=True)
class AddPoint(Request):
    """Add the data point that a person typed, as "1.5, 4"."""

    text: str

    def apply(self, run: "LiveRun") -> None:
        try:
            x, y = (float(part) for part in self.text.replace(";", ",").split(","))
        except ValueError:
            raise RequestError(f"a point is two numbers, as 1.5, 4; not {self.text!r}") from None
        run.reshape("add_point", "A point more", x=x, y=y)


@dataclass(frozen=True)
class RemovePoint(Request):
    """Delete a data point, counted from 0."""

    row: int

    def apply(self, run: "LiveRun") -> None:
        run.reshape("remove_point", f"Point {self.row + 1} is gone", row=self.row)
