"""The keys: each is described once, here; the key lines, the help and the palette read this."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding

from nn_core.config.key_names import with_keys
from nn_core.live.edit_requests import (
    AddLayer,
    PlaceUnit,
    RemoveLayer,
    ShowHint,
    ToggleContest,
    Turn,
)
from nn_core.live.file_requests import ResumeOffered
from nn_core.live.requests import (
    Advance,
    Back,
    BackSteps,
    KeepCurve,
    NextEpoch,
    NextPhase,
    Request,
    Restart,
    RunOrPause,
)
from nn_tui.keys import conditions as when
from nn_tui.selection import Selection
from nn_tui.views import VIEWS

if TYPE_CHECKING:
    from nn_core.explain.snapshot import Snapshot


@dataclass(frozen=True)
class Key:
    """One thing that can be done by key.

    `keys` are Textual's names for it, `shown` is how it is printed; `brief` is its word in the key
    lines, `about` a sentence for the help and the palette.  `request` is what is asked of the
    training thread, `view` the view that it shows; without either, `ACTIONS` of the app has what it
    does.  It applies only where all the conditions in `only` hold.  `changes` says what of the run
    is another after it.
    """

    name: str
    keys: str
    shown: str
    brief: str
    about: str
    group: str
    request: Request | None = None
    view: str = ""
    only: tuple[when.Condition, ...] = ()
    changes: str = ""

    @property
    def action(self) -> str:
        """The action as Textual calls it."""
        return f"press('{self.name}')"

    @property
    def is_for_views(self) -> bool:
        """Whether it turns the views over, which no dialog leaves to it."""
        return self.name in ("next_view", "previous_view")

    def why_unavailable(self, shown: "Snapshot", chosen: Selection) -> str | None:
        """Why it doesn't apply just now, "" where that goes unsaid; None where it does."""
        missing = (with_keys(each.why_not) for each in self.only if not each.holds(shown, chosen))
        return next(missing, None)

    @property
    def binding(self) -> Binding:
        """The same as Textual has it."""
        return Binding(
            self.keys, self.action, self.brief, show=False, key_display=self.shown,
            id=self.name, tooltip=self.about, priority=self.name in _BEFORE_OTHERS,
        )  # fmt: skip


# Keys that also work while a dialog is open, or that Textual would otherwise use for its focus.
_BEFORE_OTHERS = ("leave", "next_view", "previous_view")


