"""Insights: what a view shows of a run, worked out while that view is on the screen and not else.

Each view beside the fit has its file here and an entry in `INSIGHTS`: a function from a `Moment` to
an `Insight`, plain values that the view draws and nothing else.
"""

from collections.abc import Callable

from nn_core.explain.insights import health, layer, relus, slope, step
from nn_core.explain.insights.moment import Insight, Moment

INSIGHTS: dict[str, Callable[[Moment], Insight]] = {
    "step": step.look,
    "layer": layer.look,
    "slope": slope.look,
    "ReLUs": relus.look,
    "health": health.look,
}
"""View → what works out its insight."""

__all__ = ["INSIGHTS", "Insight", "Moment"]
