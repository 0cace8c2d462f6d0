"""How the room on the screen is shared out: the table takes what it needs, the plots the rest."""

from textual.geometry import Size

LEAST_SIZE = Size(40, 12)
LEAST_WHOLE = Size(80, 24)  # from here on everything has its room
TWO_PLOTS_FROM = 60  # columns
RESIDUALS_FROM = 100  # columns: from here on there is room for every point's residual
THIRD_PLOT_FROM = 34  # lines: from here on the gradient has a plot of its own
POINT_OF_NETWORK_FROM = 24  # lines: a network has more rows to list
SIDE_FROM = 120  # columns: from here on a view has the fit and the loss beside it
LEAST_VIEW = 81  # columns, of which one is blank, before the plots
FIXED_LINES = 12  # header, least plot, point, table's title, words, status, keys


def is_too_small(size: Size) -> bool:
    """Whether there is no room for anything but to say so."""
    return size.width < LEAST_SIZE.width or size.height < LEAST_SIZE.height


def hidden(kind: str, count: int, size: Size, view: str) -> str:
    """What a small screen has no room for in a view, in a few words; "" where it has for all."""
    if size.width >= LEAST_WHOLE.width and size.height >= LEAST_WHOLE.height:
        return ""
    if view != "fit":
        return "some of this view"
    unseen = ["loss"] if size.width < TWO_PLOTS_FROM else []
    rows = min(table_rows(kind, count, size.height), count)
    if kind != "mlp" and rows < count:
        unseen.append(f"{count - rows} of {count} rows")
    return ", ".join(unseen)


def table_rows(kind: str, count: int, height: int) -> int:
    """How many parameters or layers are listed: all, or of a network a quarter of the screen.

    Under a quadratic's three there is one row of room, for its formula in other units.
    """
    wanted = min(count, max(4, height // 4)) if kind == "mlp" else count + (kind == "quadratic")
    return max(1, min(wanted, height - FIXED_LINES))


def lesson_rows(size: Size) -> int:
    """How many rows a lesson has: five at 80 × 24, some more on a narrow or a high screen."""
    if size.width < LEAST_WHOLE.width and size.height > LEAST_SIZE.height + 2:
        return 7
    return 5 if size.height < THIRD_PLOT_FROM else 8


def side_width(width: int) -> int:
    """How many columns the plots have beside another view; 0 where there is no room for both."""
    return width - max(LEAST_VIEW, 3 * width // 5) if width >= SIDE_FROM else 0


def own_rows(rows: int, height: int, alone: bool = False) -> int:
    """How many rows a view lists that shows so many itself on a screen of 24 lines.

    Of a higher screen they have half of what is more, or `alone` all of it.
    """
    return rows + max(0, height - LEAST_WHOLE.height) // (1 if alone else 2)


def has_point_line(kind: str, height: int) -> bool:
    """Whether the chosen point has its line."""
    return kind != "mlp" or height >= POINT_OF_NETWORK_FROM
