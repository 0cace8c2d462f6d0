"""The App: starts the training thread, pulls its snapshots, turns keys into requests."""

import asyncio
import importlib
import math
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import SystemCommand
from textual.binding import BindingType
from textual.screen import Screen

from nn_core.config import settings
from nn_core.config.experiments import EXPERIMENTS
from nn_core.errors import RequestError
from nn_core.live.allowed import is_allowed
from nn_core.live.file_requests import Save
from nn_core.live.requests import (
    AddUnit,
    Complain,
    Nudge,
    RemovePoint,
    RemoveUnit,
    Restart,
    Seek,
    ToggleFrozen,
)
from nn_tui.app.choosing import Selection
from nn_tui.app.dialogs import Dialogs
from nn_tui.keys import KEYS, key
from nn_tui.keys.availability import why_unavailable
from nn_tui.keys.commands import COMMANDS
from nn_tui.options import LaunchOptions

if TYPE_CHECKING:  # NumPy takes longer to import than the first screen to paint
    from nn_core.explain.scene import Scene
    from nn_core.explain.snapshot import Snapshot
    from nn_core.run.timeline import Timeline
    from nn_core.storage.autosave import Autosave
    from nn_core.training.trainer import Trainer

NUDGE = 0.1


class Laboratory(Dialogs):
    """The screen on which a run is watched and steered."""

    TITLE = "nn-tui"
    BINDINGS: ClassVar[list[BindingType]] = [found.binding for found in KEYS]
    CSS_PATH = Path(__file__).with_name("app.tcss")  # of a subclass elsewhere too
    COMMAND_PALETTE_BINDING = "ctrl+underscore"  # ours is among the keys

    def __init__(
        self,
        launch: LaunchOptions,
        build: "Callable[[], Trainer | Timeline] | None" = None,
        autosave: "Autosave | None" = None,
    ) -> None:
        super().__init__(launch)
        self._build, self._autosave = build, autosave
        self.refused: RequestError | None = None
        self._woken = False

    def on_mount(self) -> None:
        """Paint first; only then import what training needs, and start it."""
        self._arrange(self.size)
        self.screen.screen_layout_refresh_signal.subscribe(self, self._laid_out)
        self._show_frame()
        self._ticks = self.set_interval(1 / self.launch.frames_per_second, self._tick, pause=True)
        self.call_after_refresh(self.run_worker, self._begin(), exit_on_error=True)

    async def _begin(self) -> None:
        for module in (
            "nn_core.live.runner",
            "nn_tui.plot.chrome",
            "nn_tui.panels.plots",
            "nn_tui.panels.table",
            "nn_tui.panels.lines",
        ):
            await asyncio.to_thread(importlib.import_module, module)
        from nn_core.live.runner import Runner
        from nn_core.training.trainer import Trainer
        from nn_tui.app.opening import autosave_for

        loop = asyncio.get_running_loop()
        config = self.launch.config
        build = self._build or (lambda: Trainer.from_config(config))
        autosave = self._autosave or autosave_for(self.launch)
        wake = partial(loop.call_soon_threadsafe, self._wake)
        self._runner = Runner(build, wake, autosave, self.launch.limits)
        self._runner.start()
        self._look()

    def on_unmount(self) -> None:
        """End the training thread with the screen."""
        self._end_training()

    def before_end(self) -> None:
        """See that the run is saved."""
        self._end_training()

    def _end_training(self) -> None:
        """End the training thread, which saves the run on its way out."""
        if self._runner is not None:
            self._runner.stop()

    # --- snapshots ----------------------------------------------------------------------------

    def _wake(self) -> None:
        """Take note that there is a newer snapshot; several before the next draw are one."""
        if not self._woken:
            self._woken = True
            self.call_next(self._pull)

    def _pull(self) -> None:
        self._woken = False
        runner = self._runner
        if runner is None or not self.is_running:  # a snapshot may come while the app is closing
            return
        if isinstance(runner.failure, RequestError):
            self.refused = runner.failure
            self.exit(return_code=2)
            return
        if runner.failure is not None:
            raise runner.failure
        snapshot = runner.snapshot
        if snapshot is None or snapshot is self.snapshot:
            return
        self.snapshot, before = snapshot, self.snapshot
        self._awaiting = False
        first_one = before is None or before.scene is not snapshot.scene
        if first_one:
            if before is None or _listed_by(before.scene) != _listed_by(snapshot.scene):
                self._elsewhere = Selection()
                self._select(self._elsewhere)
            self._point = min(self._point, snapshot.scene.rows - 1)
        self._choose_what_was_placed(snapshot, before)
        if self._is_listed(snapshot):
            self._chosen = min(self._chosen, snapshot.row_count - 1)
            last = max(0, snapshot.row_count - self._visible_rows())
            if self._first > last:  # chosen where fewer rows were in sight
                self._first = last
                self._look()
        if first_one or (before and before.row_count != snapshot.row_count):
            self._arrange(self.size)
            self.call_after_refresh(self._look)
        if self.screen is not self.screen_stack[0] and hasattr(self.screen, "show_snapshot"):
            self.screen.show_snapshot(snapshot)
        if snapshot.running != (before is not None and before.running):
            (self._ticks.resume if snapshot.running else self._ticks.pause)()
            self._words_changed = -math.inf  # what was said before it ran is over
        if not self._follow_into_the_step(snapshot, before):
            self._draw(snapshot)

    def _tick(self) -> None:
        if not self.is_behind:
            self._look()

    # --- keys ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """None, which dims the key, where an action doesn't apply just now."""
        if action == "ask" and self._awaiting:
            return True  # what is shown may be behind what was typed: the thread will know
        if action in ("next_view", "previous_view") and self.screen is not self.screen_stack[0]:
            return False  # the key is the palette's, or the prompt's
        name = str(parameters[0]) if action == "ask" else action
        if name not in _NAMES:
            return True
        shown = self.snapshot
        if shown is None:
            return True if name in ("quit", "leave", "help") else None
        return None if name in self._why_unavailable(shown) else True

    def _why_unavailable(self, shown: "Snapshot") -> dict[str, str]:
        listed = shown.scene.kind == "mlp" or self._lists_units()  # layers, or units
        opened = self._opened is not None
        return why_unavailable(shown, self._view.name, opened, listed and not opened)

    async def run_action(self, action: Any, *where: Any, **names: Any) -> bool:
        """Do what a key stands for; where it doesn't apply, have it said why not."""
        done = await super().run_action(action, *where, **names)
        if not done and self.snapshot is not None and self.screen is self.screen_stack[0]:
            name = next((found.name for found in KEYS if found.action == action), "")
            why = self._why_unavailable(self.snapshot).get(name)
            if why:
                self._ask(Complain(why))
        return done

    def action_ask(self, name: str) -> None:
        """Ask the training thread for what a key stands for."""
        request = key(name).request
        if request is not None:
            self._ask(request)

    def action_lower(self) -> None:
        """Lower the chosen parameter."""
        self._nudge(-NUDGE)

    def action_raise(self) -> None:
        """Raise the chosen parameter."""
        self._nudge(NUDGE)

    def _nudge(self, amount: float) -> None:
        from nn_core.explain.rows import NumberRow

        row = self._chosen_row()
        if isinstance(row, NumberRow):
            self._ask(Nudge(row.index, amount))

    def action_enter(self) -> None:
        """Open the chosen layer, or type a value for the chosen parameter."""
        from nn_core.explain.rows import NumberRow

        row = self._chosen_row()
        if isinstance(row, NumberRow):
            self._type_parameter(row)
        elif self._opened is None and (row is not None or self._lists_units()):
            name = row.label if row is not None else f"unit {self._chosen}"  # not listed yet
            self._select(Selection(opened=name, opened_at=self._chosen))
            self._look()

    def action_add_unit(self) -> None:
        """Add a unit to the chosen layer."""
        self._ask(AddUnit(self._chosen_layer()))

    def action_remove_unit(self) -> None:
        """Remove the last unit of the chosen layer."""
        self._ask(RemoveUnit(self._chosen_layer()))

    def action_remove_point(self) -> None:
        """Delete the chosen data point."""
        if self.snapshot is not None:
            self._ask(RemovePoint(self.snapshot.point.index))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette lists: keys, settings, experiments."""
        from nn_core.explain.rows import UnitRow

        limits = self.launch.limits

        for found in KEYS:
            parameters = (found.name,)
            if found.name == "palette" or (found.name == "save" and not is_allowed(Save, limits)):
                continue
            if self.check_action("ask", parameters):
                # Found by what it does and by the word that the key lines have for it.
                known = found.brief.lower() in found.about.lower()
                title = found.about if known else f"{found.about} ({found.brief})"
                yield SystemCommand(title, f"key {found.shown}", partial(self._act, found.action))
        for each in settings():
            if each.name != "experiment" and limits.allows_setting(each.name):
                yield SystemCommand(
                    f"Set {each.title}", each.about, partial(self._type_setting, each)
                )
        row = self._chosen_row()
        if row is not None and not isinstance(row, UnitRow):
            yield SystemCommand(
                "Freeze the chosen parameter, or free it",
                "frozen, it gets no update",
                self._turn_frozen,
            )
        yield SystemCommand(
            "Find a learning rate", "tries rates on copies of the run", self.action_find_rate
        )
        for command in COMMANDS:
            if is_allowed(command.kind, limits):
                yield SystemCommand(command.title, command.about, partial(self._command, command))
        for name, experiment in EXPERIMENTS.items():
            yield SystemCommand(
                f"Open {name}", experiment.about, partial(self._ask, Restart(experiment.config))
            )

    def _turn_frozen(self) -> None:
        row = self._chosen_row()
        if row is not None:
            self._ask(ToggleFrozen(row.label.partition("[")[0]))

    async def _act(self, action: str) -> None:
        await self.run_action(action)

    def action_out(self) -> None:
        """Leave the step for where it began, or close the opened layer."""
        shown = self.snapshot
        if shown is not None and shown.phase:
            self._ask(Seek(shown.step))
        elif self._opened is not None and shown is not None:
            self._chosen, self._opened = self._opened_at, None
            self._first = max(0, self._chosen - self._visible_rows() + 1)
            self._look()

    def action_leave(self) -> None:
        """Quit."""
        self.exit(0)

    async def action_quit(self) -> None:
        """Quit."""
        self.exit(0)

    def save(self, path: Path) -> None:
        """Save the run to a file, once the app has ended."""
        if self._runner is not None:
            self._runner.save(path)


_NAMES = {found.name for found in KEYS}


def _listed_by(scene: "Scene") -> tuple[str, ...]:
    """What the lists of parameters and units go by."""
    return (scene.kind, *scene.layers)
