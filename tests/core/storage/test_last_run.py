"""Which run is the last one: the one that was left last, not the one that was changed last."""

import math

from timelines import of_config

from nn_core.storage.autosave import Autosave


def test_the_run_that_was_left_last_goes_on_though_another_was_saved_later(tmp_path):
    keepers = []
    for steps in (3, 5):
        timeline = of_config()
        timeline.advance(steps)
        keepers.append(Autosave(lambda: tmp_path))
        keepers[-1].touch(-math.inf)
        keepers[-1].save(timeline)
        keepers[-1]._wait()
    for keeper in reversed(keepers):
        keeper.close(None)
    assert Autosave(lambda: tmp_path).resume().step == 3
