"""The entries of the palette: commands, experiments, settings, keys and values, by name."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nn_core.config import ACTIVATIONS, LISTED_DATA, Setting, setting, settings, show
from nn_core.config.experiments import EXPERIMENTS, PUBLISHED_TABLE, default_of
from nn_core.config.idle import idle
from nn_core.config.key_names import with_keys
from nn_core.disk import is_called_a_table
from nn_core.errors import RequestError
from nn_core.explain.glossary import TERMS, Term
from nn_core.formatting import fixed, layer_said, shown
from nn_core.live.allowed import is_allowed
from nn_core.live.edit_requests import Freeze, Set
from nn_core.live.file_requests import NOT_OFFERED, BeginAnother, Resume
from nn_core.live.requests import LONGEST_STEP, Advance, Complain, Say, SeekTyped
from nn_core.live.typed_values import read_typed
from nn_core.storage.kept_runs import NO_RUN
from nn_tui.app import lessons
from nn_tui.dialogs.palette import Entry
from nn_tui.keys import KEYS, Key, key, saved_runs
from nn_tui.keys.commands import ANOTHER_GOES_ON, COMMANDS
from nn_tui.keys.synonyms import synonyms
from nn_tui.options import config_path

if TYPE_CHECKING:
    from nn_tui.app.app import Laboratory

_GLUED = re.compile(r"([a-z ]+?)([-−]?[\d.][\d.e-]*)", re.IGNORECASE)  # lr5
_STEP_NAMES = ("step", "go to", *synonyms("jump").split(", "))
ANOTHER_RUN = "begins another run"
_SavedRun = tuple[str, str, str]  # its name, what it is, how it stood when


def entries(lab: "Laboratory") -> list[Entry]:
    """What may be done in this app and does something just now, what matters most first."""
    found = [each for each in settings() if _may_be_set(lab, each)]
    runs = _saved_runs(lab)
    return [
        *_commands(lab, runs),
        *_best(lab),
        *_references(lab),
        *_experiments(lab),
        *(entry for each in found for entry in _setting(lab, each)),
        *_table(lab),
        *_keys(lab),
        *(entry for entry, why in _freezing(lab) if not why),
        *(entry for each in found for entry in _values(lab, each)),
        *_targets(lab),
        *_themes(lab),
        *_terms(lab),
        *_not_now(lab, runs),
    ]


def typed_entries(lab: "Laboratory", text: str) -> list[Entry]:
    """What may have been typed out whole: a setting with its value, a step, a lesson, a file."""
    for name, value, is_glued in _parts(text.strip()):
        if name in _STEP_NAMES and value.isdecimal():
            return [_step(lab, value)]
        if name == "lesson" and value.isdecimal():
            return [_lesson(lab, value)]
        for called in (_has_name, _has_synonym):
            for each in settings():
                if called(each, name) and not (is_glued and _is_text(each)):
                    made = [_typed_out(lab, each, value)] if _is_allowed(lab, each) else []
                    if made and (called is _has_name or not made[0].refusal):
                        return made
    if is_called_a_table(text):
        table = _typed_out(lab, setting("data"), text.strip())
        return [replace(table, about="opens this table; the run before stays saved")]
    return []


def _parts(text: str) -> Iterator[tuple[str, str, bool]]:
    """A name and a value that a text may be made of, the longest name first; whether they touch."""
    name, equals, value = text.partition("=")
    if equals:
        yield name.strip().casefold(), value.strip(), False
        return
    for blank in reversed([found.start() for found in re.finditer(" ", text)]):
        yield text[:blank].strip().casefold(), text[blank:].strip(), False
    if glued := _GLUED.fullmatch(text):
        yield glued[1].strip().casefold(), glued[2], True


def _step(lab: "Laboratory", typed: str) -> Entry:
    got_to = lab.snapshot.tip if lab.snapshot is not None else 0
    is_ahead = int(typed[:LONGEST_STEP]) > got_to
    about = f"trains up to there; this run got to step {got_to}" if is_ahead else "of this run"
    return Entry(f"Go to step {typed}", about, partial(lab.link.ask, SeekTyped(typed)))


def _lesson(lab: "Laboratory", wanted: str) -> Entry:
    """A lesson by its number, or that there is none such."""
    try:
        lesson = lessons.find(lab, wanted)
    except RequestError as error:
        return Entry(f"Lesson {wanted}", "", str, refusal=str(error))
    about = f"opens it: {lesson.minutes} minutes; {{key.lessons}} lists all lessons"
    opens = partial(lessons.open_lesson, lab, lesson)
    return Entry(f"Lesson {int(wanted)}: {lesson.title}", with_keys(about), opens)


def _has_name(each: Setting, name: str) -> bool:
    return name in (each.title, each.name, *each.words.split()[:1])


def _has_synonym(each: Setting, name: str) -> bool:
    return not _is_text(each) and name in synonyms(each.name).split(", ")


def _typed_out(lab: "Laboratory", each: Setting, value: str) -> Entry:
    """A setting with its value, or with why it can't have it."""
    config = lab.snapshot.config if lab.snapshot is not None else lab.launch.config
    try:
        if value == "default":
            value = show(default_of(config, each.name))
        return _value(lab, each, show(read_typed(each, value, config, lab.launch.limits)))
    except RequestError as error:
        return Entry(f"{each.title} = {value}", each.about, str, refusal=str(error))


