"""Data made up for a state machine from what its definition reads: every path leads somewhere, comparisons vary.

Where the data come from is not followed: one tree holds what any path of the machine asks for, and each end of a
path too, so that the same tree does as an input, as a task's result, and as an item.
"""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

BUCKET = "items-bucket"
SIZES = (150, 800, 2500)  # values in a sample, about
MOMENT = "2026-01-01T00:00:00Z"
_STEP = re.compile(
    r"\.\.?(?P<name>[\w\-:#@]+)(?!\w*\()|\[\s*'(?P<quoted>[^']+)'\s*\]|\[\?\((?P<filter>.*?)\)\]"
    r"|(?P<index>\[(?:\*|-?\d*:?-?\d*|\(.*?\))\])"
)
_PATH = re.compile(r"\$\$?[\w\-]*(?:\.\.?[\w\-:#@]+|\[[^\]]*\])*")
_CALL = re.compile(r"States\.(\w+)\(")
_SPLIT = re.compile(r"States\.StringSplit\((\$[^,()]+),\s*'([^']+)'\)")
_TEST = re.compile(r"@\.([\w.]+)\s*==?\s*'?\"?([\w ]+)")
_NUMBERS = ("SecondsPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "MaxConcurrencyPath", "MaxItemsPath")
_INTRINSICS: dict[str, tuple[str, ...]] = {
    "ArrayLength": ("array",),
    "ArrayGetItem": ("array", "index"),
    "ArrayContains": ("array",),
    "ArrayUnique": ("array",),
    "ArrayPartition": ("array", "number"),
    "ArrayRange": ("number", "number", "number"),
    "MathAdd": ("number", "number"),
    "MathRandom": ("number", "number"),
    "Base64Decode": ("base64",),
    "Base64Encode": ("text",),
    "Hash": ("text",),
    "StringSplit": ("text", "text"),
    "StringToJson": ("json",),
    "JsonMerge": ("object", "object"),
    "Format": ("text",) * 20,
}
_VALUES: dict[str, list[Any]] = {
    "number": [1, 2],
    "index": [0],
    "text": [BUCKET],  # any text does for a bucket, and for a key in it
    "base64": ["dmFsdWU="],
    "moment": [MOMENT],
    "bucket": [BUCKET],
}
Steps = tuple[str, ...]  # names; "[]" is into an array


@dataclass
class Tree:
    """What may stand at a place: members, items, or one of some values; untold, anything will do."""

    members: dict[str, Tree] = field(default_factory=dict)
    item: Tree | None = None
    values: list[Any] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    may_lack: bool = False
    number: int = 0
    name: str = ""

    def add(self, steps: Steps) -> Tree:
        """The place that steps lead to."""
        place = self
        for step in steps:
            if step == "[]":
                place.item = place.item or Tree()
                place = place.item
            else:
                place = place.members.setdefault(step, Tree())
        return place


def steps_of(path: str) -> Iterator[tuple[Steps, list[tuple[Steps, str]]]]:
    """The steps of a JSONPath, and the comparisons of its filters (steps from the item, and the value)."""
    if path.startswith("$$"):
        found = re.match(r"\$\$\.(?:Execution\.Input|Map\.Item\.Value)(.*)", path)
        if found is None:
            return
        path = "$" + found[1]
    path = re.sub(r"^\$[\w\-]+", "$", path)
    steps: list[str] = []
    tests: list[tuple[Steps, str]] = []
    for found in _STEP.finditer(path):
        if found["name"] or found["quoted"]:
            steps.append(found["name"] or found["quoted"])
            continue
        steps.append("[]")
        tests += [((*steps, *name.split(".")), text) for name, text in _TEST.findall(found["filter"] or "")]
    yield tuple(steps), tests


class Samples:
    """What one machine reads, and data like it."""

    def __init__(self, definition: dict[str, Any], hints: dict[str, Any]) -> None:
        self.root = Tree()
        self._left, self._weight, self._decide = 0, 1, 0.0
        self._chance = random.Random(0)
        self._scope(definition, definition.get("QueryLanguage", "JSONPath"))
        for path, value in hints.items():
            for steps, _ in steps_of(path):
                place = self.root.add(steps)
                place.values, place.kinds, place.members, place.item = [value], set(), {}, None
        self._count(self.root, itertools.count(1))

    def _count(self, place: Tree, numbers: Iterator[int]) -> None:
        place.number = next(numbers)
        for name, inner in place.members.items():
            inner.name = name
            self._count(inner, numbers)
        if place.item:
            self._count(place.item, numbers)

    def one(self, seed: int, use: str, number: int) -> Any:
        """Some data. What form each place has is decided by `seed` and `use`, values and what lacks by `number` too."""
        self._left = SIZES[seed % len(SIZES)]
        self._weight = 3 if use and seed % 2 else 1  # a task's result is an object more often than not
        self._decide = random.Random(f"{seed}/{use}").random()
        self._chance = random.Random(f"{seed}/{use}/{number}")
        return self._made(self.root, 2)

    def _choose(self, place: Tree, options: list[str]) -> str:
        """The same of some options each time that a place is filled for a use."""
        return random.Random(f"{self._decide}/{place.number}/{options}").choice(options)

    def _made(self, place: Tree, depth: int) -> Any:
        forms = [form for form, there in (("item", place.item), ("members", place.members)) if there]
        if place is self.root:
            forms *= self._weight
        elif "array" in place.kinds and forms:
            forms = ["array"] * 3 + forms
        forms += ["values"] * bool(place.values) + sorted(place.kinds)
        form = self._choose(place, forms or self._anything(place, depth))
        if form == "named":
            return self._made(self.root.members[place.name], depth - 1)
        if form in ("item", "array"):
            return [self._item(place, depth) for _ in range(2)]
        if form == "members":
            return self._members(place, depth)
        if form == "values":
            return self._chance.choice(place.values)
        if form in ("root", "object", "json"):
            made: Any = self._whole(depth) or (self._members(self.root, -1) if form == "json" and depth >= 0 else {})
            if form != "json":
                return made
            return json.dumps([made, made] if self._choose(place, ["array", "object"]) == "array" else made)
        return _VALUES[form][0]

    def _anything(self, place: Tree, depth: int) -> list[str]:
        """What may be where nothing is read: it may become a state's input, or be read by its name elsewhere."""
        root = self.root
        named = root.members.get(place.name)
        forms = ["text", "root"]
        if (
            named is not None
            and named is not place
            and depth > 0
            and (named.members or named.item or named.values or named.kinds)
        ):
            forms += ["named"] * 4
        forms += ["array"] * ("array" in root.kinds or root.item is not None)
        return forms + ["json"] * ("json" in root.kinds)

    def _whole(self, depth: int) -> dict[str, Any]:
        """All that is read anywhere, as the input of the next state: while there is room for it."""
        return self._members(self.root, depth - 1) if depth > 0 and self._left > 0 else {}

    def _item(self, place: Tree, depth: int) -> Any:
        """An item: what is read of it where it is, or by the states that get it as their input."""
        item = place.item or Tree()
        if place is not self.root and place.members:
            item = Tree({**place.members, **item.members}, number=place.number)
        if item.members:
            return self._members(item, depth)
        if item.values or item.kinds or item.item:
            return self._made(item, depth)
        return self._whole(depth) if self._choose(place, ["whole", "whole", "text"]) == "whole" else BUCKET

    def _members(self, place: Tree, depth: int) -> dict[str, Any]:
        """An object with what is read of it; at times with all that is read anywhere, as a state's input."""
        made: dict[str, Any] = {}
        if place is not self.root and self._choose(place, ["own", "whole"]) == "whole":
            made = self._whole(depth)
        for name, member in place.members.items():
            self._left -= 1
            if not (member.may_lack and self._chance.random() < 0.5):
                made[name] = self._made(member, depth)
        return made

    # -- what a definition reads

    def _read(self, path: str, kind: str = "", values: list[Any] | None = None, may_lack: bool = False) -> None:
        """Note a path, and each end of it; what is known of the value is known of each."""
        for steps, tests in steps_of(path):
            for start in range(max(1, len(steps))):
                if start and steps[start] == "[]":
                    continue
                place = self.root.add(steps[start:])
                place.values += [value for value in values or [] if value not in place.values]
                place.kinds |= {kind} - {""}
                place.may_lack = place.may_lack or may_lack
            for tested, text in tests:
                for start in range(len(tested)):
                    if tested[start] != "[]":
                        place = self.root.add(tested[start:])
                        place.values += [value for value in (text,) if value not in place.values]

    def _scope(self, scope: dict[str, Any], language: str) -> None:
        for state in scope["States"].values():
            self._state(state, state.get("QueryLanguage", language))
            for inner in (*state.get("Branches", ()), state.get("ItemProcessor"), state.get("Iterator")):
                if inner is not None:
                    self._scope(inner, language)

    def _state(self, state: dict[str, Any], language: str) -> None:
        inner = ("Branches", "ItemProcessor", "Iterator")
        own = {name: value for name, value in state.items() if name not in inner}
        self._reader(own.get("ItemReader"))
        if language == "JSONata":
            self._expressions(own)
            if isinstance(own.get("Items"), str):
                self._expression(own["Items"], "array")
            return
        if own["Type"] == "Map" and not own.keys() & {"ItemReader", "ItemsPath"}:
            self._read(own.get("InputPath") or "$", "array")
        for rule in own.pop("Choices", ()):
            self._rule(rule)
        self._fields(own)

    def _fields(self, value: Any) -> None:
        if isinstance(value, list):
            for each in value:
                self._fields(each)
        for name, member in value.items() if isinstance(value, dict) else ():
            if not isinstance(member, str):
                self._fields(member)
            elif name == "ItemsPath":
                self._read(member, "array")
            elif name in _NUMBERS or name.endswith(("CountPath", "PercentagePath", "BatchPath")):
                self._read(member, "number")
            elif name == "TimestampPath":
                self._read(member, "moment")
            elif name in ("ErrorPath", "CausePath"):
                self._read(member, "text")
            elif name in ("InputPath", "OutputPath") or (name.endswith(".$") and member.startswith("$")):
                self._read(member)
            elif name.endswith(".$"):
                self._call(member)

    def _call(self, text: str) -> None:
        """An intrinsic function, with the functions in it: what is read where says of which kind it is."""
        for path, kind in _arguments(text):
            self._read(path, kind)
        for path, by in _SPLIT.findall(text):
            self._read(path, values=[by.join("abcdefghi")])

    def _reader(self, reader: Any) -> None:
        if not isinstance(reader, dict):
            return
        given = reader.get("Parameters", reader.get("Arguments", {}))
        if isinstance(given, dict) and isinstance(given.get("Bucket.$"), str):
            self._read(given["Bucket.$"], "bucket")
        if isinstance(given, dict) and isinstance(given.get("Key.$"), str):
            self._read(given["Key.$"], "text")

    def _rule(self, rule: dict[str, Any]) -> None:
        for part in (*rule.get("And", ()), *rule.get("Or", ()), *([rule["Not"]] if "Not" in rule else ())):
            self._rule(part)
        variable = rule.get("Variable")
        for name, operand in rule.items():
            if isinstance(variable, str) and name not in ("Variable", "Next", "Comment", "And", "Or", "Not"):
                self._comparison(variable, name, operand)

    def _comparison(self, variable: str, name: str, operand: Any) -> None:
        if name.endswith("Path") and isinstance(operand, str):
            values = [1, 2] if name.startswith("Numeric") else ["a", "b"]
            self._read(variable, values=values)
            self._read(operand, values=values)
        elif name == "IsPresent":
            self._read(variable, may_lack=True)
        elif name.startswith("Is"):
            kinds: dict[str, Any] = {"IsNull": None, "IsNumeric": 1, "IsBoolean": True, "IsTimestamp": MOMENT}
            self._read(variable, values=[kinds.get(name, "value"), "value"])
        elif name.startswith("Numeric"):
            self._read(variable, values=[operand, operand - 1, operand + 1])
        elif name.startswith("Boolean"):
            self._read(variable, values=[True, False])
        elif name == "StringMatches":
            self._read(variable, values=[operand.replace("*", "x"), "other"])
        else:
            self._read(variable, values=[operand, MOMENT if name.startswith("Timestamp") else "other"])

    # -- JSONata

    def _expressions(self, value: Any) -> None:
        if isinstance(value, str) and value.startswith("{%"):
            self._expression(value)
        elif isinstance(value, list):
            for each in value:
                self._expressions(each)
        elif isinstance(value, dict):
            for each in value.values():
                self._expressions(each)

    def _expression(self, text: str, kind: str = "") -> None:
        names = r"\$?[A-Za-z_][\w]*(?:\.[\w`]+|\[[^\]]*\])*"
        for found in re.finditer(names, text):
            self._read(_as_path(found[0]), kind)
        literal = r"""\s*(?:!=|<=|>=|=|<|>|in)\s*('[^']*'|"[^"]*"|-?\d+(?:\.\d+)?|true|false)"""
        for found in re.finditer(f"({names}){literal}", text):
            value = json.loads(f'"{found[2][1:-1]}"' if found[2][0] in "'\"" else found[2])
            self._read(_as_path(found[1]), values=_around(value))
        for found in re.finditer(rf"({names})\s*(?:<=|>=|<|>|\+|-|\*|/)\s*({names})", text):
            self._read(_as_path(found[1]), "number")
            self._read(_as_path(found[2]), "number")
        for name, given in re.findall(rf"\$(\w+)\(\s*({names})", text):
            wanted = {"parse": "json", "number": "number", "count": "array", "map": "array", "filter": "array"}
            if name in wanted:
                self._read(_as_path(given), wanted[name])
        for found in re.finditer(rf"({names})\s+in\s+\[([^\]]*)\]", text):
            self._read(_as_path(found[1]), values=[*re.findall(r"[\"']([^\"']*)[\"']", found[2]), "other"])
        for found in re.finditer(rf"({names})\s*=\s*\[\]", text):
            self._read(_as_path(found[1]), values=[[]])
        for found in re.finditer(rf"({names})\s*&|&\s*({names})", text):
            self._read(_as_path(found[1] or found[2]), "text")


def _as_path(chain: str) -> str:
    """A chain of names in JSONata as a JSONPath from wherever it starts."""
    chain = re.sub(
        r"^\$states\.(?:input|result|errorOutput|context\.Execution\.Input|context\.Map\.Item\.Value)", "$", chain
    )
    chain = chain[1:] if chain.startswith("$") else chain
    return f"${chain}" if chain.startswith((".", "[")) or not chain else f"$.{chain}"  # a variable is named as a member


def _around(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [True, False]
    return [value, "other"] if isinstance(value, str) else [value, value - 1, value + 1]


def _arguments(text: str) -> Iterator[tuple[str, str]]:
    """The paths in a call, each with the kind that the function wants there."""
    found = _CALL.match(text)
    if found is None:
        yield from ((path, "") for path in _PATH.findall(text))
        return
    kinds = _INTRINSICS.get(found[1], ())
    depth, start, at = 0, found.end(), 0
    for place in range(found.end(), len(text)):
        char = text[place]
        depth += (char in "([") - (char in ")]")
        if (char == "," and depth == 0) or depth < 0:
            argument = text[start:place].strip()
            if argument.startswith("States."):
                yield from _arguments(argument)
            elif argument.startswith("$"):
                yield argument, kinds[at] if at < len(kinds) else ""
            start, at = place + 1, at + 1
        if depth < 0:
            return
