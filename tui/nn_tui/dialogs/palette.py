"""The palette: all that can be done, by name, and what a search of it finds."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from nn_tui.dialogs.overlay import Choosing, Overlay
from nn_tui.dialogs.sheet import LINES_BELOW, title_rule
from nn_tui.terminal.typing_ahead import TypedInto
from nn_tui.text.cells import briefly, shortened, wrapped
from nn_tui.text.meaning import meaning
from nn_tui.text.roles import Line
from nn_tui.text.rows import Rows

LEAST_TITLE = 8  # cells
TITLE_SHARE = 0.3  # of the width, where descriptions begin below each other
ABOUT_LINES = 2  # at most, of what is chosen
KEY_CELLS = 7  # with the blank after the key; a longer key moves its own row alone
LEAST_BEGUN = 5  # letters of another word for an entry, for enter to take it
WHAT_TO_TYPE = (
    "Type a word of what you see or want, as gradient, save or data; a setting and its value, as "
    "lr 0.5; step 120; lesson 4. An empty line lists everything."
)


@dataclass(frozen=True)
class Entry:
    """One thing that can be done: `act` does it.

    `key` is the key that does the same, as it is printed. `words` are others that a person may look
    for it by, with commas between, `near` those by which it is listed only, `called` are names of
    its own. `changes` says what of the run is another after it; one that `shows` something leaves
    the run as it is. Where `refusal` says why it can't be, `act` is never called.
    """

    title: str
    about: str
    act: Callable[[], object]
    key: str = ""
    words: str = ""
    refusal: str = ""
    called: tuple[str, ...] = ()
    shows: bool = False
    changes: str = ""
    near: str = ""

    @property
    def whole(self) -> str:
        """What it is about, and before that what it changes."""
        return ": ".join(text for text in (self.changes, self.about) if text)

    @property
    def leaves_the_run(self) -> bool:
        """Whether to choose it changes nothing yet: it shows something, or asks for a value."""
        return (self.shows and not self.changes) or self.title.endswith("…")

    @property
    def names(self) -> tuple[str, ...]:
        """The title, what stands before its = or colon, and of "Open relu-net" what it opens."""
        title = self.title.casefold()
        before, *rest = re.split(" = |: ", title, maxsplit=1)
        called = (name.casefold() for name in self.called)
        return (title, before if rest else self.opens or title, *called)

    @property
    def opens(self) -> str:
        """The experiment that it opens, or ""; a setting may be called as one is."""
        title = self.title.casefold()
        return title.removeprefix("open ") if title.startswith("open ") else ""

    @property
    def is_setting(self) -> bool:
        """Whether it is a setting, with a value or to be given one."""
        return " = " in self.title


class Found(NamedTuple):
    """What a text finds, the nearest first; `named` of them, from the first on, go by that name.

    Where none does, `is_part` tells whether it is a part of the names of some.
    """

    entries: list[Entry]
    named: int
    is_part: bool = False


def found_by(text: str, entries: Iterable[Entry], made: Sequence[Entry] = ()) -> Found:
    """The entries that a text finds, and how many of them it names.

    It names one by the beginning of its name, by whole words or beginnings of words of its title,
    or by its key; it also finds those that are described by such words. Of those equally near the
    order stays. Another word for one entry alone names it, and what it finds comes before all of
    which the text is but a part. Of several that would change the run and are equally near in part,
    none is named, nor is one that would by another word where there are such. The beginning of
    another word names what shows something, where that is all that is found. What was `made` of the
    text itself comes before what isn't called just so, nor begins so; what can't be, after all that
    is named. Where nothing is found, what only says which way ("more noise") is left out.
    """
    text = text.strip()
    entries = list(entries)
    ranked = _ranked(text, entries)
    if not ranked and not made:
        rest = " ".join(word for word in text.split() if word.casefold() not in _WHICH_WAY)
        ranked = _ranked(rest, entries) if rest else []
    found, named = [entry for _, entry in ranked], sum(rank < _DESCRIBED for rank, _ in ranked)
    nearest = ranked[0][0] if ranked else _NOT_FOUND
    titles = {entry.title for entry in made}
    is_refused = any(entry.refusal for entry in made)
    if made and nearest >= (_DESCRIBED if is_refused else _ALL_WORDS):
        return Found([*made, *(entry for entry in found if entry.title not in titles)], len(made))
    if _SYNONYM <= nearest < _DESCRIBED and not _is_meant(ranked):
        return Found(found, 0, is_part=True)
    if nearest == _SYNONYM:
        return Found(found, 1)
    if len(found) == 1 and found[0].shows and _begins_a_synonym(text, found[0]):
        return Found(found, 1)
    return Found(found, named)


def _is_meant(ranked: list[tuple[int, Entry]]) -> bool:
    """Whether it is the first that is meant, which isn't called just as the text."""
    nearest, first = ranked[0]
    others = [entry for rank, entry in ranked[1:] if rank == nearest]
    if nearest == _SYNONYM:
        if others:
            return False
        others = [entry for rank, entry in ranked[1:] if rank < _DESCRIBED]
    return first.leaves_the_run or all(entry.leaves_the_run for entry in others)


