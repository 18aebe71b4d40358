"""Work by hand: an emulator that is held does one due item at each step."""

import io
import json
import zipfile

import pytest

from emulator.testing import Running

ROLE = "arn:aws:iam::000000000000:role/steps"
FUNCTION = {"Runtime": "python3.12", "Handler": "index.handler", "Role": ROLE}


@pytest.fixture
def held(tmp_path):
    running = Running(tmp_path).start()
    running.hold()
    yield running
    running.stop()


def archive(source):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr("index.py", source)
    return written.getvalue()


def test_each_step_does_one_item(held):
    events, states = held.client("events"), held.client("stepfunctions")
    definition = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
    machine = states.create_state_machine(name="m", roleArn=ROLE, definition=definition)["stateMachineArn"]
    events.put_rule(Name="r", EventPattern=json.dumps({"source": ["steps"]}))
    events.put_targets(Rule="r", Targets=[{"Id": str(n), "Arn": machine} for n in range(3)])
    events.put_events(Entries=[{"Source": "steps", "DetailType": "d", "Detail": "{}"}])

    ended = []
    while held.step():
        shown = states.list_executions(stateMachineArn=machine)["executions"]
        ended.append(sum(execution["status"] == "SUCCEEDED" for execution in shown))

    # The first of the three had its first burst in the transaction of the event.
    assert ended == [2, 3]


def test_a_step_lasts_until_what_it_has_others_do_is_done(held):
    functions, queues = held.client("lambda"), held.client("sqs")
    queues.create_queue(QueueName="told")
    code = {"ZipFile": archive("def handler(event, context):\n    return event\n")}
    functions.create_function(FunctionName="f", Code=code, **FUNCTION)
    told = {"OnSuccess": {"Destination": "arn:aws:sqs:us-east-1:000000000000:told"}}
    functions.put_function_event_invoke_config(FunctionName="f", DestinationConfig=told)
    functions.invoke(FunctionName="f", InvocationType="Event", Payload=b"{}")

    assert held.step()

    shown = queues.get_queue_attributes(
        QueueUrl=queues.get_queue_url(QueueName="told")["QueueUrl"], AttributeNames=["ApproximateNumberOfMessages"]
    )
    assert shown["Attributes"] == {"ApproximateNumberOfMessages": "1"}
    assert not held.step()