def _is_text(each: Setting) -> bool:
    """Whether its value may be a name, so that x1 is one, and not x = 1."""
    return each.name in ("x", "y") or isinstance(each.default, str | bool)


def _commands(lab: "Laboratory", runs: list[_SavedRun]) -> Iterator[Entry]:
    yield _shown("Find a learning rate", "tries rates on copies of the run", lab.dialogs.find_rate)
    yield _shown(
        "Map two settings", "tries pairs, as rate and momentum, on copies of the run",
        lab.dialogs.map_settings,
    )  # fmt: skip
    yield _shown(
        "Copy the command for this run", "opens it from a shell; shown and copied",
        lab.dialogs.show_command,
    )  # fmt: skip
    yield _titled(
        "Cards that are due", "questions of lessons done, asked again",
        partial(lessons.ask_cards, lab),
    )  # fmt: skip
    for each in COMMANDS:
        if is_allowed(each.kind, lab.launch.limits):
            act = partial(lab.dialogs.carry_out, each)
            entry = _titled(each.title, each.about, act)
            if each.kind is Resume and not runs:  # asked all the same it says why, to the point
                yield replace(entry, about=f"not now: {NO_RUN}", shows=True)
            else:
                yield replace(entry, called=each.called, changes=each.changes)
    for name, title, about in runs:
        resume, near = partial(lab.link.ask, Resume(name)), synonyms("saved run")
        yield Entry(f"Saved run: {title}", about, resume, near=near, changes=ANOTHER_GOES_ON)


def _saved_runs(lab: "Laboratory") -> list[_SavedRun]:
    """The runs that may be gone on with here."""
    may = lab.launch.autosave and is_allowed(Resume, lab.launch.limits)
    return [*saved_runs.kept_by_themselves()] if may else []


def _titled(title: str, about: str, act: Callable[[], object]) -> Entry:
    return Entry(title, about, act, words=synonyms(title))


def _shown(title: str, about: str, act: Callable[[], object]) -> Entry:
    return replace(_titled(title, about, act), shows=True)


def _best(lab: "Laboratory") -> Iterator[Entry]:
    """The step with the lowest validation loss, where the run has been measured so."""
    found = lab.snapshot.validation if lab.snapshot is not None else None
    if found is not None and found.least is not None:
        step, loss = found.least
        seek = partial(lab.link.ask, SeekTyped(str(step)))
        lowest = "lowest" if found.gap == 1 else "the lowest measured"
        about = f"of this run: the validation loss is {lowest} there, {fixed(loss)}"
        yield Entry(f"Go to the best step, {step}", about, seek, words=synonyms("best step"))


def _references(lab: "Laboratory") -> Iterator[Entry]:
    """The truth's numbers and the best curve's, where they are known."""
    for found in lab.snapshot.scene.references if lab.snapshot is not None else ():
        names = zip("abc", found.coefficients or (), strict=False)
        numbers = "  ".join(f"{name} {fixed(value)}" for name, value in names)
        title = f"{found.label}: {numbers}" if numbers else found.label
        about = f"its loss is {fixed(found.loss)}; opens the table of runs, where it stands too"
        shown = key("kept_runs").shown
        yield Entry(title, about, lab.dialogs.kept_runs, shown, synonyms("reference"), shows=True)


