"""The help: what is on the screen, part by part, its terms, and what every key does."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from nn_core.config.key_names import with_keys
from nn_core.explain.glossary import TERMS, Term
from nn_core.explain.words.start import about_table
from nn_core.formatting import fixed, said_of, signed
from nn_tui.dialogs.sheet import Sheet
from nn_tui.keys import GROUPS, in_group
from nn_tui.text.cells import filled, wrapped
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows
from nn_tui.views import View
from nn_tui.views.parts import parts_of

if TYPE_CHECKING:
    from nn_core.analysis.references import Reference
    from nn_core.explain.rows import LayerRow, NumberRow, UnitRow
    from nn_core.explain.snapshot import Snapshot

Part = tuple[str, str]  # a name, and what there is to say about it

TWO_COLUMNS_FROM = 120  # columns
NAME_CELLS = 15
KEY_CELLS = 9


class Help(Sheet):
    """What is on the screen, and what every key does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("enter,space", "dismiss", "out"),
        ("slash", "look_up", "look up"),
        Binding("question_mark", "dismiss", "out", id="help"),
    ]

    def __init__(
        self,
        make_rows: Callable[..., Rows],
        parts: list[tuple[str, str]],
        reads: str,
        look_up: Callable[[], object],
    ) -> None:
        super().__init__(make_rows)
        self._parts, self._look_up = parts, look_up
        self._here = [term for term in TERMS if term.stands_in(reads)]
        self._elsewhere = [term for term in TERMS if term not in self._here]

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """What is on the screen and its terms, then the keys, then all other terms."""
        lines = _explained(self._parts, width)
        lines += [[], [(" Terms on this screen", "strong")]]
        lines += _explained([(term.name, term.meaning) for term in self._here], width)
        column = width // 2 if width >= TWO_COLUMNS_FROM else width
        left = [row for group in _LEFT for row in _keys(group, column)]
        right = [row for group in GROUPS if group not in _LEFT for row in _keys(group, column)]
        if width < TWO_COLUMNS_FROM:
            lines += left + right
        else:
            for at in range(max(len(left), len(right))):
                beside = [run for line in right[at : at + 1] for run in line]
                begin = [run for line in left[at : at + 1] for run in line]
                lines.append([*filled(begin, column), *beside])
        lines += [[], [(" Other terms", "strong")]]
        lines += _explained([(term.name, term.meaning) for term in self._elsewhere], width)
        return (
            "help",
            lines,
            with_keys("{key.up+down} scroll   / look up a key or a term   esc out"),
        )

    def action_look_up(self) -> None:
        """Leave, and look for a key or a term by name."""
        self.dismiss()
        self._look_up()  # at once, so that what is typed ahead goes into it


class Meaning(Sheet):
    """What one term means."""

    BINDINGS: ClassVar[list[BindingType]] = [("enter,space", "dismiss", "out")]

    def __init__(self, make_rows: Callable[..., Rows], term: Term) -> None:
        super().__init__(make_rows)
        self._term = term

    def content(self, width: int) -> tuple[str, list[Line], str]:
        """The sentence."""
        return (
            self._term.name,
            _explained([(self._term.name, self._term.meaning)], width),
            "esc out",
        )


_LEFT = ("time", "values")  # the groups of keys in the left column, where there are two


def _explained(pairs: list[tuple[str, str]], width: int) -> list[Line]:
    lines: list[Line] = []
    for name, about in pairs:
        for at, text in enumerate(wrapped(with_keys(about), width - NAME_CELLS - 3)):
            shown = with_keys(name) if at == 0 else ""
            lines.append([(f" {shown:<{NAME_CELLS}} ", "strong"), (text, "text")])
    return lines


def _keys(group: str, width: int) -> list[Line]:
    lines: list[Line] = [[], [(f" {GROUPS[group]}", "strong")]]
    for found in in_group(group):
        for at, text in enumerate(wrapped(found.about, width - KEY_CELLS - 6)):
            shown = found.shown if at == 0 else ""
            strong, plain = (meaning(role, "press", found.name) for role in ("strong", "text"))
            lines.append([(f"   {shown:<{KEY_CELLS}} ", strong), (text, plain)])
    return lines


