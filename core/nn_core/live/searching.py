"""A search on copies of the run: rates, a map of two settings, the gradient, batches, steps."""

import time
from collections.abc import Generator

from nn_core.analysis.batch_cost import Measured
from nn_core.analysis.gradient_check import Checked
from nn_core.analysis.measures import ModelMeasures
from nn_core.analysis.rate_finder import Finding
from nn_core.analysis.setting_map import SettingMap
from nn_core.analysis.step_table import StepTable

PROGRESS_SECONDS = 0.1  # how often a search says how far it is

Found = Finding | Checked | SettingMap | ModelMeasures | StepTable
# Yields which part of its work is done, from 0 to 1, or what it has found so far; returns it all.
Search = Generator[Found | float, None, Found | Measured]


class SearchUnderWay:
    """The search that is on, if any, done a part at a time between two looks at the queue.

    `found` is what a finished search found or, of one that is on, which part of it is done, or
    what it has found so far.
    """

    def __init__(self) -> None:
        self.found: Found | float | None = None
        self._search: Search | None = None
        self._due = 0.0  # when the progress is said next

    @property
    def is_on(self) -> bool:
        """Whether there is work left."""
        return self._search is not None

    def begin(self, search: Search, at_first: Found | float | None = 0.0) -> None:
        """Begin a search in place of the one before; `at_first` is shown until it has news."""
        self._search, self.found = search, at_first
        self._due = time.monotonic() + PROGRESS_SECONDS

    def leave(self) -> None:
        """End the search, and forget what was found."""
        self._search = self.found = None

    def work(self) -> Measured | bool:
        """Do the next part of the work.

        Returns what was measured, where that is what it was about; else whether there is something
        new to show.
        """
        if self._search is None:
            return False
        try:
            self.found = next(self._search)
            if time.monotonic() < self._due:
                return False
        except StopIteration as end:
            self._search = None
            if isinstance(end.value, Measured):
                self.found = None
                return end.value
            self.found = end.value
        self._due = time.monotonic() + PROGRESS_SECONDS
        return True
