"""What is written where a terminal has fewer characters than most: one cell for one cell.

Only powers and an ellipsis take more room in ASCII, where nothing shorter would be understood.
"""

_CONSOLE = str.maketrans(
    {
        "━": "═", "┊": ":", "╎": "│", "┄": "-", "●": "•", "◉": "☼", "◆": "♦", "▸": "►", "▶": "►",
        "◂": "◄", "△": "⌂", "✓": "√", "−": "-", "–": "-", "×": "x", "’": "'", "…": ".", "½": "½",
        "₁": "1", "₂": "2", "⁻": "-", "ᵀ": "T", "ᵗ": "t", "ᶻ": "z", "∂": "d", "η": "n", "θ": "Θ",
        "β": "ß", "λ": "l", "μ": "µ", "ŝ": "s", "\u0302": None, "⣀": "_", "⠂": ".", "⠐": ".",
        "▁": "_", "▂": "_", "▃": "▄", "▅": "▄", "▆": "█", "▇": "█", "▖": "▄", "▗": "▄", "▘": "▀",
        "▝": "▀", "▙": "█", "▟": "█", "▛": "█", "▜": "█", "▚": "█", "▞": "█", "✦": "*", "▴": "▲",
        "▾": "▼",
    }
)  # fmt: skip
_ASCII = str.maketrans(
    {
        "─": "-", "━": "=", "═": "=", "│": "|", "┊": ":", "├": "|", "┤": "|", "└": "|", "╎": ":",
        "┄": ".", "●": "o", "•": "o", "◉": "@", "○": "+", "◆": "#", "▸": ">", "▶": ">", "◂": "<",
        "▲": "^", "▼": "v", "△": "_", "✓": "v", "⣀": "_", "⠂": ".", "⠐": ".", "·": "*", "−": "-",
        "–": "-", "×": "x", "÷": "/", "±": "~", "→": ">", "←": "<", "↑": "^", "↓": "v",
        "²": "^2", "’": "'", "…": "...", "₁": "1", "₂": "2", "⁻": "-", "ᵀ": "T", "ᵗ": "t",
        "ᶻ": "z", "½": "0.5", "√": "V", "≤": "<", "≥": ">", "∂": "d", "Σ": "S", "Θ": "T",
        "α": "a", "β": "b", "δ": "d", "ε": "e", "η": "n", "θ": "t", "λ": "l", "μ": "u", "π": "p",
        "σ": "s", "ŝ": "s", "\u0302": None, "█": "#", "▀": "\"", "▄": "_", "▁": "_", "▂": "_",
        "▃": "_", "▅": "=", "▆": "=", "▇": "#", "✦": "*", "▴": "^", "▾": "v", "┴": "|", "∙": ".",
    }
)  # fmt: skip


def to_ascii(text: str) -> str:
    """The same with plain characters; "?" for what has no likeness among them."""
    return text.translate(_ASCII).encode("ascii", "replace").decode("ascii")


def to_console(text: str) -> str:
    """The same with what the Linux console's font has, the characters of code page 437."""
    return text.translate(_CONSOLE)
