"""Map: runs its item processor once for each item, a bounded number of them at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.languages.asl import answers, templates
from emulator.languages.asl.dataflow import PathFlow, filled
from emulator.languages.asl.effects import RunTask
from emulator.languages.asl.environment import Env, Read
from emulator.languages.asl.failing import drop_children
from emulator.languages.asl.failures import PAYLOAD_LIMIT, StateFailure, query, runtime, too_large
from emulator.languages.asl.frames import WAITING, Frame
from emulator.languages.asl.intrinsics.unique import uuid4
from emulator.languages.asl.states.map_io import ItemBatcher, ItemReader, ResultWriter, compiled
from emulator.languages.asl.states.map_limits import Limits
from emulator.languages.asl.states.map_results import COMPACT, transformed
from emulator.languages.asl.states.parallel import gather
from emulator.languages.asl.states.state import State
from emulator.languages.asl.texts import Data, dump, of

if TYPE_CHECKING:
    from emulator.languages.asl.run import Run

INLINE_CONCURRENCY = 40  # iterations at a time (AWS: Step Functions quotas, inline Map)
DISTRIBUTED_CONCURRENCY = 1000  # of 10,000 parallel child executions (AWS): what one process can use
READER_FAILED = "States.ItemReaderFailed"
WRITER_FAILED = "States.ResultWriterFailed"


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
        config = processor.get("ProcessorConfig", {})
        read = "ItemReader" in definition or "ResultWriter" in definition
        self.distributed = config.get("Mode", "DISTRIBUTED" if read else "INLINE") == "DISTRIBUTED"
        self.label: str = definition.get("Label", name)
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
        return compiled(definition[field], field, self.jsonata) if field in definition else None

    # -- starting

    def begin(self, run: Run, frame: Frame) -> None:
        env = Env(run, frame, self._input(run, frame).value)
        limit = self.limits.concurrency(env)
        items = [] if self.reader is not None else self.find_items(env)
        details = {"length": len(items)}
        frame.prev = run.record(frame, "MapStateStarted", frame.prev, "mapStateStartedEventDetails", details)
        tolerated = self.limits.tolerated(env, len(items))
        most = DISTRIBUTED_CONCURRENCY if self.distributed else INLINE_CONCURRENCY
        frame.work = {
            "group": run.number(),
            "count": 0,
            "started": 0,
            "done": 0,
            "failed": 0,
            "limit": min(limit, most) if limit else most,
            "tolerated": tolerated,
        }
        if self.distributed:
            arn = self._run_arn(run, frame)
            frame.work["arn"] = arn
            frame.prev = run.record(frame, "MapRunStarted", frame.prev, "mapRunStartedEventDetails", {"mapRunArn": arn})
        frame.phase = WAITING
        if self.reader is not None:
            reader = self.reader
            self._ask(run, frame, "item-reader", reader.resource, reader.parameters(env), reader.config(env))
            return
        self._start_all(run, frame, items)

    def _start_all(self, run: Run, frame: Frame, items: list[Any]) -> None:
        if self.batcher is not None:
            items = self._batches(run, frame, items)
        frame.work = {**frame.work, "count": len(items)}
        if not items:
            self._complete(run, frame, frame.prev)
            return
        run.keep_row(f"{frame.work['group']}.items", {"items": [dump(item) for item in items]})
        for index in range(min(len(items), frame.work["limit"])):
            self._start(run, frame, index, frame.prev)

    def _batches(self, run: Run, frame: Frame, items: list[Any]) -> list[Any]:
        document = self._input(run, frame).value
        if self.selector is not None:
            select = self.selector
            items = [select(Env(run, frame, document, (at, item))) for at, item in enumerate(items)]
        assert self.batcher is not None
        return self.batcher.batches(Env(run, frame, document), items)

    def _ask(
        self, run: Run, frame: Frame, purpose: str, resource: str, parameters: Any, options: dict[str, Any]
    ) -> None:
        task_id = f"{frame.id}#{run.number()}"
        frame.work = {**frame.work, "task": task_id, "attempt": 1, "purpose": purpose}
        run.effects.append(
            RunTask(
                task_id=task_id,
                attempt=1,
                state_name=self.name,
                resource=resource,
                parameters=parameters,
                timeout_seconds=None,
                heartbeat_seconds=None,
                credentials=None,
                token_wait=False,
                sync=False,
                context=run.context(frame),
                purpose=purpose,
                options=options,
            )
        )

    def answer(self, run: Run, frame: Frame, event: answers.Answer) -> None:
        """Take in what the item reader read, or what the result writer wrote. Raises StateFailure."""
        if not isinstance(event, (answers.TaskSucceeded, answers.TaskFailed)):
            return
        work = dict(frame.work)
        reading = work.pop("purpose") == "item-reader"
        del work["task"], work["attempt"]
        frame.work = work
        if isinstance(event, answers.TaskFailed):
            frame.prev = run.record(frame, "MapRunFailed", frame.prev)
            raise StateFailure(READER_FAILED if reading else WRITER_FAILED, event.cause)
        if not reading:
            self._succeed(run, frame, of(event.output), frame.prev)
            return
        if not isinstance(event.output, list):
            frame.prev = run.record(frame, "MapRunFailed", frame.prev)
            raise StateFailure(READER_FAILED, "Attempting to map over non-iterable node.")
        env = Env(run, frame, self._input(run, frame).value)
        frame.work = {**work, "tolerated": self.limits.tolerated(env, len(event.output))}
        self._start_all(run, frame, event.output)

    def _input(self, run: Run, frame: Frame) -> Data:
        return self.flow.effective(run, frame) if isinstance(self.flow, PathFlow) else frame.input

    def find_items(self, env: Env) -> list[Any]:
        """The items of a Map without an ItemReader. Raises StateFailure."""
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
        if self.selector is not None and self.batcher is None:
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
        if self.writer is None:
            self._succeed(run, frame, gather(run, frame, frame.work["started"]), last)
            return
        if not self.writer.resource:
            self._succeed(run, frame, self._formatted(run, frame, self.writer.config), last)
            return
        env = Env(run, frame, self._input(run, frame).value)
        options = {
            "MapRunArn": frame.work["arn"],
            "WriterConfig": self.writer.config,
            "Results": self._results(run, frame),
        }
        self._ask(run, frame, "result-writer", self.writer.resource, self.writer.parameters(env), options)

    def _formatted(self, run: Run, frame: Frame, config: dict[str, Any]) -> Data:
        """The results in the form a WriterConfig alone gives to the output of the state."""
        if config.get("OutputType", "JSON") != "JSON":
            frame.prev = run.record(frame, "MapRunFailed", frame.prev)
            raise StateFailure(WRITER_FAILED, "OutputType JSONL needs the Resource and Parameters of an export.")
        results = self._results(run, frame)
        return of(transformed(results, config.get("Transformation", COMPACT), frame.work["arn"]))

    def _results(self, run: Run, frame: Frame) -> list[dict[str, Any]]:
        group, found = frame.work["group"], []
        for index in range(frame.work["started"]):
            child = run.require_frame(f"{group}.{index}")
            given = run.rows[f"{group}.items"]["items"][index]
            result: dict[str, Any] = {"Index": index, "Input": given, "Status": "SUCCEEDED"}
            if child.output is not None:
                result["Output"] = child.output.text
            else:
                result |= {"Status": "FAILED", "Error": child.work.get("error")}
                result["Cause"] = child.work.get("cause")
            found.append(result)
        return found

    def _succeed(self, run: Run, frame: Frame, result: Data, last: int) -> None:
        drop_children(run, frame, aborted=False)
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
