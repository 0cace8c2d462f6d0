"""Scaling is offered at the start to tables that need it, leads to a fit, and to no others."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from claims.words import assert_true

from nn_core.config.experiments import EXPERIMENTS
from nn_core.explain.words import describe
from nn_core.live.edit_requests import Set
from nn_core.live.requests import Advance

Table = Callable[[Any], Any]
ROWS = 60
PRESS = ": press Z to scale them, or it "


def _two(low: float, high: float, reach: float, second: float = 1.0) -> Table:
    """Two inputs between these, the second so many times as large, and a target up to `reach`."""

    def make(draw: Any) -> Any:
        x = draw.uniform(low, high, (ROWS, 2))
        y = x @ [1, 0.5]
        return np.column_stack([x * [1, second], y / abs(y).max() * reach])

    return make


def _sizes_and_rooms(draw: Any) -> Any:
    size, rooms = draw.uniform(50, 250, ROWS), draw.integers(1, 7, ROWS)
    return np.column_stack([size, rooms, 3 * size + 20 * rooms + 30])


def _years(draw: Any) -> Any:
    year = np.arange(1960, 1960 + ROWS)
    return np.column_stack([year, year % 7, 3.1 * (year - 1950)])


def _with_a_constant(draw: Any) -> Any:
    x = draw.uniform(-1, 1, ROWS)
    return np.column_stack([x, np.full(ROWS, 700), 2 * x])


NEEDING = {
    "sizes and rooms": (_sizes_and_rooms, "Inputs reach 2"),
    "years": (_years, "Inputs reach 20"),
    "millions": (_two(1e5, 9e6, 2e6), "Inputs reach "),
    "together": (_two(1, 6, 49), "Inputs reach 5."),
    "tens": (_two(0, 9.5, 40), "Inputs reach 9."),
    "targets": (_two(0, 1, 60), "Targets reach "),
    "tiny": (_two(0, 1e-4, 3e-4), "Inputs reach only "),
    "one tiny": (_two(0, 3, 3, 0.01), "Some inputs reach only "),
    "tiny targets": (_two(0, 1, 0.1), "Targets reach only "),
}
NOT_NEEDING = {
    "scaled already": _two(-1.7, 1.7, 1.7), "small numbers": _two(0, 1, 5),
    "rooms": _two(1, 6, 20), "ten": _two(0, 10, 10), "constant": _with_a_constant,
}  # fmt: skip


@pytest.fixture
def begun(laboratory: Any, tmp_path: Any) -> Callable[[Table], Any]:
    """A run on a table of one's own, a fifth of it held back."""

    def begin(table: Table) -> Any:
        path = tmp_path / "mine.csv"
        rows = [",".join(f"{each:.8g}" for each in row) for row in table(np.random.default_rng(1))]
        path.write_text("\n".join(["a,b,y", *rows]))
        config = EXPERIMENTS["mlp"].config
        return laboratory(config, data=str(path), validation=0.2, epochs=300, pace=float("inf"))

    return begin


@pytest.mark.parametrize("name", NEEDING)
def test_where_it_is_needed_it_is_offered_and_leads_to_a_fit(name: str, begun: Any) -> None:
    table, said = NEEDING[name]
    with begun(table) as lab:
        offered = describe(lab.snapshot)[0]
        assert offered.startswith(said)
        assert PRESS in offered
        assert_true(lab.snapshot)
        lab.ask(Set("scale", "on"))
        assert not any(PRESS in line for line in describe(lab.snapshot))
        assert lab.run().loss < 0.1  # of targets with the deviation 1


@pytest.mark.parametrize("name", NOT_NEEDING)
def test_where_it_is_not_needed_it_is_not_offered_and_there_is_a_fit(name: str, begun: Any) -> None:
    with begun(NOT_NEEDING[name]) as lab:
        assert not any(PRESS in line for line in describe(lab.snapshot))
        y = lab.snapshot.scene.y
        assert lab.run().loss < 0.1 * np.var(y)


def test_a_raw_table_that_runs_away_is_scaled_first(begun: Any) -> None:
    """It said that − lowers the rate; no rate below makes a fit of such columns."""
    with begun(_sizes_and_rooms) as lab:
        lab.ask(Set("lr", "0.005"))
        lab.ask(Advance(3))
        assert "Z scales the columns and begins again." in describe(lab.snapshot)[-1]
        assert_true(lab.snapshot)


def test_a_raw_table_within_bounds_that_runs_away_at_the_usual_rate_is_scaled_first(
    begun: Any,
) -> None:
    with begun(_two(0, 10, 13)) as lab:
        lab.ask(Set("optimizer", "momentum"))
        lab.ask(Set("momentum", "0.99"))
        lab.ask(Advance(300))
        assert not any(PRESS in line for line in describe(lab.snapshot))
        said = " ".join(describe(lab.snapshot))
        assert said.endswith("Raw columns: type :scale on, enter; it scales them and begins again.")
        assert_true(lab.snapshot)
