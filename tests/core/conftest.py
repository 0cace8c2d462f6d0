"""What the tests of the core share."""

from queue import SimpleQueue

import pytest

from nn_core import Config, Runner, Trainer
from nn_core.config.limits import NO_LIMITS
from nn_core.live.requests import StartRunning

PATIENCE = 30.0  # seconds after which a test gives up, far beyond what anything takes


class Laboratory:
    """A runner in its thread, of which every new snapshot is waited for, none missed.

    Use it as a context: the thread ends with it.
    """

    def __init__(self, config=None, limits=NO_LIMITS, **settings):
        config = (config or Config()).replace(**settings)
        self._snapshots = SimpleQueue()
        self.runner = Runner(
            lambda: Trainer.from_config(config),
            lambda: self._snapshots.put(self.runner.snapshot),
            limits=limits,
        )

    def __enter__(self):
        self.runner.start()
        self.snapshot = self.next()
        return self

    def __exit__(self, *error):
        self.runner.stop()

    def next(self):
        """The next snapshot that the runner makes."""
        self.snapshot = self._snapshots.get(timeout=PATIENCE)
        if self.runner.failure:
            raise self.runner.failure
        return self.snapshot

    def ask(self, request):
        """Ask for something while the run is paused; the snapshot after it."""
        self.runner.ask(request)
        return self.next()

    def run(self):
        """Let it run until it stops by itself; the last snapshot."""
        self.ask(StartRunning())
        while self.snapshot.running:
            self.next()
        return self.snapshot


@pytest.fixture(scope="session")
def laboratory():
    """The class itself; a test opens one by `with`, on a Config or with changes to it."""
    return Laboratory
