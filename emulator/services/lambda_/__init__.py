"""AWS Lambda: functions of Python 3, run in processes of their own on the Python that runs Stepwell.

Exact: configuration, versions, aliases (weights included), layers, resource policies as stored, reserved concurrency
(provisioned concurrency is taken from it), synchronous and asynchronous invocation with the retries, event age,
destinations and dead-letter queue of the latter, tail logs, the log group of a function in CloudWatch Logs as text or
as JSON; event source mappings of SQS queues: batches, windows, filters, partial batch responses, FIFO order; function
URLs (below `/_stepwell/urls`), whose policy is asked.
Deviations: the answer that creates or changes a function says Pending or InProgress; whoever asks next finds it Active.
Functions of other runtimes are stored; invoking one answers InvalidRuntimeException. `Code.Location` of GetFunction is
a `file:` URL. Memory size, ephemeral storage, architecture, tracing and VPC are kept and shown, not enforced. Layers
are on the path of modules and programs, there is no `/opt`. No process is started ahead for provisioned concurrency,
which is READY at once. Recursive loops are not ended, whatever is set. A wrapper script is not run. A policy is asked
when another account invokes, not when a service of the same account does. A function URL buffers its response whatever
its mode; CORS settings are kept and shown; with AWS_IAM any signature is taken. A mapping has at most five batches at
its function, or its MaximumConcurrency: AWS begins with five and adds more. What it has gathered in its batching window
becomes visible again when the mapping is disabled or deleted. Warm workers of replaced code end at once in one process;
where several run functions, in the others when they have been idle for five minutes.
Ours: `Folder` in FunctionCode and UpdateFunctionCode names a folder on this machine whose code is run as it lies.
Missing (501): container images, event source mappings of streams and brokers, provisioned pollers, streaming
responses, code signing configurations, destinations in S3.
"""

from pathlib import Path

from emulator.kit.service import Service
from emulator.wire import models

models.add_extras("lambda", Path(__file__).with_name("extras.json"))

SERVICE = Service("lambda", __name__, work=True)
