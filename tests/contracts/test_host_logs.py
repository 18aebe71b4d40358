"""What a function writes, between the lines that Lambda writes around it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.contracts.hosting import code, function, invoke_once, texts


def test_the_log_has_every_line_in_order_between_start_and_report(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import logging, os, subprocess, sys\n"
        "print('loading')\n"
        "def handler(event, context):\n"
        "    print('multi\\nline')\n"
        "    logging.getLogger().warning('one event\\nof two lines')\n"
        "    sys.stderr.write('error\\n')\n"
        "    os.write(1, b'raw\\n')\n"
        "    subprocess.run(['echo', 'child'])\n"
        "    logging.info('below the level')\n"
        "    print('no newline', end='')\n",
    )

    answer = invoke_once(function(folder))

    lines = texts(answer)
    assert lines[0].startswith("INIT_START Runtime Version: python:3.13.")
    assert lines[1:5] == ["loading\n", "START RequestId: r-1 Version: $LATEST\n", "multi\n", "line\n"]
    record = r"\[WARNING\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\tr-1\tone event\nof two lines\n"
    assert re.fullmatch(record, lines[5])
    assert lines[6:11] == ["error\n", "raw\n", "child\n", "no newline\n", "END RequestId: r-1\n"]
    assert re.fullmatch(
        r"REPORT RequestId: r-1\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\t"
        r"Max Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms\t\n",
        lines[11],
    )
    assert len(lines) == 12
    assert answer.logs == sorted(answer.logs, key=lambda line: line.at_us)


def test_the_json_log_format_writes_one_object_per_record(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import logging\ndef handler(event, context):\n    logging.getLogger('shop').info('sold', extra={'n': 2})\n",
    )
    variables = {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "INFO"}

    answer = invoke_once(function(folder, environment=variables))

    record = json.loads(texts(answer)[2])
    del record["timestamp"]
    assert record == {"level": "INFO", "message": "sold", "logger": "shop", "requestId": "r-1", "n": 2}


def test_megabytes_of_output_neither_block_the_function_nor_reach_the_frames(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import os\ndef handler(event, context):\n    for n in range(30000): print('x' * 99)\n"
        "    os.write(1, bytes(range(256)))\n    return 'fine'\n",
    )

    answer = invoke_once(function(folder))

    assert answer.payload == b'"fine"'
    assert texts(answer).count("x" * 99 + "\n") == 30000
