"""When a failed post is tried again."""

from emulator.services.sns.model.http import is_final, own_policy, retry_seconds

DEFAULT = {
    "minDelayTarget": 20,
    "maxDelayTarget": 20,
    "numRetries": 3,
    "numMaxDelayRetries": 0,
    "numNoDelayRetries": 0,
    "numMinDelayRetries": 0,
    "backoffFunction": "linear",
}


def delays(**changes):
    policy = {**DEFAULT, **changes}
    return [retry_seconds(policy, failures) for failures in range(1, policy["numRetries"] + 2)]


def test_three_retries_at_twenty_seconds_are_the_default():
    assert delays() == [20, 20, 20, None]


def test_the_phases_follow_each_other():
    phases = {"numNoDelayRetries": 1, "numMinDelayRetries": 1, "numMaxDelayRetries": 1}

    assert delays(minDelayTarget=1, maxDelayTarget=9, numRetries=6, **phases) == [0, 1, 1, 5, 9, 9, None]


def test_other_functions_double_the_delay():
    found = delays(minDelayTarget=1, maxDelayTarget=5, numRetries=4, backoffFunction="exponential")

    assert found == [1, 2, 4, 5, None]


def test_a_clients_fault_is_not_tried_again():
    assert [is_final(status) for status in (400, 404, 429, 500, 503)] == [True, True, False, False, False]


def test_a_policy_is_shown_with_every_part():
    assert own_policy('{"requestPolicy":{"headerContentType":"text/csv"}}') == {
        "healthyRetryPolicy": None,
        "sicklyRetryPolicy": None,
        "throttlePolicy": None,
        "requestPolicy": {"headerContentType": "text/csv"},
        "guaranteed": False,
    }
