"""The link to the training thread: requests go in, and the newest snapshot comes out."""

import asyncio
import importlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nn_core.live.file_requests import SayOpened
from nn_core.live.requests import Dismiss, Look, Request
from nn_tui.importing import resume_collection
from nn_tui.options import LaunchOptions

if TYPE_CHECKING:  # NumPy takes longer to import than the first screen to paint
    from nn_core.explain.snapshot import Snapshot
    from nn_core.explain.view_request import ViewRequest
    from nn_core.live.runner import Runner
    from nn_core.run.timeline import Timeline
    from nn_core.storage.autosave import Autosave
    from nn_core.training.trainer import Trainer

# Imported one by one after the first paint, each without keeping the screen from its keys.
_NEEDED = (
    "nn_core.live.runner",
    "nn_tui.plot.chrome",
    "nn_tui.panels.plots",
    "nn_tui.panels.table",
    "nn_tui.panels.lines",
)


class Link:
    """Starts the training thread, hands requests to it, and takes its snapshots.

    `notify` is called in the screen's thread when there is a newer snapshot to `take`; once for
    several that come before it is taken.
    """

    def __init__(
        self,
        launch: LaunchOptions,
        build: "Callable[[], Trainer | Timeline] | None",
        autosave: "Autosave | None",
        notify: Callable[[], object],
    ) -> None:
        self.runner: Runner | None = None
        self._asked = 0  # the number of what was asked for last
        self._launch, self._build, self._autosave = launch, build, autosave
        self._notify = notify
        self._is_notified = False
        self._taken: Snapshot | None = None

    async def open(self) -> None:
        """Import what training needs, and start it."""
        for module in _NEEDED:
            await asyncio.to_thread(importlib.import_module, module)
        from nn_core.live.runner import Runner
        from nn_core.training.trainer import Trainer
        from nn_tui.app.opening import autosave_for

        config, loop = self._launch.config, asyncio.get_running_loop()
        build = self._build or (lambda: Trainer.begun(config))
        autosave = self._autosave or autosave_for(self._launch)
        wake = partial(loop.call_soon_threadsafe, self._wake)
        self.runner = Runner(build, wake, autosave, self._launch.limits)
        resume_collection()
        self.runner.start()
        if self._launch.session is not None and self._launch.limits.files == "all":
            self.ask(SayOpened(str(self._launch.session)))

    def _wake(self) -> None:
        if not self._is_notified:
            self._is_notified = True
            self._notify()

    def take(self) -> "Snapshot | None":
        """The newest snapshot, where there is one that wasn't taken yet.

        Raises what made the training thread fail; `RequestError` where its run can't be made.
        """
        self._is_notified = False
        if self.runner is None:
            return None
        if self.runner.failure is not None:
            raise self.runner.failure
        if self.runner.snapshot is self._taken:
            return None
        self._taken = self.runner.snapshot
        return self._taken

    @property
    def is_awaiting(self) -> bool:
        """Whether something was asked for that no snapshot which was taken shows yet."""
        answered = self._taken.activity.answered if self._taken is not None else 0
        return answered < self._asked

    def ask(self, request: Request) -> None:
        """Have a request carried out, once the thread runs."""
        if self.runner is not None:
            self._asked = self.runner.ask(request)

    def look(self, view: "ViewRequest") -> None:
        """Ask for a snapshot of what is on the screen; nothing comes of it that is waited for."""
        if self.runner is not None:
            self.runner.ask(Look(view))

    def dismiss(self, complaint: str) -> None:
        """Have a complaint that was read shown no longer; nothing that is waited for either."""
        if self.runner is not None:
            self.runner.ask(Dismiss(complaint))

    def close(self) -> None:
        """End the thread, which saves the run on its way out."""
        if self.runner is not None:
            self.runner.stop()

    def save(self, path: Path) -> None:
        """Save the run to a file, once the thread has ended."""
        if self.runner is not None:
            self.runner.save(path)
