"""What all tests share.

Hypothesis draws the same examples each time, so that a failure comes again;
HYPOTHESIS_PROFILE=explore draws new ones.
"""

import os

from hypothesis import settings

import nn_core  # noqa: F401 - before NumPy, which it tells to use one thread

settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))
