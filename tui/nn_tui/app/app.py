"""The App: its parts, what is chosen on it, and what happens when a snapshot or a key comes."""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Key as Pressed
from textual.events import Resize
from textual.screen import Screen

from nn_core.errors import RequestError
from nn_tui.app import lessons
from nn_tui.app.actions import ACTIONS, say_unbound, say_why_not, why_not
from nn_tui.app.appearance import Appearance
from nn_tui.app.frames import Frames
from nn_tui.app.link import Link
from nn_tui.app.main_screen import MainScreen
from nn_tui.keys import KEYS, Key, key
from nn_tui.keys.in_force import doubled_letters, put_in_force
from nn_tui.options import LaunchOptions
from nn_tui.selection import Selection
from nn_tui.terminal.typing_ahead import TypingAheadApp
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows
from nn_tui.views import view

if TYPE_CHECKING:  # NumPy takes longer to import than the first screen to paint
    from textual.events import Click, MouseDown, MouseMove, MouseScrollDown, MouseScrollUp

    from nn_core.explain.snapshot import Snapshot
    from nn_core.run.timeline import Timeline
    from nn_core.storage.autosave import Autosave
    from nn_core.training.trainer import Trainer
    from nn_tui.app.dialogs import Dialogs
    from nn_tui.app.lesson_mode import LessonMode
    from nn_tui.app.mouse import Mouse
    from nn_tui.dialogs.palette import Entry

# The keys that do something before the first snapshot.
_BEFORE_A_RUN = ("quit", "leave", "help")


