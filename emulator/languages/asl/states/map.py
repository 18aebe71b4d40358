"""Map: runs its item processor once for each item, a bounded number of them at a time; distributed, as a Map Run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.languages.asl import answers, redriving, templates
from emulator.languages.asl.dataflow import find_template
from emulator.languages.asl.environment import Env, MapItem, Read
from emulator.languages.asl.expressions import is_expression
from emulator.languages.asl.failing import drop_children
from emulator.languages.asl.failures import StateFailure, query, runtime, too_large
from emulator.languages.asl.frames import WAITING, Frame
from emulator.languages.asl.limits import PAYLOAD_LIMIT
from emulator.languages.asl.scopes import children_kind, processor_field
from emulator.languages.asl.states import map_outputs, map_runs
from emulator.languages.asl.states.map_io import ItemBatcher, ItemReader, ResultWriter
from emulator.languages.asl.states.map_limits import Limits
from emulator.languages.asl.states.state import State
from emulator.languages.asl.texts import Data, dump, of

if TYPE_CHECKING:
    from emulator.languages.asl.run import Run

INLINE_CONCURRENCY = 40  # iterations at a time (AWS: Step Functions quotas, inline Map)


class MapState(State):
    type = "Map"
    retriable = True
    failed_type = "MapStateFailed"
    aborted_type = "MapStateAborted"

    def __init__(self, name: str, definition: dict[str, Any], language: str) -> None:
        super().__init__(name, definition, language)
        self.scope = 0
        self.start_at = ""
        self.processor: dict[str, Any] = definition[processor_field(definition)]
        self.children_kind = children_kind(definition)
        self.distributed = self.children_kind is not None
        self.label: str = definition.get("Label") or map_runs.label_of(name)
        self.limits = Limits(definition, self.jsonata)
        self.items = self._items(definition)
        self.selector = self._selector(definition)
        self.reader = self.batcher = self.writer = None
        if "ItemReader" in definition:
            self.reader = ItemReader(definition["ItemReader"], self.jsonata)
        if "ItemBatcher" in definition:
            self.batcher = ItemBatcher(definition["ItemBatcher"], self.jsonata)
        if "ResultWriter" in definition:
            self.writer = ResultWriter(definition["ResultWriter"], self.jsonata)

    def _items(self, definition: dict[str, Any]) -> Read | None:
        if self.jsonata:
            if not is_expression(definition.get("Items")):
                return find_template(definition, "Items", self.jsonata)
            from emulator.languages.asl import queries  # loaded by the first machine that uses it

            kinds = (list, dict) if self.distributed else (list,)
            return queries.typed(definition["Items"], "Items", kinds, "array")
        text = definition.get("ItemsPath", "$")
        return None if text == "$" else templates.flow_path(text)

    def _selector(self, definition: dict[str, Any]) -> Read | None:
        field = "ItemSelector" if "ItemSelector" in definition else "Parameters"
        return find_template(definition, field, self.jsonata)

    # -- starting

    def begin(self, run: Run, frame: Frame) -> None:
        if redriving.LEFT in frame.work:
            self._again(run, frame)
            return
        env = Env(run, frame, self.flow.effective(run, frame).value)
        limit = self.limits.concurrency(env)
        items = [] if self.reader is not None else self.find_items(env)
        details = {"length": len(items)}
        frame.prev = run.record(frame, "MapStateStarted", frame.prev, "mapStateStartedEventDetails", details)
        bounds = self.limits.bounds(env)
        frame.phase = WAITING
        if self.distributed:
            limits = {"concurrency": limit, "count": bounds[0], "percentage": bounds[1]}
            map_runs.start(self, run, frame, env, limits, items)
            return
        frame.work = {
            "group": run.number(),
            "count": len(items),
            "started": 0,
            "done": 0,
            "limit": min(limit, INLINE_CONCURRENCY) if limit else INLINE_CONCURRENCY,
            "live": [],
            "chunks": [],
        }
        if not items:
            self._succeed(run, frame, Data("[]"), frame.prev, frame.prev)
            return
        run.keep_row(f"{frame.work['group']}.items", {"items": items})
        for index in range(min(len(items), frame.work["limit"])):
            self._start(run, frame, index, frame.prev)

    def _again(self, run: Run, frame: Frame) -> None:
        """Go on after a redrive: with the iterations, or the child executions, that had not succeeded.

        What was kept tells which: a Map with an ItemBatcher and without a Mode ran inline here once.
        """
        frame.phase = WAITING
        if "run" in frame.work[redriving.LEFT]:
            map_runs.redrive(run, frame)
        else:
            redriving.resume_children(run, frame)

    def find_items(self, env: Env) -> list[Any] | dict[str, Any]:
        """What a Map without an ItemReader runs over. Raises StateFailure.

        The members of an object are items of a distributed Map (AWS: "Distributed Map state fields", Items and
        ItemsPath), and not of an inline one (recorded).
        """
        items: Any = env.document if self.items is None else self.items(env)
        if isinstance(items, list) or (self.distributed and isinstance(items, dict)):
            return items
        if self.jsonata:
            raise query(f"Map state input must be an array but was: {dump(items)}", "")
        raise runtime(f'Reference path "{self.limits.items_path}" must point to array.')

    def _start(self, run: Run, frame: Frame, index: int, previous: int) -> None:
        work = frame.work
        item = run.rows[f"{work['group']}.items"]["items"][index]
        data = of(item)
        if self.selector is not None:
            data = of(self.selector(Env(run, frame, self.flow.effective(run, frame).value, MapItem(index, item))))
        if data.exceeds(PAYLOAD_LIMIT):
            raise too_large(self.name, terminal=True)
        child = Frame(f"{work['group']}.{index}", self.scope, self.start_at, data, 0)
        child.parent, child.index = frame.id, index
        child.prev = self._iteration(run, frame, "Started", index, previous)
        run.add_frame(child)
        frame.work = {**work, "started": index + 1, "live": [*work["live"], index]}

    def _iteration(self, run: Run, frame: Frame, event: str, index: int, previous: int) -> int:
        details = {"name": self.name, "index": index}
        name = f"mapIteration{event}EventDetails"
        return run.record(frame, f"MapIteration{event}", previous, name, details)

    # -- ending

    def answer(self, run: Run, frame: Frame, event: answers.Answer) -> None:
        """Take in how the Map Run ended. Raises StateFailure."""
        if isinstance(event, (answers.TaskSucceeded, answers.TaskFailed)):
            result = map_runs.result(run, frame, event)
            begun, last = frame.prev, run.record(frame, "MapRunSucceeded", frame.prev)
            # Every recording of AWS has it so, and none tells why: the exit of a Map that was entered with event 4 is
            # linked to the start of its run, that of any other one to the end.
            self._succeed(run, frame, result, last, begun if frame.entered == 4 else last)

    def child_succeeded(self, run: Run, frame: Frame, child: Frame) -> None:
        last = self._iteration(run, frame, "Succeeded", child.index, child.prev)
        frame.prev = child.prev
        work = map_outputs.take(run, frame, child)
        if work["started"] < work["count"]:
            self._start(run, frame, work["started"], frame.prev)
        elif work["done"] == work["count"]:
            self._succeed(run, frame, map_outputs.gathered(run, frame), last, last)

    def _succeed(self, run: Run, frame: Frame, result: Data, last: int, before_exit: int) -> None:
        drop_children(run, frame, aborted=False)
        frame.work = {}
        run.record(frame, "MapStateSucceeded", last)
        frame.prev = before_exit
        output, assigned = self.flow.exit(run, frame, result)
        run.leave(frame, self, output, self.target, assigned)

    def child_failed(self, run: Run, frame: Frame, child: Frame, failure: StateFailure) -> None:
        self._iteration(run, frame, "Failed", child.index, child.prev)
        frame.prev = child.prev
        raise failure

    def child_aborted(self, run: Run, frame: Frame, child: Frame) -> None:
        self._iteration(run, frame, "Aborted", child.index, child.prev)
