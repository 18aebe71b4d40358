"""Map: runs its item processor once for each item, a bounded number of them at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.languages.asl import templates
from emulator.languages.asl.dataflow import PathFlow, filled
from emulator.languages.asl.environment import Env, Read
from emulator.languages.asl.failures import PAYLOAD_LIMIT, StateFailure, query, runtime, too_large
from emulator.languages.asl.frames import WAITING, Frame
from emulator.languages.asl.intrinsics.unique import uuid4
from emulator.languages.asl.states.map_limits import Limits
from emulator.languages.asl.states.parallel import gather
from emulator.languages.asl.states.state import State
from emulator.languages.asl.texts import Data, dump

if TYPE_CHECKING:
    from emulator.languages.asl.run import Run

INLINE_CONCURRENCY = 40  # iterations at a time (AWS: Step Functions quotas, inline Map)
DISTRIBUTED_CONCURRENCY = 1000


class MapState(State):
    type = "Map"
    retriable = True
    failed_type = "MapStateFailed"
    aborted_type = "MapStateAborted"

    def __init__(self, name: str, definition: dict[str, Any], language: str) -> None:
        super().__init__(name, definition, language)
        self.scope = 0
        self.start_at = ""
        processor = definition.get("ItemProcessor", definition.get("Iterator", {}))
        self.distributed = processor.get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED"
        self.label: str = definition.get("Label", name)
        self.limits = Limits(definition, self.jsonata)
        self.items = self._items(definition)
        self.selector = self._selector(definition)

    def _items(self, definition: dict[str, Any]) -> Read | None:
        if self.jsonata:
            if "Items" not in definition:
                return None
            from emulator.languages.asl import queries  # loaded by the first machine that uses it

            if queries.is_expression(definition["Items"]):
                return queries.typed(definition["Items"], "Items", (list,), "array")
            return filled(queries.template(definition["Items"], "Items"))
        text = definition.get("ItemsPath", "$")
        return None if text == "$" else templates.flow_path(text)

    def _selector(self, definition: dict[str, Any]) -> Read | None:
        field = "ItemSelector" if "ItemSelector" in definition else "Parameters"
        if field not in definition:
            return None
        if not self.jsonata:
            return filled(templates.template(definition[field]))
        from emulator.languages.asl import queries  # loaded by the first machine that uses it

        return filled(queries.template(definition[field], field))

    # -- starting

    def begin(self, run: Run, frame: Frame) -> None:
        data = self._input(run, frame)
        env = Env(run, frame, data.value)
        limit = self.limits.concurrency(env)
        items = self._find_items(env)
        frame.prev = run.record(
            frame, "MapStateStarted", frame.prev, "mapStateStartedEventDetails", {"length": len(items)}
        )
        tolerated = self.limits.tolerated(env, len(items))
        most = DISTRIBUTED_CONCURRENCY if self.distributed else INLINE_CONCURRENCY
        group = run.number()
        frame.work = {
            "group": group,
            "count": len(items),
            "started": 0,
            "done": 0,
            "failed": 0,
            "limit": min(limit, most) if limit else most,
            "tolerated": tolerated,
        }
        if self.distributed:
            details = {"mapRunArn": self._run_arn(run, frame)}
            frame.prev = run.record(frame, "MapRunStarted", frame.prev, "mapRunStartedEventDetails", details)
        frame.phase = WAITING
        if not items:
            self._complete(run, frame, frame.prev)
            return
        run.keep_row(f"{group}.items", {"items": [dump(item) for item in items]})
        for index in range(min(len(items), frame.work["limit"])):
            self._start(run, frame, index, frame.prev)

    def _input(self, run: Run, frame: Frame) -> Data:
        return self.flow.effective(run, frame) if isinstance(self.flow, PathFlow) else frame.input

    def _find_items(self, env: Env) -> list[Any]:
        items = env.document if self.items is None else self.items(env)
        if isinstance(items, list):
            return items
        if self.jsonata:
            raise query(f"Map state input must be an array but was: {dump(items)}", "")
        raise runtime(f'Reference path "{self.limits.items_path}" must point to array.')

    def _run_arn(self, run: Run, frame: Frame) -> str:
        machine = run.top["context"].get("StateMachine", {}).get("Id", "")
        arn = machine.replace(":stateMachine:", ":mapRun:")
        return f"{arn}/{self.label}:{uuid4(run.chance())}"

    def _start(self, run: Run, frame: Frame, index: int, previous: int) -> None:
        work = frame.work
        frame.work = {**work, "started": index + 1}
        text = run.rows[f"{work['group']}.items"]["items"][index]
        data = Data(text)
        if self.selector is not None:
            document = self._input(run, frame).value
            data = Data(None, self.selector(Env(run, frame, document, (index, data.value))))
        if data.exceeds(PAYLOAD_LIMIT):
            raise too_large(self.name, terminal=True)
        child = Frame(f"{work['group']}.{index}", self.scope, self.start_at, data, 0)
        child.parent, child.index, child.muted = frame.id, index, frame.muted or self.distributed
        if not self.distributed:
            child.prev = self._iteration(run, frame, "Started", index, previous)
        run.add_frame(child)

    def _iteration(self, run: Run, frame: Frame, event: str, index: int, previous: int) -> int:
        details = {"name": self.name, "index": index}
        name = f"mapIteration{event}EventDetails"
        return run.record(frame, f"MapIteration{event}", previous, name, details)

    # -- ending

    def child_succeeded(self, run: Run, frame: Frame, child: Frame) -> None:
        last = 0
        if not self.distributed:
            last = self._iteration(run, frame, "Succeeded", child.index, child.prev)
            frame.prev = child.prev
        frame.work = {**frame.work, "done": frame.work["done"] + 1}
        self._next(run, frame, last)

    def _next(self, run: Run, frame: Frame, last: int) -> None:
        work = frame.work
        if work["started"] < work["count"]:
            self._start(run, frame, work["started"], frame.prev)
        elif work["done"] + work["failed"] == work["count"]:
            self._complete(run, frame, last)

    def _complete(self, run: Run, frame: Frame, last: int) -> None:
        result = gather(run, frame, frame.work["started"])
        run.drop_children(frame, aborted=False)
        if self.distributed:
            last = run.record(frame, "MapRunSucceeded", frame.prev)
        run.record(frame, "MapStateSucceeded", last)
        frame.prev = last
        output, assigned = self.flow.exit(run, frame, result)
        run.leave(frame, self, output, self.target, assigned)

    def child_failed(self, run: Run, frame: Frame, child: Frame, failure: StateFailure) -> None:
        if not self.distributed:
            self._iteration(run, frame, "Failed", child.index, child.prev)
            frame.prev = child.prev
            raise failure
        work = frame.work = {**frame.work, "failed": frame.work["failed"] + 1}
        if work["failed"] > work["tolerated"]:
            frame.prev = run.record(frame, "MapRunFailed", frame.prev)
            raise self.limits.exceeded()
        self._next(run, frame, 0)

    def child_aborted(self, run: Run, frame: Frame, child: Frame) -> None:
        if not self.distributed:
            self._iteration(run, frame, "Aborted", child.index, child.prev)