def about_row(row: "NumberRow | LayerRow | UnitRow | None", shown: "Snapshot") -> list[Part]:
    """What the chosen row is, with its numbers."""
    from nn_core.explain.rows import LayerRow, NumberRow

    if isinstance(row, NumberRow):
        what = said_of(row.name)
        text = f"{what[:1].upper()}{what[1:]}; in PyTorch it is {row.name}. " if what else ""
        text += f"The chosen parameter, {fixed(row.value)} now. "
        if shown.hides_gradient:
            return [(row.label, f"{text}A contest hides its gradient; {{key.hint}} shows it.")]
        if shown.awaits_gradient:
            return [(row.label, f"{text}This step’s gradient and update aren’t worked out yet.")]
        by = 0.01
        if shown.config.zero_gradients or not shown.step:
            says = (
                f"says: raised by {by} it changes the loss by about {signed(row.gradient * by)}. "
            )
        else:
            says = (
                "is the sum of those of all steps since zeroing was stopped, and so says nothing "
                "of the loss now; the view slope shows the slope of now. "
            )
        text += f"Its gradient, {fixed(row.gradient)}, {says}"
        if not shown.hides_update:
            text += f"The next step changes it by {signed(row.update)}, to {fixed(row.next)}. "
        text += "{key.lower+raise} nudge it, enter types it."
        return [(row.label, text)]
    if isinstance(row, LayerRow):
        size = "×".join(map(str, row.shape))
        text = (
            f"{said_of(row.name).capitalize()}, {size} numbers. PyTorch counts an activation as a "
            f"layer too, and so calls them {row.name}. {{key.enter}} opens them."
        )
        return [(row.label, text)]
    return []


def _about_the_fit(snapshot: "Snapshot | None", has_colour: bool) -> Part:
    """What stands in the first plot's place."""
    if snapshot is None:
        return "fit", "The data and the model’s curve."
    scene, classes = snapshot.scene, snapshot.classes
    held_back = snapshot.validation is not None
    if classes is None:
        if not scene.over_x:
            return "fit", "Each row’s prediction over its target; on the dotted line they agree."
        points = "●, the chosen point ◉" + ("; ○ rows held back" if held_back else "")
        truth = " and, dotted, the truth that it was made from" if scene.truth is not None else ""
        return "fit", f"The data ({points}), the model’s curve{truth}."
    if classes.map is not None:
        ground = (
            "has the ground of the class that the model would take it for, deeper where it is surer"
            if has_colour
            else "of which the model is fairly sure has the sign that stands before its class in "
            "the title, none for the first class"
        )
        small = "; rows held back are small, •" if held_back else ""
        return "map", (
            f"The plane of the two inputs: each place {ground}; the line is the border between two "
            f"classes. Each point has the glyph of what it is, ✗ where it is taken for "
            f"another{small}."
        )
    if classes.curve is not None:
        return "probability", (
            "The probability that the model gives to a class, over the input. Each point lies at "
            "what it is, ✗ where it is taken for another class."
        )
    if scene.pixels is not None:
        return "picture", (
            "The chosen row’s picture ({key.previous_point+next_point}), and the probability that "
            "the model gives to each class; ● is what it is. {key.draw} has you draw one. "
            "{key.measure} shows who is taken for whom."
        )
    return "classes", (
        "A row for each class that there is, a column for each that the model takes rows for: on "
        "the diagonal they agree. Below, the rows that are most wrong, with the probability p that "
        "the model gives to what each is. {key.measure} shows precision and recall."
    )


def _about_reference(found: "Reference") -> str:
    """What a loss to compare with is."""
    if found.kind == "truth":
        best = ", the best there is," if "best" in found.label else ""
        return f"the truth’s own loss{best} since data has noise"
    return f"the loss of the {found.label}"


