"""State machines at random: every type of state, in both query languages, in one another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

from emulator.languages.asl import document
from emulator.languages.asl.resources import resource

Option = TypeVar("Option")
INPUT = {"n": 2, "items": [1, 2.5, "three"], "text": "x"}
AGES = 99_999_999  # seconds: more than a year, which no execution takes
ACTIVITY = "arn:aws:states:us-east-1:000000000000:activity:a"
SEND = {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/000000000000/q"}
NESTED = {"StateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:nested"}
RESOURCES: dict[str, tuple[dict[str, Any], str]] = {
    "arn:aws:states:::sqs:sendMessage": (SEND, "MessageBody"),
    "arn:aws:states:::sqs:sendMessage.waitForTaskToken": (SEND, "MessageBody"),
    "arn:aws:states:::lambda:invoke.waitForTaskToken": ({"FunctionName": "f"}, "Payload"),
    "arn:aws:states:::states:startExecution.sync:2": (NESTED, "Input"),
    ACTIVITY: ({}, ""),
    "arn:aws:lambda:us-east-1:000000000000:function:f": ({}, ""),
}
"""What a Task may call: the parameters that it has in any case, and the one that takes what is made here."""
EXPRESS = tuple(name for name in RESOURCES if not resource(name).needs_token)
"""What a Task of an Express machine may call."""
ERRORS = ("Boom", "Bang", "States.Timeout", "States.TaskFailed", "States.HeartbeatTimeout", "States.BranchFailed")
LEAVES = ("Pass", "Choice", "Task", "Task", "Wait")
ALL = (*LEAVES, "Parallel", "Map", "Parallel", "Map")
RETRIERS: tuple[dict[str, Any], ...] = (
    {"IntervalSeconds": 2, "MaxAttempts": 1, "JitterStrategy": "FULL"},
    {"IntervalSeconds": 3, "MaxAttempts": 2, "BackoffRate": 1.5, "MaxDelaySeconds": 4},
    {"MaxAttempts": 1},
    {"MaxAttempts": 0},
)
ENDS = ("succeed", "succeed", "succeed", "fail", "fail on data", "end")


class Pick(Protocol):
    """Chooses one of some options."""

    def __call__(self, options: Sequence[Option], /) -> Option: ...


class Draft:
    """Writes one machine. Each state has a name of its own, each scope a variable `v` and counters `c`.

    Where nothing goes wrong, the input of a state is an object with a number `n` and an array `items`. `calm`: no
    state fails unless its task does, and nothing is retried or caught. `resources`: what its tasks may call.
    """

    def __init__(
        self,
        pick: Pick,
        *,
        calm: bool = False,
        distributed: bool = True,
        resources: Sequence[str] = tuple(RESOURCES),
    ) -> None:
        self.pick = pick
        self.calm = calm
        self.distributed = distributed
        self.resources = resources
        self.top = pick(("JSONPath", "JSONPath", "JSONata"))
        self.names = self.scopes = 0

    def machine(self, depth: int) -> dict[str, Any]:
        """The whole definition; composite states lie in one another `depth` times at most."""
        whole = {"QueryLanguage": self.top, **self.scope(depth, ())}
        seconds = None if self.calm else self.pick((None, None, 6, 1_000, AGES))
        return whole if seconds is None else {**whole, "TimeoutSeconds": seconds}

    def name(self, kind: str) -> str:
        self.names += 1
        return f"{kind}{self.names}"

    def scope(self, depth: int, outer: tuple[str, ...]) -> dict[str, Any]:
        """A few states in a row; choices lead forward or, a bounded number of times, back to where they come from."""
        self.scopes += 1
        number = self.scopes
        variable = f"v{number}"
        kinds = [self.pick(ALL if depth else LEAVES) for _ in range(self.pick((1, 2, 3)))]
        names = [self.name(kind) for kind in kinds]
        first, last = self.name("First"), self.name("Last")
        following = [*names[1:], last]
        counters = {f"c{number}_{name}": 0 for name, kind in zip(names, kinds, strict=True) if kind == "Choice"}
        states: dict[str, Any] = {first: {"Type": "Pass", "Assign": {variable: [number], **counters}, "Next": names[0]}}
        seen = (*outer, variable)
        for place, (name, kind) in enumerate(zip(names, kinds, strict=True)):
            language = self.top if self.top == "JSONata" else self.pick(("JSONPath", "JSONata"))
            writer = Paths(self, seen) if language == "JSONPath" else Queries(self, seen)
            state = {"Type": kind, **({"QueryLanguage": language} if language != self.top else {})}
            if kind == "Choice":
                back = self.pick(names[: place + 1])
                state |= writer.choice(f"c{number}_{name}", back, following[place], last)
            else:
                state |= self.body(writer, kind, depth, seen) | {"Next": following[place]}
                if kind in ("Task", "Parallel", "Map") and not self.calm:
                    state |= self.failing(writer, last)
            states[name] = state
        return {"StartAt": first, "States": {**states, last: self.last(depth)}}

    def last(self, depth: int) -> dict[str, Any]:
        end = "succeed" if self.calm else self.pick(ENDS)
        if end == "fail":
            return {"Type": "Fail", "Error": self.pick(ERRORS), "Cause": "so it was written"}
        if end == "fail on data":
            path = self.top == "JSONPath"
            return {"Type": "Fail", **({"ErrorPath": "$.text"} if path else {"Error": "{% $states.input.text %}"})}
        return {"Type": "Succeed"} if end == "succeed" else {"Type": "Pass", "End": True}

    def body(self, writer: Paths, kind: str, depth: int, seen: tuple[str, ...]) -> dict[str, Any]:
        """The fields of a state that are its own."""
        if kind == "Pass":
            return writer.leave()
        if kind == "Wait":
            return writer.wait() | writer.assign()
        if kind == "Task":
            return self.task(writer)
        if kind == "Parallel":
            branches = [self.scope(depth - 1, seen) for _ in range(self.pick((1, 2, 3)))]
            return {"Branches": branches, **writer.gather("[0]")}
        if self.distributed and self.pick((False, False, True)):
            fields = writer.items() | self.pick(({}, {"ToleratedFailureCount": 1}, {"ToleratedFailurePercentage": 50}))
            return {"ItemProcessor": self.children(), **fields, **writer.gather("")}
        return {"ItemProcessor": self.scope(depth - 1, seen), **writer.items(), **writer.gather("")}

    def children(self) -> dict[str, Any]:
        """What a Map Run runs: executions that succeed, or do so once they are redriven."""
        first, choice, done, failed = (self.name(kind) for kind in ("Wait", "Choice", "Done", "Failed"))
        least = self.pick((0, 0, 1))
        rule: dict[str, Any] = {"Variable": "$$.Execution.RedriveCount", "NumericGreaterThanEquals": least}
        if self.top == "JSONata":
            rule = {"Condition": f"{{% $states.context.Execution.RedriveCount >= {least} %}}"}
        states = {
            first: {"Type": "Wait", "Seconds": self.pick((0, 1, 5)), "Next": choice},
            choice: {"Type": "Choice", "Choices": [{**rule, "Next": done}], "Default": failed},
            done: {"Type": "Succeed"},
            failed: {"Type": "Fail", "Error": "Boom"},
        }
        config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
        return {"ProcessorConfig": config, "StartAt": first, "States": states}

    def task(self, writer: Paths) -> dict[str, Any]:
        arn = self.pick(self.resources)
        limits = {} if self.calm else self.pick(({}, {}, *writer.limits))
        field, given, ways = writer.ask(resource(arn).token_wait)
        always, member = RESOURCES[arn]
        whole = {**always, member: given} if member else given
        return {"Resource": arn, **limits, field: whole, **self.pick(ways), **writer.assign()}

    def failing(self, writer: Paths, last: str) -> dict[str, Any]:
        """Retry and Catch, or none of them."""
        fields: dict[str, Any] = {}
        retriers = [{"ErrorEquals": [self.pick(ERRORS)], **self.pick(RETRIERS)} for _ in range(self.pick((0, 0, 1, 2)))]
        if retriers and self.pick((False, True)):
            retriers.append({"ErrorEquals": ["States.ALL"], **self.pick(RETRIERS)})
        if retriers:
            fields["Retry"] = retriers
        catchers = [writer.catch([self.pick(ERRORS)], last) for _ in range(self.pick((0, 0, 1)))]
        if self.pick((False, True)):
            catchers.append(writer.catch(["States.ALL"], last))
        return fields | ({"Catch": catchers} if catchers else {})


class Paths:
    """The fields of states in JSONPath."""

    limits: tuple[dict[str, Any], ...] = (
        {"TimeoutSeconds": 5},
        {"TimeoutSeconds": 9, "HeartbeatSeconds": 4},
        {"TimeoutSecondsPath": "$.n", "HeartbeatSecondsPath": "$.n"},
        {"TimeoutSeconds": AGES, "HeartbeatSecondsPath": "$.n"},
        {"HeartbeatSeconds": 2},
    )

    def __init__(self, draft: Draft, seen: tuple[str, ...]) -> None:
        self.pick = draft.pick
        self.calm = draft.calm
        self.seen = seen

    def assign(self) -> dict[str, Any]:
        # A path that leads nowhere is not there in what a failed task leaves: so much goes wrong.
        values: tuple[dict[str, Any], ...] = (
            {f"{self.seen[-1]}.$": "$"},
            {f"{self.seen[-1]}.$": f"${self.pick(self.seen)}"},
            {f"{self.seen[-1]}": "constant"},
        )
        return {"Assign": self.pick(values)} if self.pick((False, True)) else {}

    def leave(self) -> dict[str, Any]:
        ways: tuple[dict[str, Any], ...] = (
            {},
            {"Parameters": {"n.$": "States.MathAdd($.n, 1)", "items.$": "$.items", "id.$": "States.UUID()"}},
            {"Result": {"big": 2**70, "float": 1.0}, "ResultPath": "$.result"},
            {"Parameters": {"of.$": f"${self.pick(self.seen)}", "at.$": "$$.State.EnteredTime"}, "ResultPath": "$.x"},
            {"InputPath": "$.items", "ResultPath": "$.copy"},
        )
        if not self.calm:
            ways += ({"InputPath": "$.items"}, {"Result": 7, "ResultPath": "$.items[0].n"}, {"OutputPath": "$.nowhere"})
        return {**self.pick(ways), **self.assign()}

    def wait(self) -> dict[str, Any]:
        ways: tuple[dict[str, Any], ...] = (
            {"Seconds": self.pick((0, 1, 3))},
            {"SecondsPath": "$.n"},
            {"Timestamp": "2026-01-01T00:00:07Z"},
            {"TimestampPath": "$$.Execution.StartTime"},
        )
        return self.pick(ways if self.calm else (*ways, {"Seconds": AGES}))

    def choice(self, counter: str, back: str, after: str, last: str) -> dict[str, Any]:
        again = {"Variable": f"${counter}", "NumericLessThan": self.pick((0, 1, 2)), "Next": back}
        again["Assign"] = {f"{counter}.$": f"States.MathAdd(${counter}, 1)"}
        on = {"Variable": "$.n", "IsPresent": True, "Next": after}
        return {"Choices": [again, on], "Default": last, **self.assign()}

    def ask(self, token: bool) -> tuple[str, dict[str, Any], tuple[dict[str, Any], ...]]:
        """The field with what a task is asked, a value for it, and what may become of the answer."""
        given = {"n.$": "$.n", "v.$": f"${self.pick(self.seen)}", "count.$": "$$.State.RetryCount"}
        ways: tuple[dict[str, Any], ...] = (
            {},
            {"ResultPath": "$.result"},
            {"ResultPath": None},
            {"ResultSelector": {"n.$": "$.n", "items.$": "States.Array($.who, 2)"}},
        )
        return "Parameters", given | ({"token.$": "$$.Task.Token"} if token else {}), ways

    def items(self) -> dict[str, Any]:
        selector = {"n.$": "$$.Map.Item.Index", "items": [0], "item.$": "$$.Map.Item.Value", "text": "y"}
        fields: dict[str, Any] = {"ItemsPath": "$.items", "ItemSelector": selector | {"v.$": f"${self.seen[0]}"}}
        return fields | self.pick(({}, {"MaxConcurrency": 1}, {"MaxConcurrency": 2}, {"MaxConcurrencyPath": "$.n"}))

    def gather(self, first: str) -> dict[str, Any]:
        ways: tuple[dict[str, Any], ...] = (
            {"ResultPath": "$.result"},
            {"ResultSelector": {"n": 1, "items.$": "$"}},
            {"ResultSelector": {"n": 1, "items": []}},
        )
        if not self.calm:
            ways += ({"ResultSelector": {"n.$": f"${first}.n", "items": []}},)
        return {**self.pick(ways), **self.assign()}

    def catch(self, errors: list[str], last: str) -> dict[str, Any]:
        ways: tuple[dict[str, Any], ...] = (
            {"ResultPath": "$.caught"},
            {"ResultPath": None, "Assign": {f"{self.seen[-1]}.$": "$.Error"}},
            {},
            {"ResultPath": "$.items[0].caught"},
        )
        return {"ErrorEquals": errors, "Next": last, **self.pick(ways)}


class Queries(Paths):
    """The fields of states in JSONata."""

    limits = (
        {"TimeoutSeconds": 5},
        {"TimeoutSeconds": 9, "HeartbeatSeconds": "{% $states.input.n %}"},
        {"TimeoutSeconds": "{% $states.input.n + 3 %}", "HeartbeatSeconds": 2},
        {"HeartbeatSeconds": 2},
    )

    def assign(self) -> dict[str, Any]:
        values = ("{% $states.input %}", f"{{% ${self.pick(self.seen)} %}}", "constant", "{% $random() %}")
        return {"Assign": {self.seen[-1]: self.pick(values)}} if self.pick((False, True)) else {}

    def leave(self) -> dict[str, Any]:
        ways = (
            "{% $merge([$states.input, {'n': $states.input.n + 1, 'id': $uuid()}]) %}",
            f"{{% $merge([$states.input, {{'x': ${self.pick(self.seen)}, 'at': $now()}}]) %}}",
            {"n": 1, "items": [True, None, {"a": "{% $states.context.State.EnteredTime %}"}]},
        )
        if not self.calm:
            ways += ("{% $states.input.nowhere %}", "{% $states.input.items %}")
        return {**self.pick(({}, {"Output": self.pick(ways)})), **self.assign()}

    def wait(self) -> dict[str, Any]:
        ways: tuple[dict[str, Any], ...] = (
            {"Seconds": self.pick((0, 1, 3))},
            {"Seconds": "{% $states.input.n %}"},
            {"Timestamp": "2026-01-01T00:00:07Z"},
            {"Timestamp": "{% $states.context.Execution.StartTime %}"},
        )
        return self.pick(ways if self.calm else (*ways, {"Timestamp": "2031-01-01T00:00:00+01:00"}))

    def choice(self, counter: str, back: str, after: str, last: str) -> dict[str, Any]:
        again = {"Condition": f"{{% ${counter} < {self.pick((0, 1, 2))} %}}", "Next": back}
        on = {"Condition": "{% $exists($states.input.n) %}", "Next": after, "Output": "{% $states.input %}"}
        counted = {"Assign": {counter: f"{{% ${counter} + 1 %}}"}}
        return {"Choices": [{**again, **counted}, on], "Default": last, **self.assign()}

    def ask(self, token: bool) -> tuple[str, dict[str, Any], tuple[dict[str, Any], ...]]:
        given = {"n": "{% $states.input.n %}", "v": f"{{% ${self.pick(self.seen)} %}}"}
        ways: tuple[dict[str, Any], ...] = (
            {},
            {"Output": "{% $merge([$states.input, {'result': $states.result}]) %}"},
            {"Output": {"n": "{% $states.result.n %}", "items": ["{% $states.result.who %}"]}},
        )
        return "Arguments", given | ({"token": "{% $states.context.Task.Token %}"} if token else {}), ways

    def items(self) -> dict[str, Any]:
        selector = {"n": "{% $states.context.Map.Item.Index %}", "items": [0], "text": "y"}
        selector["item"] = "{% $states.context.Map.Item.Value %}"
        fields = {"Items": "{% $states.input.items %}", "ItemSelector": {**selector, "v": f"{{% ${self.seen[0]} %}}"}}
        limits = ({}, {"MaxConcurrency": 1}, {"MaxConcurrency": 2}, {"MaxConcurrency": "{% $states.input.n %}"})
        return {**fields, **self.pick(limits)}

    def gather(self, first: str) -> dict[str, Any]:
        ways = [{"n": 1, "items": "{% $states.result %}"}, {"n": 1, "items": []}]
        ways += [] if self.calm else [{"n": f"{{% $states.result{first}.n %}}", "items": []}]
        return {"Output": self.pick(ways), **self.assign()}

    def catch(self, errors: list[str], last: str) -> dict[str, Any]:
        ways: tuple[dict[str, Any], ...] = (
            {"Output": "{% $merge([$states.input, {'caught': $states.errorOutput}]) %}"},
            {"Assign": {self.seen[-1]: "{% $states.errorOutput.Cause %}"}},
            {},
            {"Output": "{% $states.errorOutput.nothing %}"},
        )
        return {"ErrorEquals": errors, "Next": last, **self.pick(ways)}


def parsed(definition: dict[str, Any], kind: str = "STANDARD") -> document.Machine:
    return document.parse(json.dumps(definition), kind)


@st.composite
def definitions(draw: st.DrawFn, depth: int = 2, **limits: Any) -> dict[str, Any]:
    """Definitions of machines, all of them valid; `limits` as of Draft."""

    def pick(options: Sequence[Option], /) -> Option:
        return draw(st.sampled_from(options))

    return Draft(pick, **limits).machine(depth)
