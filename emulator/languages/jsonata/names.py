"""Whose the names of functions are: JSONata's, those of Step Functions, or the library's alone."""

from __future__ import annotations

PROVIDED = frozenset(("hash", "parse", "partition", "range", "uuid"))
"""Functions that Step Functions adds."""

ABSENT = frozenset(("eval", "flatten", "parseNumber", "typeOf", "values"))
"""Names of the library that mean nothing here: `$eval` is taken away, the others are not JSONata 2.0.6."""

REPLACED = frozenset(("random", "shuffle")) | ABSENT
"""Names of the library that do not mean here what they mean there."""

# fmt: off
BUILT_IN = frozenset((
    "abs", "append", "assert", "average", "base64decode", "base64encode", "boolean", "ceil", "clone",
    "contains", "count", "decodeUrl", "decodeUrlComponent", "distinct", "each", "encodeUrl",
    "encodeUrlComponent", "error", "exists", "filter", "floor", "formatBase", "formatInteger",
    "formatNumber", "fromMillis", "join", "keys", "length", "lookup", "lowercase", "map", "match", "max",
    "merge", "millis", "min", "not", "now", "number", "pad", "parseInteger", "power", "reduce", "replace",
    "reverse", "round", "sift", "single", "sort", "split", "spread", "sqrt", "string", "substring",
    "substringAfter", "substringBefore", "sum", "toMillis", "trim", "type", "uppercase", "zip",
))
# fmt: on
"""The other functions of JSONata 2.0.6. A variable of such a name hides the function."""
