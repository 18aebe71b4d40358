"""Every measure, and the table of them: `python -m tests.conformance.figures [--raise] [WORD ...]`.

Prints, for each corpus and way to look at it, how many cases go as they should, and each case that does not with the
reason why it is left out. Ends with 1 where a floor is not reached, or a miss has no reason. `--raise` writes figures
that are better than their floors into floors.json; WORDs choose the measures that have one of them in their name.
"""

from __future__ import annotations

import json
import sys
import time
from functools import partial

from tests.conformance import api, definitions, engine, expressions, machines
from tests.conformance.corpora import (
    FLOORS_FILE,
    AbsentError,
    Measure,
    Tally,
    complaints,
    find_reason,
    floors,
)

MEASURES = (
    Measure("events/patterns.jsonl", expressions.patterns),
    Measure("jsonata/suite.jsonl", expressions.jsonata, slow=True),
    Measure("jsonpath/jayway.jsonl", expressions.jsonpath),
    Measure("stepfunctions/executions.jsonl, engine", partial(engine.repeated, "executions")),
    Measure("stepfunctions/executions.jsonl, engine with answers", partial(engine.repeated, "executions", pure=False)),
    Measure("stepfunctions/executions.jsonl, outcomes", api.judged("executions", "outcome"), slow=True),
    Measure("stepfunctions/executions.jsonl, histories", api.judged("executions", "history"), slow=True),
    Measure("stepfunctions/choice.jsonl, engine", partial(engine.repeated, "choice")),
    Measure("stepfunctions/choice.jsonl", api.judged("choice", "outcome")),
    Measure("stepfunctions/sync.jsonl", api.judged("sync", "outcome"), slow=True),
    Measure("stepfunctions/teststate.jsonl", api.judged("teststate", "outcome"), slow=True),
    Measure("stepfunctions/create.jsonl, engine", definitions.refused),
    Measure("stepfunctions/create.jsonl", api.judged("create", "outcome")),
    Measure("stepfunctions/validate.jsonl", api.judged("validate", "outcome")),
    Measure("workflows/machines.jsonl, loaded", machines.load),
    Measure("workflows/machines.jsonl, a sample run", machines.run_sample),
    Measure("workflows/machines.jsonl, run", machines.run, slow=True),
    Measure("workflows/validity.json", definitions.validity),
)


def main(given: list[str]) -> int:
    """Print the table; 0 where everything is as good as it must be."""
    words = [word for word in given if word != "--raise"]
    chosen = [measure for measure in MEASURES if not words or any(word in measure.name for word in words)]
    wrong: list[str] = []
    better = floors()
    print(f"{'':54}{'passed':>8}{'of':>7}{'floor':>7}{'seconds':>9}")
    try:
        for measure in chosen:
            started = time.monotonic()
            found = measure.run()
            _print(measure, found, time.monotonic() - started)
            if "--raise" in given:
                better[measure.name] = max(better.get(measure.name, 0), found.passed)
                _write(better)
            wrong += complaints(measure, found)
    except AbsentError as error:
        wrong.append(str(error))
    finally:
        api.close()
    print("\n".join(["", *wrong]) if wrong else "")
    return 1 if wrong else 0


def _print(measure: Measure, found: Tally, seconds: float) -> None:
    floor = floors().get(measure.name, 0)
    print(f"{measure.name:54}{found.passed:>8}{found.total:>7}{floor:>7}{seconds:>9.1f}", flush=True)
    for case in found.misses:
        print(f"    {case}: {find_reason(measure.name, case) or 'NO REASON IS GIVEN'}")


def _write(better: dict[str, int]) -> None:
    FLOORS_FILE.write_text(json.dumps(better, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
