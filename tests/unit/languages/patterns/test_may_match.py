"""What can be said of an event before it is made: whether a pattern may match it."""

import pytest

from emulator.languages import patterns

KNOWN = {"source": "aws.states", "detail-type": "Change", "detail.status": "RUNNING"}
EVENT = {"source": "aws.states", "detail-type": "Change", "detail": {"status": "RUNNING", "name": "x"}}


@pytest.mark.parametrize(
    "pattern",
    [
        '{"source": ["aws.states"]}',
        '{"source": [{"prefix": "aws."}]}',
        '{"detail": {"status": ["FAILED", "RUNNING"], "name": ["x"]}}',
        '{"detail.status": [{"anything-but": ["FAILED"]}]}',
        '{"detail": {"status": [{"exists": true}]}}',
        '{"detail": {"error": [{"exists": false}]}}',
        '{"$or": [{"source": ["shop"]}, {"detail": {"status": ["RUNNING"]}}]}',
    ],
)
def test_what_matches_may_match(pattern):
    compiled = patterns.compile(pattern)

    assert compiled.matches(EVENT)
    assert compiled.may_match(KNOWN)


@pytest.mark.parametrize(
    "pattern",
    [
        '{"source": ["shop"]}',
        '{"source": ["aws.states"], "detail": {"status": ["FAILED"]}}',
        '{"detail": {"status": [{"anything-but": ["RUNNING"]}], "name": ["x"]}}',
        '{"detail.status": [{"exists": false}]}',
        '{"$or": [{"source": ["shop"]}, {"detail": {"status": ["FAILED"]}}]}',
    ],
)
def test_what_is_known_can_rule_a_match_out(pattern):
    assert not patterns.compile(pattern).may_match(KNOWN)


def test_what_is_not_known_rules_nothing_out():
    pattern = patterns.compile('{"detail": {"name": ["y"]}}')

    assert not pattern.matches(EVENT)
    assert pattern.may_match(KNOWN)
