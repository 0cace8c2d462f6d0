"""The README's key table is the one that the program has."""

from pathlib import Path

from nn_tui.keys import GROUPS, in_group

README = Path(__file__).parents[2] / "README.md"


def test_every_key_stands_in_the_readme_as_the_program_describes_it():
    rows = []
    for group, title in GROUPS.items():
        names = [title.lower(), *[""] * len(list(in_group(group)))]
        rows += [
            f"| {name} | `{key.shown}` | {key.about} |"
            for name, key in zip(names, in_group(group), strict=False)
        ]
    assert "\n".join(rows) in README.read_text(encoding="utf-8")
