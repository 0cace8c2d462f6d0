"""Whatever finite numbers a run is made of, every view, table, plot and line of it is drawn."""

from extremes import extreme_runs, in_every_view
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.geometry import Size

from nn_core import Timeline
from nn_tui.panels import lines, plots
from nn_tui.panels.standing_words import StandingWords
from nn_tui.panels.table import table
from nn_tui.plot.render import render
from nn_tui.text.roles import width_of
from nn_tui.views import Frame, view

SIZES = [(40, 12), (60, 18), (80, 24), (160, 50)]


@settings(max_examples=25)
@given(
    timeline=extreme_runs(),
    chosen=st.integers(0, 20),
    opened=st.booleans(),
    size=st.sampled_from(SIZES),
    markers=st.sampled_from(["braille", "blocks", "ascii"]),
)
def test_everything_is_drawn_of_all_finite_numbers(
    timeline: Timeline, chosen: int, opened: bool, size: tuple[int, int], markers: str
) -> None:
    width, height = size
    for snapshot in in_every_view(timeline, chosen, opened):
        lines.header(snapshot, Size(*size))
        lines.status(snapshot, width)
        lines.point(snapshot, width)
        lines.words(snapshot, width, StandingWords())
        if snapshot.request.view == "fit":
            table(snapshot, chosen, 0, height, width)
            for plot in (
                plots.fit(snapshot, markers, True),
                plots.loss(snapshot, markers),
                plots.gradient(snapshot, markers),
            ):
                assert len(render(plot, width, height)) == height
        else:
            found = view(snapshot.request.view).draw(snapshot, Frame(width, height, markers))
            assert len(found) <= height
            assert max(map(width_of, found), default=0) <= width
