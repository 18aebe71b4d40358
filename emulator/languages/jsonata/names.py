"""Whose the names of functions are: JSONata's, those of Step Functions, or the library's alone."""

from __future__ import annotations

PROVIDED = frozenset(("hash", "parse", "partition", "range", "uuid"))
"""Functions that Step Functions adds."""

ABSENT = frozenset(("flatten", "parseNumber", "typeOf", "values"))
"""Functions of the library that are not JSONata 2.0.6."""

DRAWING = frozenset(("eval", "random", "shuffle", "uuid"))
"""Functions that may ask chance."""

REPLACED = frozenset(("random", "shuffle")) | ABSENT
"""Names of the library that do not mean here what they mean there."""

# fmt: off
BUILT_IN = frozenset((
    "abs", "append", "assert", "average", "base64decode", "base64encode", "boolean", "ceil", "clone",
    "contains", "count", "decodeUrl", "decodeUrlComponent", "distinct", "each", "encodeUrl",
    "encodeUrlComponent", "error", "eval", "exists", "filter", "floor", "formatBase", "formatInteger",
    "formatNumber", "fromMillis", "join", "keys", "length", "lookup", "lowercase", "map", "match", "max",
    "merge", "millis", "min", "not", "now", "number", "pad", "parseInteger", "power", "reduce", "replace",
    "reverse", "round", "sift", "single", "sort", "split", "spread", "sqrt", "string", "substring",
    "substringAfter", "substringBefore", "sum", "toMillis", "trim", "type", "uppercase", "zip",
))
# fmt: on
"""The other functions of JSONata 2.0.6. A variable of such a name hides the function."""
