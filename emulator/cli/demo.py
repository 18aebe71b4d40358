"""stepwell demo: run the sample project through its four scenarios and tell the story."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import emulator
from emulator.errors import EmulatorError

if TYPE_CHECKING:
    from emulator.cli.scenarios import Verdict
    from emulator.cli.stage import Stage
    from emulator.cli.story import Story

PROJECT = Path(emulator.__file__).resolve().parent.parent


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whether it stays."""
    parser.add_argument("--keep", action="store_true", help="leave the emulator running at the end")


def run(args: argparse.Namespace) -> int:
    """0 only if every assertion of every scenario held. Raises EmulatorError when it cannot begin."""
    from emulator.cli.stage import Stage
    from emulator.cli.story import Story

    if not (PROJECT / "workflows" / "order-intake.asl.json").is_file():
        raise EmulatorError("The sample project is not here: the demo runs from a checkout of the repository.")
    stage = Stage(PROJECT)
    story = Story(stage)
    keep = False
    try:
        process = stage.start()
        story.tell("process", f"Stepwell serves {PROJECT.name} at {stage.url}", str(process))
        verdicts = _perform(stage, story)
        keep = bool(args.keep)
    finally:
        if not keep:
            stage.end()
    held = sum(not verdict.failed for verdict in verdicts)
    print(f"\n{held} of {len(verdicts)} scenarios held, {story.elapsed():.1f} s")
    if keep:
        print(f"\nIt still runs: {stage.url}\nlook  stepwell status --data {stage.data}")
        print(f"end   stepwell stop --data {stage.data}")
    return 1 if any(verdict.failed for verdict in verdicts) else 0


def _perform(stage: Stage, story: Story) -> list[Verdict]:
    from emulator.cli.scenarios import SCENARIOS, Verdict

    verdicts = []
    for number, scenario in enumerate(SCENARIOS, 1):
        print(f"\n{number}. {(scenario.__doc__ or '').strip()}", flush=True)
        try:
            verdict = scenario(stage, story)
        except Exception as error:  # a client's error is a verdict too; the other scenarios still have their turn
            verdict = Verdict(scenario.__name__.replace("_", " "))
            verdict.check(f"{type(error).__name__}: {error}", False)
        _print(verdict)
        verdicts.append(verdict)
    complaints = stage.log().strip()
    if complaints:
        print(f"\nThe emulator complained:\n{complaints}")
    return verdicts


def _print(verdict: Verdict) -> None:
    word = "FAIL" if verdict.failed else "PASS"
    print(f"  {word}  {verdict.title} ({verdict.held} of {verdict.held + len(verdict.failed)} assertions held)")
    for failed in verdict.failed:
        print(f"        not so: {failed}")
