"""The eight state types, one file each."""

from emulator.languages.asl.states.choice import ChoiceState
from emulator.languages.asl.states.fail import FailState
from emulator.languages.asl.states.map import MapState
from emulator.languages.asl.states.parallel import ParallelState
from emulator.languages.asl.states.pass_ import PassState
from emulator.languages.asl.states.state import State
from emulator.languages.asl.states.succeed import SucceedState
from emulator.languages.asl.states.task import TaskState
from emulator.languages.asl.states.wait import WaitState

STATES: dict[str, type[State]] = {
    "Pass": PassState,
    "Task": TaskState,
    "Choice": ChoiceState,
    "Wait": WaitState,
    "Succeed": SucceedState,
    "Fail": FailState,
    "Parallel": ParallelState,
    "Map": MapState,
}

__all__ = ["STATES", "State"]
