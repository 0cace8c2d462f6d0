"""Steps are listed beside the run: what is recorded at once, the rest a little later."""

import pytest

from nn_core import Config
from nn_core.analysis.step_table import StepTable
from nn_core.live.edit_requests import Nudge
from nn_core.live.requests import Advance, Seek, StartRunning
from nn_core.live.search_requests import LeaveSearch, ListSteps

NETWORK = Config(model="mlp", hidden=(4,), loss="mse", batch_size=8, validation=0.2)


def listed(lab, first, count):
    """The table as it is at first, and as it is once all is worked out."""
    at_first = lab.ask(ListSteps(first, count)).search
    while not all(row.is_whole for row in lab.snapshot.search.rows):
        lab.next()
    return at_first, lab.snapshot.search


@pytest.mark.parametrize("config", [Config(), NETWORK])
def test_what_is_recorded_comes_at_once_and_the_run_stays_where_it_is(laboratory, config):
    with laboratory(config) as lab:
        lab.ask(Advance(30))
        lab.ask(Seek(12))
        before = lab.snapshot
        at_first, found = listed(lab, 8, 10)
        assert isinstance(at_first, StepTable)
        assert [row.step for row in at_first.rows] == [*range(8, 18)]
        assert None not in [row.loss for row in at_first.rows]
        assert [row.loss for row in found.rows] == [row.loss for row in at_first.rows]
        [here] = [row for row in found.rows if row.step == 12]
        assert here.all_rows == lab.snapshot.loss
        assert here.validation == (before.validation and before.validation.loss)
        assert (lab.snapshot.step, lab.snapshot.tip) == (12, 30)
        assert lab.snapshot.rows == before.rows
        assert lab.ask(LeaveSearch()).search is None


def test_rows_that_are_known_are_not_worked_out_again_until_the_run_is_another(laboratory):
    with laboratory() as lab:
        lab.ask(Advance(30))
        _, found = listed(lab, 5, 10)
        at_first, _ = listed(lab, 8, 10)
        assert [row.is_whole for row in at_first.rows] == [True] * 7 + [False] * 3
        assert at_first.rows[0] is found.rows[3]
        lab.ask(Nudge(0, 0.5))
        at_first, _ = listed(lab, 8, 10)
        assert not any(row.is_whole for row in at_first.rows)


def test_a_run_that_is_running_runs_on_once_they_are_listed(laboratory):
    with laboratory(pace=1000.0) as lab:
        lab.ask(Advance(30))
        lab.ask(StartRunning())
        _, found = listed(lab, 0, 20)
        assert [row.step for row in found.rows] == [*range(20)]
        while lab.snapshot.running:
            lab.next()
        assert lab.snapshot.epoch == 100
