"""What holds for every test.

With CI set nothing may be skipped but for want of the corpora, which are no part of the repository; no test fails
because others keep the machine or its PostgreSQL server busy.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.corpora import is_absence

# How fast examples come says nothing of the code where other processes share the cores.
settings.register_profile("stepwell", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("stepwell")

IN_CI = os.environ.get("CI", "") not in ("", "0", "false")


@pytest.hookimpl(hookwrapper=True)
def pytest_collection() -> Iterator[None]:
    """What collecting makes stays to the end: to look through it for garbage takes a second. Then as `stepwell up`."""
    gc.disable()
    yield
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Each file has one process of xdist's, and so have, together, the tests on PostgreSQL, where what a reader sees
    # depends on every transaction of the server, and those of the architecture, who read all our source.
    for item in items:
        on_postgres = item.get_closest_marker("postgres") is not None
        folder = item.path.parent.name
        group = "postgres" if on_postgres else folder if folder == "architecture" else item.path.stem
        item.add_marker(pytest.mark.xdist_group(group))


def _skipped(config: pytest.Config) -> list[tuple[str, str]]:
    """The tests that were skipped, each with the reason."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    reports = [] if reporter is None else reporter.stats.get("skipped", [])
    return [(each.nodeid, each.longrepr[2] if isinstance(each.longrepr, tuple) else each.longrepr) for each in reports]


def pytest_sessionfinish(session: pytest.Session) -> None:
    # The processes of xdist have no reporter: the one that gathers what they did decides.
    wrong = [reason for _, reason in _skipped(session.config) if not is_absence(reason)]
    if IN_CI and session.exitstatus == pytest.ExitCode.OK and wrong:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    skipped = _skipped(config)
    others = [(test, reason) for test, reason in skipped if not is_absence(reason)]
    if absent := len(skipped) - len(others):
        terminalreporter.line(f"{absent} tests were not run: the corpora are not beside the repository.", yellow=True)
    if others:
        terminalreporter.section("skipped, which is a failure in CI", red=IN_CI)
        for test, reason in others:
            terminalreporter.line(f"{test}: {reason}")
