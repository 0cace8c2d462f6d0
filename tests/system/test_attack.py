"""Random sessions of the real program: none ends it, hangs it, or leaves anything broken."""

import time

import attack
import pytest


@pytest.mark.parametrize(
    ("seconds", "seed"),
    [(30.0, 0), pytest.param(1800.0, int(time.time()), marks=pytest.mark.soak)],
    ids=["30 s", "half an hour"],
)
@pytest.mark.parametrize("is_kiosk", [False, True], ids=["person", "kiosk"])
def test_no_session_is_a_success(seconds: float, seed: int, is_kiosk: bool) -> None:
    found = [*attack.attack(seconds, seed, is_kiosk)]
    assert not found, "\n".join(found)


def test_a_finding_is_shrunk_to_what_leads_to_it() -> None:
    noise = (("keys", "s"), ("size", (30, 9)))
    wrong = ("signal", "SIGALRM")  # after which the key for help raises
    session = attack.Session("quadratic", False, (*noise, wrong, *noise, ("keys", "?")))
    found = attack.finding(session)
    assert found.startswith("ended with 1: ")
    assert attack.shrunk(session, found).actions == (wrong, ("keys", "?"))
