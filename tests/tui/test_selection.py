"""The selection: whatever keys and snapshots come, it stays within what there is."""

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nn_core import Config
from nn_core.explain.outcomes import Placed
from nn_core.explain.view_request import ViewRequest
from nn_tui.selection import Cursor, Selection
from nn_tui.views import VIEWS, view


@dataclass(frozen=True)
class Shown:
    """Only what a selection asks of a snapshot."""

    kind: str = "mlp"
    hidden: tuple[int, ...] = (4, 3)
    points: int = 20
    request: ViewRequest = field(default_factory=ViewRequest)
    outcome: Any = None
    in_a_step: bool = False
    scene: Any = None
    rows: tuple[Any, ...] = ()
    row_count: int = 0

    @property
    def config(self) -> Config:
        return Config(model=self.kind, hidden=self.hidden if self.kind == "mlp" else ())


def shown(selection: Selection, kind: str = "mlp", **changes: Any) -> Shown:
    """A snapshot of what is chosen, with 12 rows listed at most."""
    made = Shown(kind, **changes)
    names = [
        f"{2 * at}.{part}" for at in range(len(made.hidden) + 1) for part in ("weight", "bias")
    ]
    layers = tuple(names) if kind == "mlp" else ()
    cursor = selection.cursor
    widths = (1, *made.hidden, 1)
    if selection.view.lists_units_of(kind):
        labels = [f"unit {at}" for at in range(sum(made.hidden) if kind == "mlp" else 2)]
    elif kind != "mlp":
        labels = ["a", "b", "c"]
    elif cursor.opened in layers:
        at, part = cursor.opened.split(".")
        inputs, units = widths[int(at) // 2 :][:2]
        labels = [
            f"{cursor.opened}[{i}]" for i in range(units * (inputs if part == "weight" else 1))
        ]
    else:
        labels = names
    rows = tuple(SimpleNamespace(name=label) for label in labels)
    return replace(
        made,
        scene=SimpleNamespace(
            kind=kind, layers=layers, is_listed_by_layer=bool(layers), rows=made.points,
            inputs=("x",), outputs=1, pixels=None,
        ),
        request=ViewRequest(
            first=cursor.first, opened=cursor.opened, by_unit=selection.view.by_unit,
            view=selection.view.name,
        ),
        rows=rows[cursor.first : cursor.first + 12],
        row_count=len(rows),
    )  # fmt: skip


moves = st.sampled_from(
    [
        lambda s, now: s.moved(now, by=1), lambda s, now: s.moved(now, by=-1),
        lambda s, now: s.moved(now, rows=1), lambda s, now: s.moved(now, rows=-1),
        lambda s, now: s.at_end(now, last=True), lambda s, now: s.at_end(now, last=False),
        lambda s, now: s.next_point(now, 1), lambda s, now: s.next_point(now, -1),
        lambda s, now: s.next_partner(), lambda s, now: s.next_view(1),
        lambda s, now: s.next_view(-1), lambda s, now: s.opening(now),
        lambda s, now: s.closing(5) if s.is_opened else s, lambda s, now: s.scrolled(3),
    ]
)  # fmt: skip
kinds = st.sampled_from(["mlp", "quadratic", "relu"])


@given(kinds, st.lists(moves, max_size=40), st.integers(1, 9))
def test_whatever_keys_come_the_chosen_row_is_there_and_in_sight(kind, keys, visible):
    selection = Selection(point=0)
    for key in keys:
        selection = key(selection, shown(selection, kind)).scrolled(visible)
        now = shown(selection, kind)
        cursor = selection.cursor
        assert 0 <= cursor.row < max(1, now.row_count)
        assert cursor.first <= cursor.row < cursor.first + visible
        assert 0 <= selection.point < 20


@given(st.integers(1, 30), st.integers(0, 29), st.integers(0, 29), st.integers(1, 12))
def test_scrolling_moves_no_further_than_it_must(visible, row, first, other):
    scrolled = Cursor(row, first).scrolled(visible)
    assert scrolled.first <= row < scrolled.first + visible
    if first <= row < first + visible:
        assert scrolled.first == first
    assert scrolled.scrolled(visible) == scrolled


@given(st.integers(-20, 20))
def test_keys_go_around_the_ends_and_back(by):
    selection = Selection()
    there = selection.moved(shown(selection), by=by)
    assert there.moved(shown(there), by=-by) == selection


@given(kinds, st.integers(0, 8))
def test_the_steps_number_comes_between_the_last_row_and_the_first(kind, row):
    selection = Selection()
    count = shown(selection, kind).row_count
    selection = replace(selection, cursor=Cursor(row=row % count))
    now = shown(selection, kind)
    for first, way in ((count - 1, 1), (0, -1)):
        there = replace(selection, cursor=Cursor(row=first)).moved(now, by=way)
        assert there.cursor == Cursor(row=first, at_step=True)
        assert there.moved(now, by=way).cursor == Cursor(row=count - 1 - first)
        assert there.moved(now, by=-way).cursor == Cursor(row=first)
        assert there.at_end(now, last=False).cursor == Cursor()


def test_a_row_of_a_matrix_is_a_unit():
    selection = Selection(cursor=Cursor(row=2))  # 2.weight, of 3 units with 4 inputs each
    opened = selection.opening(shown(selection))
    assert opened.cursor == Cursor(opened="2.weight", opened_at=2)
    below = opened.moved(shown(opened), rows=1)
    assert (below.cursor.row, below.moved(shown(below), rows=2).cursor.row) == (4, 0)
    assert opened.at_end(shown(opened), last=True).cursor.row == 11


@given(st.integers(0, 5), st.integers(1, 4))
def test_what_is_closed_is_chosen_again(row, visible):
    selection = Selection(cursor=Cursor(row=row))
    opened = selection.opening(shown(selection))
    assert opened.is_opened
    closed = opened.moved(shown(opened), by=1).closing(visible)
    assert (closed.cursor.row, closed.is_opened) == (row, False)
    assert closed.cursor.first <= row < closed.cursor.first + visible


def test_nothing_is_opened_of_a_single_number_list_before_its_rows_come():
    turned = Selection(cursor=Cursor(row=3))
    stale = replace(shown(turned), request=ViewRequest(by_unit=True))
    assert turned.opening(stale) == turned
    assert turned.row(stale) is None


@given(st.lists(st.sampled_from(VIEWS), max_size=12))
def test_each_list_has_its_own_cursor_whatever_views_come_between(shown_views):
    units, numbers = Cursor(row=5, first=2), Cursor(row=1)
    selection = Selection(cursor=numbers, other=units)
    for each in shown_views:
        selection = selection.staying_with(each)
        assert selection.cursor == (units if each.by_unit else numbers)


def test_all_views_come_round():
    selection, names = Selection(), []
    for _ in VIEWS:
        names.append(selection.view.name)
        selection = selection.next_view(1)
    assert (names, selection) == ([each.name for each in VIEWS], Selection())
    assert selection.next_view(-1).view is VIEWS[-1]


# --- snapshots --------------------------------------------------------------------------------


def test_the_step_is_shown_while_it_is_gone_through_and_the_view_before_comes_back():
    selection = Selection(view=view("health"))
    outside = shown(selection)
    inside = replace(outside, in_a_step=True)
    within = selection.following(inside, outside)
    assert within.view.name == "step"
    assert within.following(inside, inside) is within
    assert within.following(outside, inside) == selection


def test_a_view_that_was_turned_to_inside_a_step_stays():
    selection = Selection(view=view("health"))
    outside = shown(selection)
    inside = replace(outside, in_a_step=True)
    turned = selection.following(inside, outside).staying_with(view("slope"))
    assert turned.following(outside, inside) is turned


@given(st.integers(0, 11), st.integers(0, 11), st.integers(1, 12), st.integers(1, 9))
def test_rows_that_have_gone_are_not_chosen(row, first, count, visible):
    selection = Selection(cursor=Cursor(row, first))
    before = shown(selection)
    now = replace(before, row_count=count)
    fitting = selection.fitting(now, before, visible)
    assert fitting.cursor.row <= count - 1
    assert fitting.cursor.first <= max(0, count - visible)
    assert fitting.fitting(now, before, visible) == fitting


def test_another_model_begins_at_the_first_row_and_the_same_one_where_it_was():
    selection = Selection(cursor=Cursor(row=4), other=Cursor(row=1), point=17)
    before = shown(selection)
    again = shown(selection, points=10)  # another scene, listed by the same
    assert selection.fitting(again, before, 4) == replace(selection, point=9)
    smaller = shown(selection, hidden=(4,))
    assert selection.fitting(smaller, before, 4) == Selection(point=17)


def test_a_unit_that_was_placed_is_chosen_once():
    selection = Selection().staying_with(view("ReLUs"))
    before = shown(selection, hidden=(16,))
    placed = Placed(None, 1.0, 0.5)
    now = replace(shown(selection, hidden=(17,)), outcome=placed)
    chosen = selection.fitting(now, before, 5)
    assert chosen.cursor == Cursor(row=16, first=12)
    moved = chosen.moved(now, by=-3)
    assert moved.fitting(replace(now, request=ViewRequest(by_unit=True)), now, 5) == moved


def test_of_the_output_the_hidden_layer_before_it_is_meant():
    for row, layer in enumerate((0, 0, 1, 1, 1, 1)):
        selection = Selection(cursor=Cursor(row=row))
        assert selection.layer(shown(selection)) == layer