def _about_the_loss(snapshot: "Snapshot | None", has_colour: bool) -> Iterator[str]:
    """The loss's plot: what is drawn there just now."""
    yield "How far off the model is, in one number, at each step so far."
    if snapshot is None:
        return
    lines = [_about_reference(found) for found in snapshot.scene.references]
    if lines:
        of = "" if snapshot.validation is None else " (on the rows trained on)"
        quiet = "A quiet line" if len(lines) == 1 else "Two quiet lines"
        yield f"{quiet}{of}: {', and '.join(lines)}."
    if snapshot.classes is not None:
        yield (
            "“right” is the part of the rows that are taken for what they are; dotted, from none "
            "at the bottom to all at the top."
        )
    if snapshot.steps_per_epoch > 1:
        yield "Each step’s is that of its batch alone; smoothed over the last; ◆ over all rows."
    if snapshot.step < snapshot.tip:
        yield "Dotted, after ◉: the steps that were undone."
    if snapshot.kept_runs:
        drawn = sum(each.number > 0 for each in snapshot.drawn)
        newest = f"newest {drawn} " if drawn < len(snapshot.kept_runs) else ""
        yield f"Dashed{', each in a colour of its own' * has_colour}: the {newest}kept runs."
    if snapshot.twin is not None:
        yield (
            "The twin is this run as it would be had its gradients been set to 0 before each step: "
            "it goes beside the run from the same start, for as long as zeroing is off."
        )
    if snapshot.validation is not None:
        yield (
            "Dotted, with ○: the loss on rows held back to validate, which no update sees; once it "
            "has risen ✦ marks where it was least."
        )
    if snapshot.changes:
        yield "┼ marks where something was changed within the run."


def parts(snapshot: "Snapshot | None", view: View, has_colour: bool = True) -> list[Part]:
    """What there is to see on the screen, part by part."""
    table = about_table(snapshot) if snapshot is not None else ""
    data = [("data", table)] if table else []
    if view.name != "fit":
        name = view.title(snapshot.config if snapshot is not None else None)
        about = f"{view.about[0].upper()}{view.about[1:]}."
        return [(name, about), *data, *parts_of(view.name, snapshot, has_colour)]
    network = snapshot is not None and snapshot.scene.is_listed_by_layer
    sums = snapshot is not None and snapshot.sums_gradients
    found = [
        (
            "first line",
            "What is trained, and its formula; the loss (MAE: mean absolute error, MSE: mean "
            "squared error), the optimizer (SGD: plain gradient descent), the rows of data, and "
            "whether each step sets the gradients to 0 before it begins.",
        ),
        *data,
        _about_the_fit(snapshot, has_colour),
        ("loss", " ".join(_about_the_loss(snapshot, has_colour))),
    ]
    if snapshot is not None and snapshot.kinks and snapshot.classes is None:
        bends = "Where the curve bends: ▲ up, ▼ down; △ a unit that is dead: 0 on all data."
        found.append(("kinks", bends))
    if network:
        found += [
            (
                "layers",
                "Size, gradient and update of each weight and bias, as lengths of all its numbers "
                "together. update ÷ size is best about 0.001 (┊). {key.enter} opens one.",
            )
        ]
    else:
        found += [
            ("point", "The chosen row of the data: what it says, what the model says."),
            (
                "parameters",
                "value + update = next. The gradient says how steeply the loss rises where the "
                "parameter does; where it is negative the loss falls. So in plain descent the "
                "update is −learning rate · gradient. On the slider: ┊ the start, ◆ the value; ▸ "
                "or ◂ is the way of the update, the more of them the larger it is beside the "
                "others, ▸▸▸▸ the largest: they tell how strong, not how far. ◇ is the next value,"
                " where it is a cell or more away; » or «: beyond the end. ≈ 0: the points’ votes "
                "cancel, and only the rounding of the sum is left."
                + " Σ gradient: zeroing is off, so it is the sum of this step’s gradient and of "
                "those of the steps since, and no longer the slope of now." * sums,
            ),
        ]
    return [
        *found,
        ("words", "What is true just now, from the numbers."),
        ("status", "Pace, steps, epochs and the target, the loss now and its last change, rate."),
    ]
