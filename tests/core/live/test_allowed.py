"""What a kiosk allows to be asked: each request stands in a list here, and a new one is refused."""

from dataclasses import dataclass

import pytest

from nn_core.config.limits import KIOSK, NO_LIMITS, Limits
from nn_core.errors import RequestError
from nn_core.live import edit_requests, file_requests, requests, search_requests, task_requests
from nn_core.live.allowed import is_allowed, require_allowed
from nn_core.live.file_requests import Load, OpenSession, PredictFile, Resume, Save
from nn_core.live.requests import Request

READ_ONLY = Limits(files="none")
# A new request fails these tests until somebody has thought about whether it touches a file.
IN_ANY_KIOSK = {
    "Look", "Say", "Complain", "Dismiss", "RunOrPause", "StartRunning", "Advance", "NextEpoch",
    "NextPhase",
    "Back", "Seek", "SeekTyped", "BackSteps", "Restart", "KeepCurve", "Nudge", "Assign", "Set",
    "Turn", "Freeze",
    "ToggleContest", "ShowHint", "AddUnit", "RemoveUnit", "PlaceUnit", "AddLayer", "RemoveLayer",
    "AddPoint", "RemovePoint", "FindRate", "TakeRate", "MapSettings", "TakeSettings",
    "CheckGradient", "MeasureBatches", "MeasureModel", "ListSteps", "LeaveSearch",
    "BeginTask", "MarkFirst", "ReturnToTask",
    "BeginAnother", "CompareRuns", "TakeUp", "Forget", "SetAside", "BringBack",
}  # fmt: skip
WHERE_STATE_IS_SAVED = {"Resume", "ResumeOffered"}
NEVER = {"Load", "Save", "OpenSession", "OpenTable", "SayOpened", "PredictFile"}
REQUESTS = {
    name: found
    for module in (requests, edit_requests, file_requests, search_requests, task_requests)
    for name, found in vars(module).items()
    if isinstance(found, type) and issubclass(found, Request) and found is not Request
}


def allowed(limits):
    return {name for name, kind in REQUESTS.items() if is_allowed(kind, limits)}


def test_every_request_is_classed():
    assert REQUESTS.keys() == IN_ANY_KIOSK | WHERE_STATE_IS_SAVED | NEVER
    assert {kind for kind in all_kinds() if kind.__module__.startswith("nn_core.")} == {
        *REQUESTS.values()
    }


def all_kinds(kind=Request):
    for found in kind.__subclasses__():
        yield found
        yield from all_kinds(found)


def test_without_limits_all_is_allowed():
    assert allowed(NO_LIMITS) == REQUESTS.keys()


def test_a_kiosk_allows_what_is_listed():
    assert allowed(KIOSK) == IN_ANY_KIOSK | WHERE_STATE_IS_SAVED


def test_a_read_only_kiosk_allows_what_touches_no_file():
    assert allowed(READ_ONLY) == IN_ANY_KIOSK
    assert {name for name, kind in REQUESTS.items() if kind.files == "none"} == IN_ANY_KIOSK


@pytest.mark.parametrize("limits", [KIOSK, READ_ONLY])
def test_a_new_request_is_refused_until_it_is_listed(limits):
    @dataclass(frozen=True)
    class New(requests.Look):
        """One that does what an allowed one does, and yet isn't on the list."""

    with pytest.raises(RequestError, match="a kiosk doesn’t allow this"):
        require_allowed(New(), limits)


@pytest.mark.parametrize("limits", [KIOSK, READ_ONLY])
@pytest.mark.parametrize(
    ("kind", "refusal"),
    [
        (Load, "a kiosk loads no files"),
        (Save, "a kiosk saves no files"),
        (OpenSession, "a kiosk opens no files"),
        (PredictFile, "a kiosk reads no files"),
    ],
)
def test_a_file_is_refused_before_it_is_looked_at(laboratory, kind, refusal, limits, tmp_path):
    path = tmp_path / "run.json"
    path.write_text("left as it is")
    with laboratory(limits=limits) as lab:
        assert lab.ask(kind(str(path))).complaint == refusal
    assert [*tmp_path.iterdir()] == [path]
    assert path.read_text() == "left as it is"


def test_a_read_only_kiosk_resumes_nothing(laboratory):
    with laboratory(limits=READ_ONLY) as lab:
        assert lab.ask(Resume()).complaint == "no runs are saved here"
