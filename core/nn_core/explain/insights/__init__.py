"""Insights: what a view shows of a run, worked out while that view is on the screen and not else.

Each view beside the fit has its file here and an entry in `INSIGHTS`: a function from an
`InsightContext` to an `Insight`, plain values that the view draws and nothing else.
"""

from collections.abc import Callable

from nn_core.explain.insights import health, layer, relus, slope, step
from nn_core.explain.insights.insight import Insight, InsightContext, ViewMemory

INSIGHTS: dict[str, Callable[[InsightContext], Insight]] = {
    "step": step.make_insight,
    "layer": layer.make_insight,
    "slope": slope.make_insight,
    "ReLUs": relus.make_insight,
    "health": health.make_insight,
}
"""View → what works out its insight."""

__all__ = ["INSIGHTS", "Insight", "InsightContext", "ViewMemory"]