def _begins_a_synonym(text: str, entry: Entry) -> bool:
    """Whether it begins another word for the entry, with letters enough to be meant."""
    begun = _joined(text.casefold())
    words = entry.words.casefold().split(", ")
    return len(begun) >= LEAST_BEGUN and any(_joined(word).startswith(begun) for word in words)


_SYNONYM, _ALL_WORDS, _DESCRIBED, _NOT_FOUND = 3, 5, 7, 9
_WHICH_WAY = ("more", "less", "fewer", "another", "other", "higher", "lower", "a", "the")


def _ranked(text: str, entries: Iterable[Entry]) -> list[tuple[int, Entry]]:
    ranked = [(_rank(text, entry), entry) for entry in entries]
    return sorted((each for each in ranked if each[0] < _NOT_FOUND), key=lambda each: each[0])


def _rank(text: str, entry: Entry) -> int:
    if text and text == entry.key:
        return 0
    wanted = text.casefold()
    names = entry.names if entry.is_setting or "=" not in wanted else ()
    if wanted in names or (wanted and _joined(wanted) in map(_joined, names)):
        return 2 if wanted == entry.opens else 1  # "data step" is data = step
    if wanted and wanted in entry.words.casefold().split(", "):
        return _SYNONYM
    if any(_joined(name).startswith(_joined(wanted)) for name in names[:2]):
        return 4
    parts, title = _words(wanted), _words(entry.title)
    if parts and all(part in title for part in parts):
        return _ALL_WORDS
    if parts and _all_begin(parts, title):
        return 6
    described = f"{entry.title} {entry.words} {entry.near} {entry.whole}"
    if parts and _all_begin(parts, _words(described)):
        return _DESCRIBED
    return _DESCRIBED + 1 if wanted in described.casefold() else _NOT_FOUND


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _joined(text: str) -> str:
    """The text without what stands between its words: "relu-net" is also typed "relunet"."""
    return "".join(_words(text)) or text


