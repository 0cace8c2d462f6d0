"""What the program was started for: a run, and where, how and within which limits it is shown."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nn_core.config import Config
from nn_core.config.limits import NO_LIMITS, Limits

if TYPE_CHECKING:
    from nn_core.lessons.lesson import Lesson


@dataclass(frozen=True)
class LaunchOptions:
    """What a command line asks for: a run, and where, how and within which limits it is shown.

    With a `session` file the run is that of the file, under the settings in `overrides`; with
    `resume` it is the last one that was saved.  `offers` is whether the last one may be offered,
    since none in particular is asked for; without `autosave` none is read or written.
    `loss_is_asked`: it is no default, which a target of classes would replace.
    `in_browser` says that the screen is a browser's, at the other end of standard input and output.
    `keys` are a person's own, where they aren't the default ones, as Textual's keymap has them;
    `mistakes` are those found in the environment and the config file, a line each.  `lesson_name`
    is the lesson that is asked for, `lesson` the same once it is read; it brings its own run where
    `begins_elsewhere`, since none in particular is asked for.  `lessons` are folders of others
    beside the course, `language` is what their texts are to be in.
    """

    config: Config
    output: str  # "screen", "plain" or "json"
    every: int
    theme: str
    markers: str
    frames_per_second: int
    mouse: bool
    save: tuple[Path, ...] = ()
    predict: Path | None = None  # rows to predict for; --save then names the file for it
    session: Path | None = None
    overrides: tuple[tuple[str, Any], ...] = ()
    resume: bool = False
    offers: bool = False
    loss_is_asked: bool = False
    autosave: bool = True
    limits: Limits = NO_LIMITS
    in_browser: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)
    mistakes: tuple[str, ...] = ()
    lesson: "Lesson | None" = None
    lesson_name: str = ""
    begins_elsewhere: bool = False
    lessons: tuple[Path, ...] = ()
    language: str = ""

    @property
    def is_kiosk(self) -> bool:
        """Whether it is offered to strangers."""
        return self.limits != NO_LIMITS


def config_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the file is: the same on macOS as on Linux, in %APPDATA% on Windows."""
    if sys.platform == "win32":
        from platformdirs.windows import Windows

        return Windows("nn-tui", appauthor=False, roaming=True).user_config_path / "config.toml"
    folder = environment.get("XDG_CONFIG_HOME", "")
    # The standard says: a relative path there is to be ignored.
    base = Path(folder) if folder.startswith("/") else Path.home() / ".config"
    return base / "nn-tui" / "config.toml"
