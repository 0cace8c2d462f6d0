"""What a kiosk allows to be asked of the training thread: a request on these lists, no other.

How much a request may take is held by the `Limits`; here is which requests there may be at all.
"""

from nn_core.config.limits import Files, Limits
from nn_core.errors import RequestError
from nn_core.live.edit_requests import (
    AddLayer,
    AddPoint,
    AddUnit,
    Assign,
    Freeze,
    Nudge,
    PlaceUnit,
    RemoveLayer,
    RemovePoint,
    RemoveUnit,
    Set,
    ShowHint,
    ToggleContest,
    Turn,
)
from nn_core.live.file_requests import BeginAnother, Resume, ResumeOffered
from nn_core.live.requests import (
    Advance,
    Back,
    BackSteps,
    CompareRuns,
    Complain,
    Dismiss,
    Forget,
    KeepCurve,
    Look,
    NextEpoch,
    NextPhase,
    Request,
    Restart,
    RunOrPause,
    Say,
    Seek,
    SeekTyped,
    StartRunning,
    TakeUp,
)
from nn_core.live.search_requests import (
    CheckGradient,
    FindRate,
    LeaveSearch,
    ListSteps,
    MapSettings,
    MeasureBatches,
    MeasureModel,
    TakeRate,
    TakeSettings,
)
from nn_core.live.task_requests import BeginTask, BringBack, MarkFirst, ReturnToTask, SetAside

# No request on this list touches a file.
_WITHOUT_FILES: frozenset[type[Request]] = frozenset(
    {
        *(Look, Say, Complain, Dismiss),
        *(RunOrPause, StartRunning, Advance, NextEpoch, NextPhase, Back),
        *(BackSteps, Seek, SeekTyped),
        *(Restart, BeginAnother, KeepCurve, CompareRuns, TakeUp, Forget),
        *(Nudge, Assign, Set, Turn, Freeze, ToggleContest, ShowHint),
        *(AddUnit, RemoveUnit, PlaceUnit, AddLayer, RemoveLayer, AddPoint, RemovePoint),
        *(FindRate, TakeRate, MapSettings, TakeSettings),
        *(CheckGradient, MeasureBatches, MeasureModel, ListSteps, LeaveSearch),
        *(BeginTask, MarkFirst, ReturnToTask, SetAside, BringBack),
    }
)
# By the files that there may be: a kiosk has "state", a read-only kiosk "none".
ALLOWED: dict[Files, frozenset[type[Request]]] = {
    "none": _WITHOUT_FILES,
    "state": _WITHOUT_FILES | {Resume, ResumeOffered},
}


def is_allowed(kind: type[Request], limits: Limits) -> bool:
    """Whether requests of this kind may be made within these limits."""
    return limits.files == "all" or kind in ALLOWED[limits.files]


def require_allowed(request: Request, limits: Limits) -> None:
    """Raise `RequestError` for a request that may not be made within these limits."""
    if not is_allowed(type(request), limits):
        raise RequestError(request.refusal)