KEYS = (
    Key("step", "s", "s", "step", "Take one step; inside a step, finish it",
        "time", Advance(1), only=(when.NO_CONTEST,)),
    Key("into", "i", "i", "into", "Go into the step: carry out its next phase",
        "time", NextPhase(), only=(when.NO_CONTEST,)),
    Key("step_back", "b", "b", "back", "Go back: a phase when inside a step, else a step",
        "time", Back(), only=(when.NOT_AT_START,)),
    Key("step_ten", "S", "S", "ten steps", "Take ten steps", "time", Advance(10),
        only=(when.NO_CONTEST,)),
    Key("back_ten", "B", "B", "ten back", "Go ten steps back", "time", BackSteps(10),
        only=(when.NOT_AT_START,)),
    Key("jump", "j", "j", "to a step", "Go to a step of this run, by its number", "time",
        only=(when.NO_CONTEST,)),
    Key("steps", "J", "J", "table of steps",
        "Table of steps: the loss at each, its rate and parameters; go to any of them", "time",
        only=(when.NO_CONTEST,)),
    Key("run_or_pause", "space", "space", "run", "Run to the epoch target, or pause",
        "time", RunOrPause(), only=(when.NO_CONTEST,)),
    Key("next_epoch", "n", "n", "epoch", "Train to the end of this epoch",
        "time", NextEpoch(), only=(when.IN_BATCHES,)),
    Key("slower", "less_than_sign", "<", "slower", "Run at a slower pace",
        "time", Turn("pace", -1)),
    Key("faster", "greater_than_sign", ">", "faster", "Run at a faster pace, up to max",
        "time", Turn("pace", 1)),
    Key("restart", "r", "r", "restart", "Restart from the same start; the old curve stays, pale",
        "time", Restart()),
    Key("up", "up", "↑", "choose", "Choose the parameter or layer above", "values"),
    Key("down", "down", "↓", "choose", "Choose the parameter or layer below", "values"),
    Key("row_up", "pageup", "pgup", "row", "In an opened matrix, the row above: the unit before",
        "values", only=(when.MATRIX_OPENED,)),
    Key("row_down", "pagedown", "pgdn", "row", "In an opened matrix, the row below: the next unit",
        "values", only=(when.MATRIX_OPENED,)),
    Key("first", "home", "home", "first", "Choose the first parameter or layer", "values"),
    Key("last", "end", "end", "last", "Choose the last parameter or layer", "values"),
    Key("lower", "left", "←", "nudge", "Lower the chosen parameter by 0.1", "values",
        only=(when.NO_UNIT, when.SINGLE_NUMBER)),
    Key("raise", "right", "→", "nudge", "Raise the chosen parameter by 0.1", "values",
        only=(when.NO_UNIT, when.SINGLE_NUMBER)),
    Key("enter", "enter", "enter", "type it",
        "Type the value of what is chosen, the step’s number too; open a layer", "values"),
    Key("previous_point", "comma", ",", "point", "Choose the data point before", "values"),
    Key("next_point", "full_stop", ".", "point", "Choose the next data point", "values"),
    Key("next_mistake", "m", "m", "next mistake",
        "Go to the next mistake: the worst first; of numbers to the next largest error",
        "values", only=(when.SOMETHING_WRONG,)),
    Key("rate_up", "plus,equals_sign", "+", "rate", "Raise the learning rate: 1, 2, 5, 10, …",
        "values", Turn("learning_rate", 1)),
    Key("rate_down", "minus", "−", "rate", "Lower the learning rate",
        "values", Turn("learning_rate", -1)),
    Key("epochs", "e", "e", "epochs", "Set how many epochs to train", "values"),
    Key("more_epochs", "right_square_bracket", "]", "more epochs", "Train for more epochs",
        "values", Turn("epochs", 1)),
    Key("fewer_epochs", "left_square_bracket", "[", "fewer epochs", "Train for fewer epochs",
        "values", Turn("epochs", -1)),
    Key("zeroing", "z", "z", "zeroing",
        "Stop or resume zeroing the gradients, from the next step",
        "values", Turn("zero_gradients", 1)),
    Key("contest", "g", "g", "contest",
        "Beat gradient descent by hand, a move for a step; again: enough", "values",
        ToggleContest(), only=(when.NO_NETWORK,)),
    Key("hint", "h", "h", "hint", "See the gradient in a contest, until the next move", "values",
        ShowHint(), only=(when.IN_CONTEST,)),
    Key("add_unit", "u", "u", "unit more", "Add a unit to the chosen layer", "shape",
        only=(when.NETWORK,), changes="changes the model"),
    Key("remove_unit", "U", "U", "unit less", "Remove the last unit of the chosen layer", "shape",
        only=(when.NETWORK,), changes="changes the model"),
    Key("place_unit", "A", "A", "add a unit", "Add a unit where the fit is worst",
        "shape", PlaceUnit(), only=(when.NO_SUM_OF_LINES, when.NO_QUADRATIC, when.ONE_CURVE),
        changes="changes the model"),
    Key("add_layer", "l", "l", "layer more", "Add a hidden layer before the output",
        "shape", AddLayer(), only=(when.NETWORK,), changes="changes the model"),
    Key("remove_layer", "L", "L", "layer less", "Remove the last hidden layer",
        "shape", RemoveLayer(), only=(when.NETWORK, when.SEVERAL_LAYERS),
        changes="changes the model"),
    Key("switch_unit", "X", "X", "off, on", "Switch the chosen unit off, or on again, in what is "
        "shown: what is lost without it", "shape", only=(when.UNITS_LISTED,)),
    Key("draw", "D", "D", "draw", "Draw a picture, and see at each stroke what it is taken for",
        "shape", only=(when.PIXELS,)),
    Key("add_point", "a", "a", "point more", "Add a data point", "shape", only=(when.ONE_INPUT,),
        changes="changes the data"),
    Key("remove_point", "d", "d", "point less", "Delete the chosen data point", "shape",
        only=(when.SEVERAL_POINTS,), changes="changes the data"),
    Key("scale", "Z", "Z", "scale", "Scale columns to mean 0 and deviation 1; again: as they were",
        "shape", only=(when.FAR_FROM_1,), changes="begins another run"),
    Key("next_view", "tab", "tab", "next view", "Show the next view", "look"),
    Key("previous_view", "shift+tab", "shift+tab", "view before", "Show the view before", "look"),
    *(
        Key(f"view_{found.name}", str(number), str(number), found.name,
            f"Show {found.name}: {found.about}", "look", view=found.name)
        for number, found in enumerate(VIEWS, 1)
    ),
    Key("partner", "p", "p", "partner", "On the slope’s map, take another parameter as the partner",
        "look", only=(when.MAP_ON_SHOW,)),
    Key("next_target", "T", "T", "target", "Draw the next target, where there are several", "look",
        only=(when.SEVERAL_TARGETS,)),
    Key("keep", "k", "k", "keep curve", "Keep this loss curve to compare with; eight at most",
        "look", KeepCurve(), only=(when.SOME_STEPS,)),
    Key("kept_runs", "K", "K", "kept runs",
        "The kept runs in a table: compare, go on with one, remove one", "look"),
    Key("save", "w", "w", "save", "Save or export this run: the file’s name says as what", "look"),
    Key("check_gradient", "c", "c", "check gradient", "Check the gradient against nudges", "look",
        only=(when.GRADIENT_SHOWN,)),
    Key("arithmetic", "x", "x", "in full", "Show the arithmetic in full, every term of it", "look",
        only=(when.ARITHMETIC,)),
    Key("measure", "v", "v", "measures",
        "Measure the model: how good it is, on the rows trained on and on those held back", "look"),
    Key("lessons", "t", "t", "lessons", "Lessons: the list, with what is done", "look"),
    Key("predict", "P", "P", "guess each step",
        "Guess before each step what it will do, or no longer", "look"),
    Key("resume", "R", "R", "last run", "At the start, go on with the last run", "look",
        ResumeOffered(), only=(when.RUN_OFFERED,)),
    Key("options", "o", "o", "options", "All settings of the run", "look"),
    Key("palette", "colon,ctrl+p", ":", "all", "Everything by name", "look"),
    Key("help", "question_mark", "?", "help", "Help for what is on the screen", "look"),
    Key("redraw", "ctrl+l", "ctrl+l", "redraw", "Draw the whole screen again", "look"),
    Key("out", "escape", "esc", "out", "Out of the step, or of an opened layer", "look",
        only=(when.SOMETHING_TO_LEAVE,)),
    Key("quit", "q", "q", "quit", "Quit", "look"),
    Key("leave", "ctrl+c", "ctrl+c", "quit", "Quit, even while text is being typed", "look"),
)  # fmt: skip
GROUPS = {"time": "Time", "values": "Values", "shape": "Shape and data", "look": "Look"}
