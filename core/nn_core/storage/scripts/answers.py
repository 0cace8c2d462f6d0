"""From a raw row to an answer, as a program: what a script needs to predict for rows of a file.

It is the Schema of the data, written down: the columns that inputs are made of, what texts become,
how inputs are scaled, and what the model's outputs mean.  Only what these data use is written, in
plain Python, so that a script of NumPy and one of PyTorch have the same.
"""

import textwrap
from collections.abc import Iterator

from nn_core.data.cells import MISSING
from nn_core.data.schema import Scaling, Schema

WIDTH = 100
IMPORTS = ("csv", "itertools", "math", "re", "sys")  # of what is written here


def encoding(schema: Schema) -> str:
    """The function `inputs_of(row)`, and the names and numbers that it needs."""
    return "\n\n\n".join(["\n".join(_constants(schema)), *_cells(schema), _inputs_of(schema)])


def _constants(schema: Schema) -> Iterator[str]:
    yield wrapped("COLUMNS = ", [column.name for column in schema.columns])
    levels = {column.name: column.levels for column in schema.columns if column.levels}
    if levels:
        yield "LEVELS = {  # the texts of a column, an input each"
        yield from (wrapped(f"    {name!r}: ", [*found]) + "," for name, found in levels.items())
        yield "}"
    fills = {
        column.name: column.levels[int(column.fill)] if column.levels else column.fill
        for column in schema.columns
        if column.fill is not None
    }
    if fills:
        yield "FILL = {  # what stands for a missing cell"
        yield from (f"    {name!r}: {value!r}," for name, value in fills.items())
        yield "}"
    yield wrapped("MISSING = ", sorted(MISSING))
    if schema.x_scaling:
        yield from scaling("", schema.x_scaling)


def scaling(prefix: str, found: Scaling) -> Iterator[str]:
    """The lines that say how columns were scaled."""
    yield wrapped(f"{prefix}MEAN = ", found.mean.tolist())
    yield wrapped(f"{prefix}DEVIATION = ", found.deviation.tolist())


def _cells(schema: Schema) -> Iterator[str]:
    """The functions that read a cell."""
    fills = any(column.fill is not None for column in schema.columns)
    numbers = [column for column in schema.columns if not column.levels]
    if numbers:
        read = "float(row[column])"
        if any(column.kind == "truth" for column in numbers):
            read = (
                'float({"true": 1, "false": 0}.get(str(row[column]).strip().lower(), row[column]))'
            )
        yield textwrap.dedent(f'''
            def number(row, column):
                """The number in a cell; where it is missing {"FILL’s, or " * fills}NaN."""
                if str(row[column]).strip().lower() in MISSING:
                    return {"FILL.get(column, math.nan)" if fills else "math.nan"}
                return {read}
            ''').strip("\n")
    if len(numbers) < len(schema.columns):
        text = "FILL.get(column)" if fills else "None"
        yield textwrap.dedent(f'''
            def one_hot(row, column):
                """1 for the text in a cell, 0 for its column’s others; NaN where it is missing."""
                text = str(row[column]).strip()
                if text.lower() in MISSING:
                    text = {text}
                if text is None:
                    return [math.nan] * len(LEVELS[column])
                if text not in LEVELS[column]:
                    known = ", ".join(LEVELS[column])
                    raise ValueError(f"{{column}}: {{text!r}} is none of {{known}}")
                return [float(text == level) for level in LEVELS[column]]
            ''').strip("\n")  # fmt: skip


def _inputs_of(schema: Schema) -> str:
    lines = [
        "def inputs_of(row):",
        '    """A row’s inputs, from its cells by the names of their columns, or in that order."""',
        "    row = row if isinstance(row, dict) else dict(zip(COLUMNS, row))",
    ]
    if schema.features:
        first, second = (repr(column.name) for column in schema.columns)
        made = [
            name.replace("^2", "**2").replace("*x", " * x").replace("sin", "math.sin")
            for name in schema.features
        ]
        lines += [
            f"    x1, x2 = number(row, {first}), number(row, {second})",
            f"    inputs = [{', '.join(made)}]",
        ]
    elif schema.takes_columns:
        lines.append("    inputs = [number(row, column) for column in COLUMNS]")
    else:
        lines += ["    inputs = []", "    for column in COLUMNS:"]
        reading = "one_hot(row, column)"
        if not all(column.levels for column in schema.columns):
            reading += " if column in LEVELS else [number(row, column)]"
        lines.append(f"        inputs += {reading}")
    result = "inputs"
    if schema.x_scaling:
        result = "[(value - mean) / by for value, mean, by in zip(inputs, MEAN, DEVIATION)]"
    return "\n".join([*lines, f"    return {result}"])