def _all_begin(parts: list[str], words: list[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in parts)


class Palette(TypedInto, Choosing, Overlay[None]):
    """A line to type into, what enter does with it, and what it finds, the chosen entry marked.

    Where nothing is called as was typed nothing is marked either, enter says so, and ↑ or ↓ mark
    the first. `typed` makes entries of what was typed itself, as "lr 0.5".
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "dismiss", "out"),
        ("up", "move(-1)", "up"),
        ("down", "move(1)", "down"),
        ("pageup", "move(-10)", "page up"),
        ("pagedown", "move(10)", "page down"),
    ]

    def __init__(
        self,
        make_rows: Callable[..., Rows],
        entries: Sequence[Entry],
        typed: Callable[[str], Sequence[Entry]] = lambda text: (),
    ) -> None:
        super().__init__()
        self._entries, self._typed = entries, typed
        self._heading, self._sheet = make_rows("heading"), make_rows("sheet")
        self._field = Input(compact=True, id="sought", placeholder="Search: a word, or lr 0.5")
        self._field.cursor_blink = False  # an idle screen sends nothing
        self._first = 0
        self._is_refused = False  # whether enter was pressed where nothing is chosen
        self._find("")

    def compose(self) -> ComposeResult:
        """The title, the line to type into, and the list."""
        yield self._heading
        yield self._field
        yield self._sheet

    def on_mount(self) -> None:
        """Show the list once its room is known."""
        self.call_after_refresh(self.draw)

    def on_resize(self) -> None:
        """Use the room there is."""
        self.call_after_refresh(self.draw)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what is found now."""
        self._find(event.value)
        self.draw()

    def _find(self, text: str) -> None:
        text = text.strip()
        self._found, named, self._is_part = found_by(text, self._entries, self._typed(text))
        self._chosen = 0 if text and named else -1
        self._is_refused = False

    def draw(self) -> None:
        """Show what is found, and what enter does."""
        width, height = self.app.size
        room = max(1, height - LINES_BELOW - 4 - ABOUT_LINES)
        self._sheet.styles.height = room + ABOUT_LINES + 2
        self._heading.show([title_rule("everything by name", width)])
        last = max(self._chosen, 0)
        self._first = max(0, min(self._first, last, len(self._found) - room), last - room + 1)
        shown = self._found[self._first : self._first + room]
        lines = [self._row(at, each, width) for at, each in enumerate(shown, self._first)]
        if not self._found:
            lines = [[(f" {line}", "text")] for line in wrapped(WHAT_TO_TYPE, width - 2)[:room]]
        lines += [[]] * (room - len(lines))
        chosen = self._found[self._chosen] if self._chosen >= 0 else None
        text = (chosen.refusal or chosen.whole) if chosen is not None else ""
        role = "alarm" if self._is_refused else "strong"
        about = wrapped(text, width - 2)[:ABOUT_LINES]
        about += [""] * (ABOUT_LINES - len(about))
        more = self._out_of_sight(self._first, len(self._found) - self._first - room)
        below = [more, *([(f" {line}", role)] for line in about)]
        self._sheet.show([self._keys(width), *lines, *below])

    @staticmethod
    def _out_of_sight(above: int, below: int) -> Line:
        """How many entries there are beyond the ends of the list in sight."""
        signs = [
            f"{sign} {count} more" for sign, count in (("↓", below), ("↑", above)) if count > 0
        ]
        return [(f" {'   '.join(signs)}", "strong")]

    def _row(self, at: int, entry: Entry, width: int) -> Line:
        is_chosen = at == self._chosen
        role = "strong" if is_chosen else "text"
        key = f"{entry.key:<{KEY_CELLS - 1}} "
        room = width - len(key) - 4
        longest = max(len(each.title) for each in self._found)
        column = min(longest, max(LEAST_TITLE, int(width * TITLE_SHARE)))
        title = shortened(entry.title, room)
        line: Line = [
            (" ▸ " if is_chosen else "   ", meaning(role, "row", at)),
            (key, "strong"),
            (title, role),
        ]
        text = entry.refusal or entry.about or entry.changes
        left = room - len(title) - 2
        blanks = max(0, column - len(title))  # up to where others begin; none where it needs room
        if len(text) > left - blanks and (len(text) <= left or not briefly(text, left - blanks)):
            blanks = 0
        if about := briefly(text, left - blanks):
            line.append((f"{'':{blanks + 2}}{about}", "quiet"))
        return line

    def _keys(self, width: int) -> Line:
        """What enter does, or why it does nothing and what to press; as much as there is room."""
        others = ["↑↓ choose"] * (self._chosen >= 0) + ["esc out"]
        lines = ["   ".join([self._about_enter(), *others[:count]]) for count in (2, 1, 0)]
        refused = [f"Nothing done: {line}" for line in lines] if self._is_refused else []
        fitting = (line for line in [*refused, *lines] if len(line) < width)
        role = "alarm" if self._is_refused else "strong"
        return [(f" {next(fitting, lines[-1])}", meaning(role, "keys"))]

    def _about_enter(self) -> str:
        if self._chosen >= 0 and self._found[self._chosen].refusal:
            return "type it as it can be"
        if self._chosen >= 0:
            return "enter does what is marked ▸"
        if not self._found:
            return "nothing is found: try another word"
        if not self._field.value.strip():
            return "type a word, or ↓ then enter"
        why = "several fit" if self._is_part else "no exact name"
        return f"{why}: ↓ then enter takes one"

    def count(self) -> int:
        """How many entries were found."""
        return len(self._found)

    def choose(self, at: int) -> None:
        """Choose another entry."""
        self._is_refused = False
        super().choose(at)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Do what is chosen, once the palette is gone; where nothing is, stay."""
        event.stop()
        self.action_do_chosen()

    def action_do_chosen(self) -> None:
        """Do it once the palette is gone; where nothing is chosen, say so."""
        if self._chosen < 0 or not self._found or self._found[self._chosen].refusal:
            self.refusals += 1
            self._is_refused = True
            self.draw()
            return
        act = self._found[self._chosen].act
        if self.is_active:
            self.app.call_later(act)
            self.dismiss()
