"""From a gradient to an update: optimizers, schedules, penalties, clipping, freezing."""
