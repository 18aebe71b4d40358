"""What an error says: the texts of JSONata 2.0.6 in place of the library's, as far as its own tell what they need."""

from __future__ import annotations

import json
import re

# Of the table of error codes of JSONata 2.0.6, the version that Step Functions names as its own.
_FIXED = {
    "D3010": "Second argument of replace function cannot be an empty string",
    "D3011": "Fourth argument of replace function must evaluate to a positive number",
    "D3012": "Attempted to replace a matched string with a non-string value",
    "D3040": "Third argument of match function must evaluate to a positive number",
    "D3050": "The second argument of reduce function must be a function with at least two arguments",
    "D3070": "The single argument form of the sort function can only be applied to an array of strings or an array of"
    " numbers.  Use the second argument to specify a comparison function",
    "D3138": "The $single() function expected exactly 1 matching result.  Instead it matched more.",
    "D3139": "The $single() function expected exactly 1 matching result.  Instead it matched 0.",
    "T1006": "Attempted to invoke a non-function",
    "T2003": "The left side of the range operator (..) must evaluate to an integer",
    "T2004": "The right side of the range operator (..) must evaluate to an integer",
    "T2006": "The right side of the function application operator ~> must be a function",
}
_OF_A_VALUE = {
    "D3030": ("unable to cast value to a number: ", "Unable to cast value to a number: "),
    "D3110": (
        "invalid ISO 8601 timestamp: ",
        "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given ",
    ),
}
_OPERATOR = re.compile(r"(?<=side of the )(\S+)(?= operator)")
_FUNCTION = re.compile(r"\$(\w+)")
_ARGUMENT = re.compile(r"argument (\d+)", re.IGNORECASE)
_KIND = re.compile(r"array of (\w+)")


def reworded(code: str, message: str, function: str = "") -> str:
    """The message of an error of this code; `function` is the only one that the expression calls, if that is known."""
    if code in _FIXED:
        return _FIXED[code]
    if code in ("T2001", "T2002"):
        return _OPERATOR.sub(r'"\1"', message)
    if code in _OF_A_VALUE:
        own, text = _OF_A_VALUE[code]
        _, found, value = message.partition(own)
        return f"{text}{json.dumps(value, ensure_ascii=False)}" if found else message
    if code not in ("T0410", "T0412"):
        return message
    named, argument, kind = _FUNCTION.search(message), _ARGUMENT.search(message), _KIND.search(message)
    unnamed = function if "of function " in message else ""
    name, place = named[1] if named else unnamed, int(argument[1]) if argument else 1
    if name and code == "T0410":
        return mismatch(place, name)
    return f'Argument {place} of function "{name}" must be an array of "{kind[1]}"' if name and kind else message


def mismatch(argument: int, function: str) -> str:
    """T0410: an argument, counted from one, that the function cannot take."""
    return f'Argument {argument} of function "{function}" does not match function signature'
