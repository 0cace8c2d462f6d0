"""What is written where a terminal has fewer characters than most: one cell for one cell.

Only powers and an ellipsis take more room in ASCII, where nothing shorter would be understood.
"""

_NOTHING = {0x0302: None}  # the hat that stands over the letter before it


def _spelling(*pairs: tuple[str, str]) -> dict[int, int | None]:
    """Characters, and under each what is written in its place."""
    table: dict[int, int | None] = {}
    for characters, instead in pairs:
        table |= str.maketrans(characters, instead)
    return table | _NOTHING


_IN_BOTH = (
    ("┊⣀⡀⠂⠐▁▂✗✦", ":_...__x*"),
    ("−–×’“”≠′∂ηλŝ∫◦", "--x'\"\"!'dnlsSo"),
    ("₀₁₂⁻ᵀᵗᶻˣ", "012-Ttzx"),
)
_CONSOLE = _spelling(
    *_IN_BOTH,
    ("━╎┄●◉◆◇▸▶◂△▾▴▔□", "═│-•☼♦○►►◄⌂▼▲▀○"),
    ("▃▅▆▇▖▗▘▝▙▟▛▜▚▞", "▄▄██▄▄▀▀██████"),
    ("✓…θβμ", "√.Θßµ"),
)
_ASCII = _spelling(
    *_IN_BOTH,
    ("─━═│├┤└╎┄┴┼", "-==||||:.|+"),
    ("●•∙◉○◆◇▸▶►◂◄»«▲▼▴▾△■□", "oo.@+#*>>><<><^v^v_#_"),
    ("█▓▒░▀▄▃▅▆▇▔", "#%=-\"__==#'"),
    ("✓·÷±≈→←↑↓√≤≥", "v*/~~><^vV<>"),
    ("ΣΘΦαβδεθμπσφ", "STPabdetupsf"),
) | {ord("²"): "^2", ord("…"): "...", ord("½"): "0.5"}


def to_ascii(text: str) -> str:
    """The same with plain characters; "?" for what has no likeness among them."""
    return text.translate(_ASCII).encode("ascii", "replace").decode("ascii")


def spelled_plainly(error: UnicodeError) -> tuple[str, int]:
    """An error handler for a stream: writes what its encoding lacks with plain characters."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return to_ascii(error.object[error.start : error.end]), error.end


def to_console(text: str) -> str:
    """The same with what the Linux console's font has, the characters of code page 437."""
    return text.translate(_CONSOLE)
