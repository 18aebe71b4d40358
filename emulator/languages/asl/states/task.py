"""Task: asks for a piece of work and waits for its answer, its timeouts included."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from emulator.languages.asl import answers
from emulator.languages.asl import history as events
from emulator.languages.asl.dataflow import find_template
from emulator.languages.asl.effects import CancelTask, RunTask
from emulator.languages.asl.environment import Env, Read, mixed
from emulator.languages.asl.failures import (
    HEARTBEAT,
    RUNTIME,
    TIMEOUT,
    StateFailure,
    query,
    too_large,
)
from emulator.languages.asl.frames import WAITING
from emulator.languages.asl.limits import PAYLOAD_LIMIT, SECONDS_MAX
from emulator.languages.asl.resources import resource
from emulator.languages.asl.states.numbers import find_number
from emulator.languages.asl.states.state import State
from emulator.languages.asl.texts import dump, of

if TYPE_CHECKING:
    from emulator.languages.asl.frames import Frame
    from emulator.languages.asl.run import Run


class TaskState(State):
    type = "Task"
    retriable = True
    aborted_type = "TaskStateAborted"

    def __init__(self, name: str, definition: dict[str, Any], language: str) -> None:
        super().__init__(name, definition, language)
        self.resource = resource(definition["Resource"])
        self.timeout = _seconds(definition, "TimeoutSeconds", self.jsonata)
        self.heartbeat = _seconds(definition, "HeartbeatSeconds", self.jsonata)
        self.credentials = find_template(definition, "Credentials", self.jsonata)

    # -- asking

    def begin(self, run: Run, frame: Frame) -> None:
        task_id = f"{frame.id}#{run.number()}"
        attempt = sum(frame.retries) + 1
        token = self._token(run, task_id) if self.resource.needs_token else None
        frame.work = {"token": token} if token else {}
        data = self.flow.payload(run, frame)
        if data.exceeds(PAYLOAD_LIMIT):
            raise too_large(self.resource.label, terminal=False)
        env = Env(run, frame, frame.input.value)
        timeout = None if self.timeout is None else self.timeout(env)
        heartbeat = None if self.heartbeat is None else self.heartbeat(env)
        credentials = None if self.credentials is None else self.credentials(env)
        self._schedule(run, frame, data.text, timeout, heartbeat, credentials)
        frame.work = work = {**frame.work, "task": task_id, "attempt": attempt}
        frame.phase = WAITING
        run.effects.append(
            RunTask(
                task_id=task_id,
                attempt=attempt,
                state_name=self.name,
                resource=self.resource.arn,
                parameters=data.value,
                timeout_seconds=timeout,
                heartbeat_seconds=heartbeat,
                credentials=credentials,
                token_wait=self.resource.token_wait,
                sync=self.resource.sync,
                context=run.context(frame),
                token=token,
            )
        )
        if timeout is not None:
            work["timeout"] = run.start_timer(frame, timeout)
        if heartbeat is not None:
            work["beat"] = heartbeat
            if self.resource.kind != "Activity" and not self._runs_first(frame):
                work["heartbeat"] = run.start_timer(frame, heartbeat)
        if token is not None and "timeout" not in work and "heartbeat" not in work:
            run.wait_for_long()

    def _token(self, run: Run, task_id: str) -> str:
        execution = run.top["context"].get("Execution", {}).get("Id")
        number = mixed(run.seed, execution, task_id)
        return base64.b64encode(number.to_bytes(32, "big") + mixed(number).to_bytes(32, "big")).decode()

    def _schedule(self, run: Run, frame: Frame, text: str, timeout: Any, heartbeat: Any, credentials: Any) -> None:
        limits: dict[str, Any] = {}
        if timeout is not None:
            limits["timeoutInSeconds"] = timeout
        if heartbeat is not None:
            limits["heartbeatInSeconds"] = heartbeat
        role = credentials.get("RoleArn") if isinstance(credentials, dict) else None
        details = self.resource.scheduled(text, run.region, limits, role)
        self._record(run, frame, "Scheduled", details)

    def _record(self, run: Run, frame: Frame, event: str, details: Any) -> None:
        name = self.resource.details(event) if details is not None else ""
        frame.prev = run.record(frame, f"{self.resource.kind}{event}", frame.prev, name, details)

    # -- being answered

    def answer(self, run: Run, frame: Frame, event: answers.Answer) -> None:
        """Take in an answer to the current attempt. Raises StateFailure."""
        if isinstance(event, answers.TaskHeartbeat):
            self._beat(run, frame)
            return
        self._started(run, frame, event.worker if isinstance(event, answers.TaskStarted) else None)
        if isinstance(event, answers.TaskSubmitted):
            self._submitted(run, frame, event)
        elif isinstance(event, answers.TaskSucceeded):
            self._succeeded(run, frame, event)
        elif isinstance(event, answers.TaskFailed):
            self._failed(run, frame, of_task(event))

    def _started(self, run: Run, frame: Frame, worker: str | None) -> None:
        if frame.work.get("started"):
            return
        frame.work = {**frame.work, "started": True}
        self._record(run, frame, "Started", self.resource.started(worker))
        if self.resource.kind == "Activity":
            self._beat(run, frame)

    def _submitted(self, run: Run, frame: Frame, event: answers.TaskSubmitted) -> None:
        if frame.work.get("submitted"):
            return
        frame.work = {**frame.work, "submitted": True}
        self._record(run, frame, "Submitted", self.resource.succeeded(dump(event.output)))
        if self.resource.service == "lambda":
            self._beat(run, frame)

    def _runs_first(self, frame: Frame) -> bool:
        """Whether heartbeats do not count yet: a function with a token runs to its end (Step Functions Developer Guide,
        "Invoke an AWS Lambda function with Step Functions")."""
        named = self.resource
        return named.service == "lambda" and named.token_wait and "submitted" not in frame.work

    def _beat(self, run: Run, frame: Frame) -> None:
        if "beat" in frame.work and not self._runs_first(frame):
            run.cancel_timer(frame.work.get("heartbeat"))
            timer = run.start_timer(frame, frame.work["beat"])
            frame.work = {**frame.work, "heartbeat": timer}

    def _succeeded(self, run: Run, frame: Frame, event: answers.TaskSucceeded) -> None:
        data = of(event.output)
        if data.exceeds(PAYLOAD_LIMIT):
            self._failed(run, frame, too_large(self.resource.label, terminal=False))
        self._record(run, frame, "Succeeded", self.resource.succeeded(data.text))
        self._put_down(run, frame)
        output, assigned = self.flow.exit(run, frame, data)
        run.leave(frame, self, output, self.target, assigned)

    def _failed(self, run: Run, frame: Frame, failure: StateFailure) -> None:
        details = self.resource.failed(events.failure(failure.error, failure.cause))
        self._record(run, frame, "Failed", details)
        self._put_down(run, frame)
        raise failure

    def _put_down(self, run: Run, frame: Frame) -> None:
        run.cancel_timer(frame.work.get("timeout"))
        run.cancel_timer(frame.work.get("heartbeat"))
        frame.work = {}

    def timed_out(self, run: Run, frame: Frame, timer: str) -> None:
        """TimeoutSeconds or HeartbeatSeconds have passed. Raises StateFailure (recorded: States.Timeout)."""
        missed = timer == "heartbeat"
        run.effects.append(CancelTask(frame.work["task"], frame.work["attempt"]))
        self._record(run, frame, "TimedOut", self.resource.failed({"error": TIMEOUT}))
        other = frame.work.get("timeout" if missed else "heartbeat")
        run.cancel_timer(other)
        frame.work = {}
        raise StateFailure(TIMEOUT, None, also=HEARTBEAT if missed else None)


def _seconds(definition: dict[str, Any], field: str, jsonata: bool) -> Read | None:
    """TimeoutSeconds or HeartbeatSeconds, in any of their forms."""

    def of_path(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= SECONDS_MAX:
            raise ValueError
        return value

    def of_query(value: int | float) -> int:
        if value != int(value) or not 0 < value <= SECONDS_MAX:
            raise query(f"The {field} must be an integer from 1 to {SECONDS_MAX}, but was: {dump(value)}", field)
        return int(value)

    return find_number(definition, field, "integer", jsonata, of_path=of_path, of_query=of_query)


def of_task(event: answers.TaskFailed) -> StateFailure:
    """How a state fails whose task has failed."""
    # No Retry and no Catch meets it (Step Functions Developer Guide, "Error names": States.Runtime).
    terminal = event.error == RUNTIME
    return StateFailure(event.error, event.cause, terminal=terminal, prefixed=event.unsent)
