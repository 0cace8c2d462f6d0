"""The rows as a table for people."""

from measure import Row, Skipped

HEADER = ("what", "ours", "against", "theirs", "ratio", "bar", "ok")
WIDTHS = (62, 10, 52, 10, 8, 8, 2)


def header() -> str:
    """The table's first line."""
    return _line(HEADER)


def line(row: Row | Skipped) -> str:
    """A row as a line of the table."""
    if isinstance(row, Skipped):
        return f"{row.what}: skipped, {row.why}"
    unit = "" if row.ratio is not None else row.unit
    theirs = "" if row.theirs is None else quantity(row.theirs, row.unit)
    ratio = "" if row.ratio is None else f"{row.ratio:.3g} ×"
    bar = "" if row.bar is None else f"{row.bar.sign} {quantity(row.bar.value, unit)}"
    ok = {None: "", True: "ok", False: "NO"}[row.ok]
    return _line((row.what, quantity(row.ours, row.unit), row.against, theirs, ratio, bar, ok))


def quantity(value: float, unit: str) -> str:
    """A number with its unit, in three digits."""
    if unit == "s":
        for size, name in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
            if value >= size:
                return f"{value / size:.3g} {name}"
        return f"{value / 1e-9:.3g} ns"
    if unit == "/s":
        return f"{value / 1e3:.4g} k/s" if value >= 1e4 else f"{value:.4g} /s"
    return f"{value:.0f} {unit}" if unit else f"{value:g}"


def _line(cells: tuple[str, ...]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True))
    return "  ".join(padded).rstrip()