class Laboratory(TypingAheadApp[int]):
    """The screen on which a run is watched and steered.

    `snapshot` is the one on show, `selection` what is chosen; keys change the selection, or go as
    requests over the `link` to the training thread.
    """

    TITLE = "nn-tui"
    BINDINGS: ClassVar[list[BindingType]] = [
        # A number that a lesson asks for begins with these, before they are other keys.
        *((digit, f"digit('{digit}')", "") for digit in "0123456789"),
        ("minus", "digit('-')", ""),
        ("full_stop", "digit('.')", ""),
        *(found.binding for found in KEYS),
    ]
    CSS_PATH = Path(__file__).with_name("app.tcss")  # of a subclass elsewhere too
    ENABLE_COMMAND_PALETTE = False  # ours is among the keys
    ALLOW_SELECT = False  # with shift the terminal selects text; a drag moves a slider
    selection: Selection
    main: MainScreen

    def __init__(
        self,
        launch: LaunchOptions,
        build: "Callable[[], Trainer | Timeline] | None" = None,
        autosave: "Autosave | None" = None,
    ) -> None:
        super().__init__(ansi_color=True)
        self.launch = launch
        put_in_force(launch.keys)
        self.set_keymap(launch.keys)
        self.doubled = frozenset(doubled_letters(launch.keys))
        self.snapshot: Snapshot | None = None
        self.selection = Selection()
        self.refused: RequestError | None = None  # why the run can't be made
        self.lesson: LessonMode | None = None  # the one that is open
        self._frames = Frames(launch.frames_per_second)
        self._has_begun = False
        self.link = Link(launch, build, autosave, lambda: self.call_next(self._pull))
        self.appearance = Appearance(launch.theme, launch.markers, os.environ)
        self.main = MainScreen(self.appearance, launch.config.model, self._is_lit)

    def compose(self) -> ComposeResult:
        """The main screen."""
        return self.main.compose()

    def on_mount(self) -> None:
        """Paint first; only then import what training needs, and start it."""
        self._arrange()
        self.screen.screen_layout_refresh_signal.subscribe(self, self._laid_out)
        self.main.show_frame(self.selection)
        self.call_after_refresh(self.run_worker, self._begin(), exit_on_error=True)

    async def _begin(self) -> None:
        await self.link.open()
        self.look()
        await lessons.begin(self)
        self._has_begun = True
        if self.launch.mistakes:  # in a person's preferences
            self.main.words.offer = self.launch.mistakes[0]
            if self.snapshot is not None:
                self.show(self.snapshot)

    def on_unmount(self) -> None:
        """End the training thread with the screen."""
        self.link.close()

    def before_end(self) -> None:
        """See that the run is saved."""
        self.link.close()

    # --- the screen ---------------------------------------------------------------------------

    def on_resize(self, event: Resize) -> None:
        """Give each part its room in the new size."""
        self.main.arrange(event.size, self.snapshot, self.selection)

    def _arrange(self) -> None:
        self.main.arrange(self.size, self.snapshot, self.selection)

    def _laid_out(self, screen: Screen[Any]) -> None:
        """Draw into the parts of the screen once they have their new sizes."""
        if self.snapshot is not None and self.is_running:
            self.show(self.snapshot)
            self.look()

    def show(self, snapshot: "Snapshot") -> None:
        """Show a snapshot on the main screen, without what a question asks for."""
        shown = snapshot if self.lesson is None else self.lesson.veiled(snapshot)
        self.main.show(shown, self.selection)

    @property
    def visible_rows(self) -> int:
        """How many rows of the list are in sight."""
        return self.main.visible_rows(self.size, self.selection)

    # --- what is chosen -----------------------------------------------------------------------

    def choose(self, selection: Selection) -> None:
        """Go on with another selection in the same view."""
        self.selection = selection
        self.look()

    def put_drawn(self, inputs: tuple[float, ...]) -> None:
        """Go on with this picture as the one that is drawn."""
        self.choose(replace(self.selection, drawn=inputs))

    def turn_to(self, selection: Selection) -> None:
        """Go on with another selection in another view, which needs its room first."""
        self.selection = selection
        self._arrange()
        self.call_after_refresh(self.look)

    def look(self) -> None:
        """Ask for a snapshot of what is on the screen now, the chosen row in sight."""
        if self.link.runner is None or not self.is_running:
            return
        self.selection = self.selection.scrolled(self.visible_rows)
        self.link.look(self.main.view_request(self.size, self.selection))

    # --- snapshots ----------------------------------------------------------------------------

    def _pull(self) -> None:
        """Take the newest snapshot, see what of the selection there still is, and show it."""
        if not self.is_running:  # a snapshot may come while the app is closing
            return
        try:
            snapshot, before = self.link.take(), self.snapshot
        except RequestError as error:
            self.refused = error
            self.exit(return_code=2)
            return
        if snapshot is None:
            return
        self.snapshot = snapshot
        was = self.selection
        self.selection = was.fitting(snapshot, before, self.visible_rows)
        if self.selection.cursor.first != was.cursor.first:
            self.look()
        if (
            before is None
            or self.selection.view is not was.view
            or before.scene is not snapshot.scene
            or before.row_count != snapshot.row_count
        ):
            self._arrange()
            self.call_after_refresh(self.look)
        if self.screen is not self.screen_stack[0] and hasattr(self.screen, "show_snapshot"):
            self.screen.show_snapshot(snapshot)
        if snapshot.running != (before is not None and before.running):
            self._frames.ask(self)
        following = self.selection.following(snapshot, before)
        if following is not self.selection:
            self.turn_to(following)
        else:
            self.show(snapshot)
        if self.lesson is not None:
            self.lesson.see(snapshot)
        elif before is not None and snapshot.outcome is not before.outcome:
            lessons.reopen(self, snapshot.outcome)

    # --- keys ---------------------------------------------------------------------------------

    @property
    def is_beginning(self) -> bool:
        """Whether the run isn't there yet, or the lesson that the program was started with."""
        return self.snapshot is None or not self._has_begun

    @property
    def is_preparing(self) -> bool:
        """Whether a lesson's task is on its way to the screen."""
        return self.lesson is not None and self.is_uncovered and self.lesson.is_preparing

    def applies(self, name: str) -> bool:
        """Whether the key of this name does something just now."""
        if self.snapshot is None:
            return name in _BEFORE_A_RUN
        if self.lesson is not None and (self.lesson.takes(name) or self.lesson.hides(name)):
            return self.lesson.takes(name)
        return why_not(self, key(name), self.snapshot) is None

    def _is_taken(self, found: Key) -> bool:
        """Whether the key belongs to what lies over the main screen: the palette, or a prompt."""
        return found.is_for_views and self.screen is not self.screen_stack[0]

    def _is_lit(self, name: str) -> bool:
        """Whether the key lines show the key of this name as one that does something here."""
        acts = self.is_uncovered or name in getattr(self.screen, "main_keys", ())
        return self.applies(name) and acts

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """None, which dims the key, where it doesn't apply just now."""
        if action == "digit":
            lesson = self.lesson if self.is_uncovered else None
            return lesson is not None and lesson.takes_digit(str(parameters[0]))
        if action != "press":
            return True
        found = key(str(parameters[0]))
        if self._is_taken(found):
            return False
        if found.request is not None and self.link.is_awaiting:
            return True  # what is shown may be behind what was typed: the thread will know
        return True if self.applies(found.name) else None

    async def run_action(self, action: Any, *where: Any, **names: Any) -> bool:
        """Do what a key stands for; where it doesn't apply, have it said why not."""
        self.put_complaint_aside()
        done = await super().run_action(action, *where, **names)
        if not done:
            say_why_not(self, action)
        return done

    def leave_undone(self, event: Pressed) -> None:
        """Have it said of a key that stands for nothing here."""
        say_unbound(self, event)

    def put_complaint_aside(self) -> None:
        """Show the complaint that is on the screen no longer: the person goes on."""
        if self.snapshot is not None and self.snapshot.complaint:
            self.link.dismiss(self.snapshot.complaint)

    @property
    def is_uncovered(self) -> bool:
        """Whether nothing lies over the main screen, and it is still there."""
        return len(self.screen_stack) == 1

    def action_digit(self, digit: str) -> None:
        """Answer what a lesson asks."""
        if self.lesson is not None:
            self.lesson.press_digit(digit)

    def action_press(self, name: str) -> None:
        """Do what the key of this name stands for, in a lesson or outside."""
        if self.lesson is not None and self.lesson.takes(name):
            self.lesson.press(name)
        elif self.lesson is None or not self.lesson.hides(name):
            self.press(key(name))

    def press(self, found: Key) -> None:
        """Do what a key stands for outside of a lesson."""
        if found.request is not None:
            self.link.ask(found.request)
        elif found.view:
            self.turn_to(self.selection.staying_with(view(found.view)))
        else:
            ACTIONS[found.name](self)

    # --- dialogs ------------------------------------------------------------------------------

    @cached_property
    def dialogs(self) -> "Dialogs":
        """What can be opened over the main screen, imported when the first of it is."""
        from nn_tui.app.dialogs import Dialogs

        return Dialogs(
            self,
            self.appearance,
            self.launch.limits,
            self.link.ask,
            lambda: self.snapshot,
            lambda: self.main.has_lesson,
        )

    def entries(self) -> "list[Entry]":
        """What the palette lists."""
        from nn_tui.app.palette_entries import entries

        return entries(self)

    def typed_entries(self, text: str) -> "list[Entry]":
        """What the palette makes of a text that says all by itself, as "lr 0.5"."""
        from nn_tui.app.palette_entries import typed_entries

        return typed_entries(self, text)

    # --- the mouse ----------------------------------------------------------------------------

    @cached_property
    def mouse(self) -> "Mouse":
        """What the mouse does, imported with its first event."""
        from nn_tui.app.mouse import Mouse

        return Mouse(self)

    async def on_click(self, event: "Click") -> None:
        """Do what was clicked on the main screen; dialogs take their own."""
        await self.mouse.click(event)

    def on_mouse_down(self, event: "MouseDown") -> None:
        """Take hold of a slider."""
        self.mouse.press(event)

    def on_mouse_move(self, event: "MouseMove") -> None:
        """Drag it."""
        self.mouse.drag(event)

    def on_mouse_up(self) -> None:
        """Let go of it."""
        self.mouse.release()

    def on_mouse_scroll_up(self, event: "MouseScrollUp") -> None:
        """Go up in the list."""
        self.mouse.wheel(event, -1)

    def on_mouse_scroll_down(self, event: "MouseScrollDown") -> None:
        """Go down in the list."""
        self.mouse.wheel(event, 1)

    # --- lessons ------------------------------------------------------------------------------

    def list_lessons(self) -> None:
        """Show the list of lessons."""
        lessons.show_list(self)

    def turn_predicting(self) -> None:
        """Ask before each step, or no longer."""
        lessons.turn_predicting(self)

    def begin_lesson(self, mode: "LessonMode", stays: bool = False) -> None:
        """Open a lesson in place of the words; with `stays` the run goes on as it is."""
        self.lesson = mode
        self._show_lesson(mode.key_line)
        self.run_worker(mode.open(stays), exit_on_error=True)

    def end_lesson(self) -> None:
        """Close the lesson that is open; the run stays."""
        self.lesson = None
        self._show_lesson(None)

    def _show_lesson(self, key_line: "Callable[[], Line] | None") -> None:
        self.main.has_lesson, self.main.keys.lesson_keys = key_line is not None, key_line
        self._arrange()
        self.call_after_refresh(self.look)
        if self.snapshot is not None:
            self.show(self.snapshot)

    async def action_quit(self) -> None:
        """Quit, by a key of Textual's own."""
        self.exit(0)

    def wear(self, theme: str) -> None:
        """Go on in the colours for a dark or for a light background."""
        self.appearance.wear(theme)
        for part in self.screen_stack[0].query(Rows):
            part.notify_style_update()
            part.refresh()

    def save(self, path: Path) -> None:
        """Save the run to a file, once the app has ended."""
        self.link.save(path)
