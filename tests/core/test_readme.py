"""What the README of the core shows from Python is carried out, and comes to what stands there."""

import doctest
import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "core" / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", README, re.M | re.S)


@pytest.mark.parametrize("example", EXAMPLES, ids=["program", "notebook"])
def test_an_example_runs_as_written(example, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    if ">>>" not in example:
        exec(compile(example, "README.md", "exec"), {})
        return
    test = doctest.DocTestParser().get_doctest(example, {}, "README.md", "README.md", 0)
    failed = doctest.DocTestRunner().run(test).failed
    assert not failed, capsys.readouterr().out
