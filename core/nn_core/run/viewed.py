"""Settings that only a view looks at, such as the pace: they hold in past and future alike."""

from nn_core.config import Config, settings
from nn_core.optim.schedules import SCHEDULES


def viewed_settings(config: Config) -> set[str]:
    """The settings that training does not look at; a schedule looks at the planned epochs."""
    names = {each.name for each in settings() if each.effect == "view"}
    return names - {"epochs"} if SCHEDULES[config.schedule].ends else names


def with_view_of(old: Config, new: Config) -> Config:
    """The new settings, with those that only the view looks at as they were."""
    return new.replace(**{name: getattr(old, name) for name in viewed_settings(new)})
