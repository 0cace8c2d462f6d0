"""Insights: what a view shows of a run, worked out while that view is on the screen and not else.

Each view beside the fit has its file here, found by itself: its `VIEW` is the view's name, and its
`make_insight` a function from an `InsightContext` to an `Insight`, plain values that the view draws
and nothing else.
"""

import importlib
import pkgutil
from collections.abc import Callable

from nn_core.explain.insights.insight import Insight, InsightContext, ViewMemory

_MODULES = [
    importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
]
INSIGHTS: dict[str, Callable[[InsightContext], Insight]] = {
    module.VIEW: module.make_insight for module in _MODULES if hasattr(module, "VIEW")
}
"""View → what works out its insight."""

__all__ = ["INSIGHTS", "Insight", "InsightContext", "ViewMemory"]
