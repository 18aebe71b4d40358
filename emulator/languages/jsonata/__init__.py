"""JSONata as AWS Step Functions has it: version 2.0.6 with its own functions, on a clock that is given."""

from emulator.languages.jsonata.chance import Chance
from emulator.languages.jsonata.evaluation import Expression, expression
from emulator.languages.jsonata.values import UNDEFINED, JsonataError

__all__ = ["UNDEFINED", "Chance", "Expression", "JsonataError", "expression"]
