"""The host: takes invocations, gives them to warm workers, enforces time limits and answers."""

from __future__ import annotations

import asyncio
import itertools
import os
import secrets
import signal
import sys
from collections.abc import Callable, Mapping

from emulator.clock import SystemClock, WallClock, from_micros
from emulator.errors import EmulatorError
from emulator.host import answers, lines, logs
from emulator.host.environment import module_folders, of_function
from emulator.host.model import Answer, Function, Invocation, python_minor
from emulator.host.pools import Limits, Pool, Pools
from emulator.host.runtime import control, frames
from emulator.host.worker import Worker
from emulator.host.zygote import Zygote

# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html: 10 seconds for the Init phase.
_INIT_SECONDS = 10.0
# From this runtime on, a result's characters beyond ASCII stand for themselves in the answer.
_UNICODE_SINCE = 12


class Host:
    """Runs functions in worker processes, each worker one invocation at a time. Used from one event loop.

    `workers_max` and `workers_per_function` bound the processes; what exceeds them waits in the order it
    came. A worker that was idle for `idle_seconds` ends. Every function gets the variables of `environment`.
    """

    def __init__(
        self,
        *,
        workers_max: int = 64,
        workers_per_function: int = 16,
        python: str = sys.executable,
        environment: Mapping[str, str] | None = None,
        idle_seconds: float = 300.0,
        clock: WallClock | None = None,
    ) -> None:
        # More processes loading at once than twice the processors finish no sooner.
        starting = max(2, 2 * (os.cpu_count() or 1))
        self._limits = Limits(workers_max, workers_per_function, starting)
        self._pools = Pools(self._limits)
        self._python = python
        self._environment = dict(environment or {})
        self._idle_seconds = idle_seconds
        self._clock = clock or SystemClock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._zygote: Zygote | None = None
        self._workers: dict[int, Worker] = {}
        self._tokens = itertools.count(1)
        self._sweep: asyncio.TimerHandle | None = None

    @staticmethod
    def supports(runtime: str) -> bool:
        """Whether functions of this runtime can run here: every Python 3 does, on the one we have."""
        return python_minor(runtime) is not None

    async def start(self) -> None:
        """Belong to the running loop. No process is started before the first invocation."""
        self._loop = asyncio.get_running_loop()

    async def close(self) -> None:
        """End every worker and all they started. Invocations in progress get no answer, as in a crash."""
        if self._sweep is not None:
            self._sweep.cancel()
        zygote, self._zygote, self._loop = self._zygote, None, None
        for worker in self._workers.values():
            worker.close()
        self._workers.clear()
        self._pools = Pools(self._limits)
        if zygote is not None:
            await zygote.close()

    def invoke(
        self,
        function: Function,
        payload: bytes,
        *,
        request_id: str,
        client_context: str | None = None,
        trace_id: str = "",
        done: Callable[[Answer], None],
    ) -> None:
        """Run the function with a JSON payload; `done` is called on the loop, later, exactly once.

        `client_context` is JSON text, `trace_id` what the function's calls of AWS say they belong to. EmulatorError
        when the host is not started, the runtime is not a Python, or no process can be started; `done` is not
        called then.
        """
        if not self.supports(function.runtime):
            raise EmulatorError(f"the host cannot run {function.runtime} (function {function.name})")
        self._require_zygote()
        pool = self._pools.of(function.key)
        invocation = Invocation(function, payload, request_id, client_context, trace_id, done)
        pool.queue.append(invocation)
        try:
            self._fill(pool)
        except OSError as error:
            pool.queue.remove(invocation)
            raise EmulatorError(f"cannot start a worker for {function.name}: {error}") from error

    def retire(self, key: str) -> None:
        """The code or configuration of `key` is gone: idle workers end now, busy ones when they finish."""
        pool = self._pools.find(key)
        if pool is None:
            return
        for worker in pool.workers:
            worker.ending = True
        while pool.idle:
            self._end(pool.idle.pop())

    def running(self) -> list[str]:
        """The request ids that have not been answered: in a worker or waiting for one."""
        waiting = [item.request_id for pool in self._pools.all() for item in pool.queue]
        return [w.invocation.request_id for w in self._workers.values() if w.invocation is not None] + waiting

    def _fill(self, pool: Pool) -> None:
        while pool.queue and pool.idle:
            self._begin(pool.idle.pop(), pool.queue.popleft())
        while self._pools.wants_worker(pool):
            if not self._pools.has_place(pool):
                spare = self._pools.find_spare()
                if spare is not None:
                    self._end(spare)
                return
            self._start_worker(pool)

    def _start_worker(self, pool: Pool) -> None:
        loop, zygote = self._require_loop(), self._require_zygote()
        function = pool.queue[0].function
        now = self._clock.micros()
        stream = logs.log_stream_name(function.version, from_micros(now), secrets.token_hex(16))
        worker = Worker(next(self._tokens), function, stream, self._clock, loop, self._on_frame)
        self._workers[worker.token] = worker
        self._pools.take_place(pool, worker)
        worker.log.add(lines.init_start(function, now), now)
        worker.open(zygote.fork)
        worker.send(frames.FUNCTION, self._described(function, stream))
        worker.start_timer(_INIT_SECONDS + function.timeout_seconds, self._expire)

    def _require_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            raise EmulatorError("the function host is not started")
        return self._loop

    def _require_zygote(self) -> Zygote:
        if self._zygote is None:
            self._zygote = Zygote(self._require_loop(), self._python, self._on_report, self._on_zygote_end)
        return self._zygote

    def _described(self, function: Function, stream: str) -> dict[str, object]:
        return {
            "name": function.name,
            "version": function.version,
            "handler": function.handler,
            "folders": module_folders(function),
            "memory_mb": function.memory_mb,
            "log_group": function.log_group,
            "log_stream": stream,
            "environment": of_function(function, self._environment, stream),
            "ascii_only": (python_minor(function.runtime) or 0) < _UNICODE_SINCE,
        }

    def _begin(self, worker: Worker, invocation: Invocation) -> None:
        function = invocation.function
        worker.invocation = invocation
        now = self._clock.micros()
        worker.log.add(lines.start(function, invocation.request_id, now), now)
        meta = {
            "request_id": invocation.request_id,
            "timeout": function.timeout_seconds,
            "arn": function.arn,
            "client_context": invocation.client_context,
            "trace_id": invocation.trace_id,
        }
        worker.send(frames.INVOKE, meta, invocation.payload)
        worker.start_timer(function.timeout_seconds, self._expire)

    def _on_frame(self, worker: Worker, frame: frames.Frame) -> None:
        kind, meta, payload = frame
        if worker.timed_out:
            return  # the answer crossed the kill: the limit was reached first
        worker.stop_timer()
        if kind == frames.READY:
            worker.init_ms = meta["ms"]
            worker.ready = True
            if meta["sdk"] and self._zygote is not None:
                self._zygote.preload()
            pool = self._pools.of(worker.function.key)
            pool.starting -= 1
            # A new worker does something before it makes room, or none would ever do anything.
            if pool.queue and not worker.ending:
                self._begin(worker, pool.queue.popleft())
            else:
                self._next(worker)
        elif kind == frames.FAULT:
            self._fault(worker, meta, payload)
        else:
            self._answer(worker, kind, meta, payload)

    def _answer(self, worker: Worker, kind: int, meta: dict[str, float], payload: bytes) -> None:
        invocation, worker.invocation = worker.invocation, None
        if invocation is None:
            return
        worker.read_output()
        how = answers.returned if kind == frames.RESULT else answers.raised
        answer = how(worker, invocation, payload, self._use(meta))
        self._next(worker)
        invocation.done(answer)

    def _next(self, worker: Worker) -> None:
        """A worker has nothing to do: the next invocation of its function, or room for others, or rest."""
        pool = self._pools.of(worker.function.key)
        if worker.ending or self._pools.must_yield(pool):
            self._end(worker)
        elif pool.queue:
            self._begin(worker, pool.queue.popleft())
        else:
            worker.rest()
            pool.idle.append(worker)
            self._schedule_sweep()

    def _fault(self, worker: Worker, meta: dict[str, float], payload: bytes) -> None:
        """The handler cannot be loaded: the oldest waiting invocation fails; the process ends by itself."""
        worker.ending = True
        invocation = self._find_victim(worker)
        if invocation is None:
            return
        worker.read_output()
        worker.init_ms = meta["ms"]
        use = self._use({**meta, "ms": 0.0})
        worker.log.add(lines.start(invocation.function, invocation.request_id, use.at_us), use.at_us)
        invocation.done(answers.raised(worker, invocation, payload, use))

    def _use(self, meta: Mapping[str, float]) -> answers.Use:
        return answers.Use(meta["ms"], int(meta["peak_kib"]), self._clock.micros())

    def _find_victim(self, worker: Worker) -> Invocation | None:
        queue = self._pools.of(worker.function.key).queue
        return queue.popleft() if queue else None

    def _expire(self, worker: Worker) -> None:
        worker.timed_out = True
        self._end(worker)

    def _end(self, worker: Worker) -> None:
        worker.ending = True
        if self._zygote is not None:
            self._zygote.kill(worker.token)

    def _on_report(self, kind: bytes, token: int, number: int, peak_kib: int) -> None:
        worker = self._workers.get(token)
        if worker is not None and kind == control.EXITED:
            self._exited(worker, number, peak_kib)

    def _exited(self, worker: Worker, status: int, peak_kib: int) -> None:
        worker.drain()
        use = answers.Use(worker.elapsed_ms(), peak_kib, self._clock.micros())
        del self._workers[worker.token]
        worker.close()
        invocation, worker.invocation = worker.invocation, None
        if invocation is None and not worker.ready and (worker.timed_out or not worker.ending):
            invocation = self._find_victim(worker)
        pool = self._pools.of(worker.function.key)
        self._pools.give_back(pool, worker)
        for waiting in (*self._pools.take_hungry(), pool):
            self._fill(waiting)
        if invocation is None:
            return
        if worker.timed_out:
            invocation.done(answers.timed_out(worker, invocation, use))
        else:
            invocation.done(answers.exited(worker, invocation, status, use))

    def _on_zygote_end(self) -> None:
        """The zygote is gone and its workers with it; the next invocation starts another."""
        self._zygote = None
        for worker in list(self._workers.values()):
            self._exited(worker, signal.SIGKILL, 0)

    def _schedule_sweep(self) -> None:
        if self._sweep is None:
            self._sweep = self._require_loop().call_later(self._idle_seconds, self._end_idle)

    def _end_idle(self) -> None:
        self._sweep = None
        for pool in self._pools.all():
            while pool.idle and pool.idle[0].elapsed_ms() >= self._idle_seconds * 1000:
                self._end(pool.idle.pop(0))
            if pool.idle:
                self._schedule_sweep()