def meaning(schema: Schema) -> str:
    """What a prediction is, in words."""
    if schema.classes:
        return "the probability of each class, (rows, classes)"
    return "the targets, (rows, targets)" + (", in the units of the file" * bool(schema.y_scaling))


def header(schema: Schema) -> Iterator[str]:
    """The lines that say what predictions are called, and how targets were scaled."""
    yield wrapped("TARGETS = ", [*schema.targets])
    if schema.classes:
        yield wrapped("CLASSES = ", [*schema.classes])
    if schema.y_scaling:
        yield from scaling("TARGET_", schema.y_scaling)


_PLAIN = (
    "def plain(cell, separator):",
    '    """A number without thousands separators, % or a currency; its decimals with a point."""',
    '    cell = re.sub(r"[$\N{EURO SIGN}\N{POUND SIGN}\N{YEN SIGN}% '
    '\'’\\xa0\\u202f]|CHF|EUR|USD|GBP", "", cell).replace("−", "-")',
    '    if separator != "," and "," in cell:  # decimals have commas',
    '        return cell.replace(".", "").replace(",", ".")',
    '    return cell.replace(",", "")',
    "",
    "",
)


def file_reader(schema: Schema) -> str:
    """The function `predict_file(path)`, which prints predictions as CSV."""
    names = '[*TARGETS, *(f"p({name})" for name in CLASSES)]' if schema.classes else "TARGETS"
    label = "[CLASSES[answer.index(max(answer))], *answer]" if schema.classes else "answer"
    numbers = [column.name for column in schema.columns if not column.levels]
    every = len(numbers) == len(schema.columns)
    named = "COLUMNS" if every else numbers
    return "\n".join(
        [
            *(_PLAIN if numbers else []),
            "def predict_file(path):",
            '    """Print predictions for a CSV file’s rows; empty where a cell is missing."""',
            '    with open(path, newline="", encoding="utf-8-sig") as file:',
            "        header = file.readline()",
            '        separator = max(",;\\t|", key=header.count)',
            "        names = next(csv.reader([header], delimiter=separator))",
            "        names = [name.strip() for name in names]",
            "        rows = list(csv.DictReader(file, names, delimiter=separator))",
            "    for name in COLUMNS:",
            "        if name not in names:",
            '            raise ValueError(f"there is no column {name!r}")',
            *([f"    for row, name in itertools.product(rows, {named}):"] if numbers else []),
            *(['        row[name] = plain(row[name] or "", separator)'] if numbers else []),
            '    writer = csv.writer(sys.stdout, lineterminator="\\n")',
            f"    names = {names}",
            "    writer.writerow(names)",
            "    for answer in predict(rows).tolist():",
            "        is_whole = all(map(math.isfinite, answer))",
            f'        said = {label} if is_whole else [""] * len(names)',
            "        writer.writerow(said)",
        ]
    )


def wrapped(opening: str, values: list[object] | list[str] | list[float]) -> str:
    """A list as it stands in a program."""
    whole = f"{opening}{values!r}"
    if len(whole) <= WIDTH - 1:
        return whole
    inset = " " * (len(opening) - len(opening.lstrip()) + 4)
    lines = [inset]
    for value in map(repr, values):
        if len(lines[-1]) + len(value) + 2 > WIDTH and lines[-1].strip():
            lines.append(inset)
        lines[-1] += f"{value}, "
    return "\n".join([f"{opening}[", *(line.rstrip() for line in lines), f"{inset[4:]}]"])
