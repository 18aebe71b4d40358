"""What was delivered, what is to be done, what arrived by mail, and what is emulated, as the API shows it."""

import email
import email.policy

import pytest


@pytest.fixture
def stepwell(aws):
    return aws("stepwell")


def send(aws, *targets):
    """One event to the targets of one rule."""
    aws("events").put_rule(Name="rule", EventPattern='{"source": ["a"]}')
    aws("events").put_targets(Rule="rule", Targets=[{"Id": f"t{at}", "Arn": arn} for at, arn in enumerate(targets)])
    aws("events").put_events(Entries=[{"Source": "a", "DetailType": "d", "Detail": "{}"}])
    aws("stepwell").wait_until(NothingPending=True, TimeoutSeconds=0)


# -- attempts and work


def test_attempts_show_what_happened_and_why(aws, stepwell):
    aws("sqs").create_queue(QueueName="queue")
    good, bad = (f"arn:aws:sqs:us-east-1:{aws.account}:{name}" for name in ("queue", "nowhere"))

    send(aws, good, bad)

    found = {attempt["Target"]: attempt for attempt in stepwell.list_attempts()["Attempts"]}
    assert found[good]["Outcome"] == "delivered"
    assert "ErrorCode" not in found[good]
    assert found[bad]["Outcome"] == "given up"
    assert found[bad]["ErrorMessage"]
    assert found[bad]["Attempt"] == 1
    assert found[bad]["Cause"] == f"arn:aws:events:us-east-1:{aws.account}:rule/rule"


def test_attempts_of_one_trace_are_shown_in_their_order(aws, stepwell):
    send(aws, f"arn:aws:sqs:us-east-1:{aws.account}:one")
    send(aws, f"arn:aws:sqs:us-east-1:{aws.account}:two")
    (newest, *_) = stepwell.list_attempts()["Attempts"]

    found = stepwell.list_attempts(TraceId=newest["TraceId"])["Attempts"]

    assert {attempt["TraceId"] for attempt in found} == {newest["TraceId"]}
    assert len(stepwell.list_attempts(MaxResults=1)["Attempts"]) == 1


def test_attempts_of_another_account_are_not_shown(aws, running):
    send(aws, f"arn:aws:sqs:us-east-1:{aws.account}:one")

    assert running.client("stepwell", "777777777777").list_attempts()["Attempts"] == []


def test_work_shows_what_is_next(aws, stepwell):
    for minutes in (30, 10, 20):
        aws("events").put_rule(Name=f"every-{minutes}", ScheduleExpression=f"rate({minutes} minutes)")

    found = stepwell.list_work()["Work"]

    assert [item["Kind"] for item in found] == ["events.tick"] * 3
    assert [item["Key"].rsplit("-", 1)[-1] for item in found] == ["10", "20", "30"]
    assert [item["Due"] for item in found] == sorted(item["Due"] for item in found)
    assert not any(item["Started"] for item in found)
    assert len(stepwell.list_work(MaxResults=2)["Work"]) == 2


@pytest.mark.parametrize("operation", ["list_attempts", "list_work", "list_mail"])
@pytest.mark.parametrize("most", [0, -1])
def test_a_page_has_a_size(stepwell, operation, most, refusal):
    assert refusal(getattr(stepwell, operation), MaxResults=most)[0] == "InvalidParameterException"


# -- mail


def test_a_mail_is_kept_and_becomes_a_file(stepwell, running):
    put = stepwell.put_mail(To="ü <me@example.com>", Subject="Größe\nzwei", Body="Zeile 1\n😀\n")
    stepwell.wait_until(NothingPending=True, TimeoutSeconds=0)

    text = (running.config.data / "inbox" / put["File"]).read_bytes()

    mail = email.message_from_bytes(text, policy=email.policy.default)
    assert mail["Subject"] == "Größe zwei"
    assert "me@example.com" in mail["To"]
    assert mail.get_content().splitlines() == ["Zeile 1", "😀"]
    (listed,) = stepwell.list_mail()["Mail"]
    assert (listed["Id"], listed["Body"], listed["File"]) == (put["Id"], "Zeile 1\n😀\n", put["File"])


@pytest.mark.parametrize("to", ["a\r\nBcc: b@example.com", "not an address", "@", "x" * 2_000])
def test_a_mail_to_anything_becomes_a_file_without_further_headers(stepwell, running, to):
    put = stepwell.put_mail(To=to, Subject="s", Body="b")
    stepwell.wait_until(NothingPending=True, TimeoutSeconds=0)

    mail = email.message_from_bytes((running.config.data / "inbox" / put["File"]).read_bytes())

    assert mail["Bcc"] is None
    assert stepwell.list_work()["Work"] == []


def test_mails_are_listed_by_address_the_newest_first(stepwell):
    for to, subject in (("a@example.com", "1"), ("b@example.com", "2"), ("a@example.com", "3")):
        stepwell.put_mail(To=to, Subject=subject, Body="b")

    found = stepwell.list_mail(To="a@example.com")["Mail"]

    assert [mail["Subject"] for mail in found] == ["3", "1"]


def test_mails_are_removed(stepwell):
    first = stepwell.put_mail(To="a@example.com", Subject="1", Body="b")["Id"]
    stepwell.put_mail(To="a@example.com", Subject="2", Body="b")

    stepwell.delete_mail(Id=first)
    left = [mail["Subject"] for mail in stepwell.list_mail()["Mail"]]
    stepwell.delete_mail()

    assert left == ["2"]
    assert stepwell.list_mail()["Mail"] == []


def test_mails_of_another_account_are_not_removed(stepwell, running):
    put = stepwell.put_mail(To="a@example.com", Subject="1", Body="b")

    running.client("stepwell", "777777777777").delete_mail(Id=put["Id"])

    assert len(stepwell.list_mail()["Mail"]) == 1


# -- coverage


def test_coverage_tells_what_is_emulated(stepwell):
    found = {entry["Operation"]: entry for entry in stepwell.list_coverage(Service="events")["Operations"]}

    assert found["PutEvents"]["Emulated"]
    assert not found["CreateEndpoint"]["Emulated"]
    assert "EndpointId" in found["PutEvents"]["NotActedOn"]


def test_coverage_of_everything_has_every_service(stepwell):
    services = {entry["Service"] for entry in stepwell.list_coverage()["Operations"]}

    assert {"events", "sqs", "stepwell", "s3"} <= services


def test_our_own_api_is_emulated_whole(stepwell):
    found = stepwell.list_coverage(Service="stepwell")["Operations"]

    assert all(entry["Emulated"] for entry in found)
    assert not any(entry["NotActedOn"] for entry in found)


def test_coverage_of_a_service_that_is_not_there(stepwell, refusal):
    assert refusal(stepwell.list_coverage, Service="quantum")[0] == "InvalidParameterException"