def _experiments(lab: "Laboratory") -> Iterator[Entry]:
    about = "zeroing off; takes its 10 steps and lists their losses; lesson 4 is about it"
    title = "Open the run of the lesson’s published table"
    yield replace(_shown(title, about, partial(_list_published, lab)), changes=ANOTHER_RUN)
    for name, experiment in EXPERIMENTS.items():
        begin = partial(lab.link.ask, BeginAnother(experiment.config))
        near = "ReLUs" if experiment.config.is_network else ""  # to list what has them
        found = _titled(f"Open {name}", experiment.about, begin)
        yield replace(found, changes=ANOTHER_RUN, near=near)


def _list_published(lab: "Laboratory") -> None:
    lab.link.ask(BeginAnother(PUBLISHED_TABLE))
    lab.link.ask(Advance(PUBLISHED_TABLE.epochs))
    lab.dialogs.steps(follows=True)


# --- settings and their values --------------------------------------------------------------------


def _is_allowed(lab: "Laboratory", each: Setting) -> bool:
    return each.name != "experiment" and lab.launch.limits.allows_setting(each.name)


def _may_be_set(lab: "Laboratory", each: Setting) -> bool:
    from nn_core.optim.optimizers import has_setting

    optimizer = lab.snapshot.config.optimizer if lab.snapshot else lab.launch.config.optimizer
    return _is_allowed(lab, each) and has_setting(optimizer, each.name)


def _typing(lab: "Laboratory", each: Setting) -> Callable[[], object]:
    return partial(lab.dialogs.type_setting, each)


def _setting(lab: "Laboratory", each: Setting) -> Iterator[Entry]:
    act, words, near = _typing(lab, each), synonyms(each.name), each.words
    yield Entry(
        f"{each.title} = …", each.about, act, words=words, near=near, changes=_changes(each)
    )


def _values(lab: "Laboratory", each: Setting) -> Iterator[Entry]:
    """An entry for each value of a setting that has so few that they have names."""
    named = {"data": LISTED_DATA, "activation": ACTIVATIONS}.get(each.name, each.choices)
    if isinstance(each.default, bool):
        named = ("on", "off")
    for value in named:
        yield _value(lab, each, value)


def _targets(lab: "Laboratory") -> Iterator[Entry]:
    """The columns of texts that a table has beside those in use, each as the target."""
    target = setting("y")
    if lab.snapshot is not None and _is_allowed(lab, target):
        for name in lab.snapshot.scene.texts:
            yield replace(_value(lab, target, show((name,))), called=(name,))


def _value(lab: "Laboratory", each: Setting, value: str) -> Entry:
    from nn_core.optim.optimizers import in_force

    shown = lab.snapshot
    about, changes = each.about, _changes(each)
    if shown is not None and show(in_force(shown.config, each.name)) == value:
        about, changes = f"in force now: {about}", ""
    if shown is not None and (where := idle(shown.config, each.name)):
        about = f"does nothing in this run: {where}"
    set_it, near = partial(lab.link.ask, Set(each.name, value)), synonyms(each.name, each.words)
    return Entry(f"{each.title} = {value}", about, set_it, near=near, changes=changes)


def _changes(each: Setting) -> str:
    return ANOTHER_RUN if each.effect == "restart" else ""


def _themes(lab: "Laboratory") -> Iterator[Entry]:
    for name in ("dark", "light"):
        about = f"colours for a terminal with a {name} ground, which stays its own"
        wear = partial(_wear, lab, name)
        yield replace(_titled(f"theme = {name}", about, wear), near=synonyms("theme"))


def _wear(lab: "Laboratory", name: str) -> None:
    lab.wear(name)
    said = f"Theme {name}, for a terminal’s own {name} ground."
    if not lab.launch.is_kiosk:
        said += f' To keep it: theme = "{name}" in {_in_home(config_path())}'
    lab.link.ask(Say(said))


def _in_home(path: Path) -> str:
    """The path as a person types it: ~ for their home."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _table(lab: "Laboratory") -> Iterator[Entry]:
    """What is used of a table, and what is left out."""
    from nn_core.explain.words.start import about_table  # and with it NumPy: not at the start

    about = about_table(lab.snapshot) if lab.snapshot is not None else ""
    if about:
        explain = partial(lab.dialogs.explain, Term("data", about))
        scene = lab.snapshot.scene if lab.snapshot is not None else None
        named = (*scene.inputs, scene.target, *scene.classes) if scene is not None else ()
        words = synonyms("table", ", ".join(named))
        title, says = "Data: what is used and what is left out", f"columns and rows: {about}"
        yield Entry(title, says, explain, words=words, shows=True)


def meanings_first(found: list[Entry]) -> list[Entry]:
    """The entries for one who looks a word up: what it means goes by the word, before what is done.

    Else enter on "zeroing" switched it off.
    """
    means = {f"What {term.name} means": term.name for term in TERMS}
    terms = [replace(each, called=(means[each.title],)) for each in found if each.title in means]
    return [*terms, *(each for each in found if each.title not in means)]


def _terms(lab: "Laboratory") -> Iterator[Entry]:
    values = {
        value for each in settings() for value in each.choices
    }  # which are set by their names
    taken = {each.name for each in KEYS} | {each.name for each in settings()}  # have the words
    for term in TERMS:
        title, near = f"What {term.name} means", ", ".join((synonyms(term.name), *term.also))
        also = ", ".join(each for each in term.also if each not in values)
        words = also if term.name in taken else synonyms(term.name, also)
        explain = partial(lab.dialogs.explain, term)
        yield Entry(title, term.meaning, explain, words=words, near=near, shows=True)


# --- keys -----------------------------------------------------------------------------------------


def _keys(lab: "Laboratory") -> Iterator[Entry]:
    for found in KEYS:
        if found.name != "palette" and lab.applies(found.name):
            yield _key(key(found.name), partial(lab.run_action, found.action))


def _not_now(lab: "Laboratory", runs: list[_SavedRun]) -> Iterator[Entry]:
    """What doesn't apply just now, each with what it waits for."""
    waiting = [*_freezing(lab)]
    for found in KEYS:
        shown = lab.snapshot
        why = found.why_unavailable(shown, lab.selection) if shown is not None else None
        if why and not lab.applies(found.name):
            no_run = why == with_keys(NOT_OFFERED) and not runs
            waiting.append((_key(key(found.name), str), NO_RUN if no_run else why))
    for entry, why in waiting:
        if why:
            new = [each for each in entry.called if each not in entry.title.casefold()]
            yield replace(
                entry,
                about=f"not now: {why}",
                words=", ".join([entry.words, *new]),
                called=(),
                changes="",
                shows=True,
                act=partial(lab.link.ask, Complain(why)),
            )


def _key(found: Key, act: Callable[[], object]) -> Entry:
    """A key by what it does, and by the word that the key lines have for it alone."""
    title, *more = re.split("[:;] ", found.about, maxsplit=1)
    briefs = [each.brief for each in KEYS if not each.view]
    is_its_own = not found.view and briefs.count(found.brief) == 1
    is_a_setting = any(each.name == found.name for each in settings())  # which has them
    words = "" if is_a_setting else synonyms(found.name, found.brief * (not is_its_own))
    called = (found.brief,) * is_its_own
    shows = found.group == "look" and found.request is None
    return Entry(
        title, "".join(more), act, found.shown, words,
        called=called, shows=shows, changes=found.changes,
    )  # fmt: skip


def _freezing(lab: "Laboratory") -> Iterator[tuple[Entry, str]]:
    """Each parameter and layer to be frozen and unfrozen, and why not just now, or ""."""
    shown = lab.snapshot
    for label, names in _freezable(shown.scene.parameters if shown else ()).items():
        frozen = names & set(shown.config.freeze if shown else ())
        freeze, free = (partial(lab.link.ask, Freeze(label, way)) for way in (True, False))
        about, words = "no update from the next step on", f"thaw, free, thaw {label}, free {label}"
        yield Entry(f"Freeze {label}", about, freeze), f"{label} is frozen" * (frozen == names)
        about = "its updates go on from the next step"
        entry = Entry(f"Unfreeze {label}", about, free, words=words)
        yield entry, f"{label} isn’t frozen" * (not frozen)


def _freezable(names: tuple[str, ...]) -> dict[str, set[str]]:
    """What a person may freeze, a parameter or a layer of them, and PyTorch's names of that."""
    found = {shown(name): {name} for name in names}
    for name in names:
        layer, dot, _ = name.partition(".")
        if dot:
            found.setdefault(layer_said(int(layer) // 2), set()).add(name)
    return found
