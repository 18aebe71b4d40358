"""AWS Lambda: functions of Python 3, run in processes of their own on the Python that runs Stepwell.

Exact: configuration, versions, aliases (weights included), resource policies as stored, reserved concurrency,
synchronous and asynchronous invocation with the retries, event age, destinations and dead-letter queue of the
latter, tail logs, the log group of a function in CloudWatch Logs; event source mappings of SQS queues: batches,
windows, filters, partial batch responses, FIFO order.
Deviations: a function is Active and an update Successful at once. Functions of other runtimes are stored; invoking
one answers InvalidRuntimeException. `Code.Location` of GetFunction is a `file:` URL. Memory size, ephemeral storage,
architecture and tracing are kept and shown, not enforced. Reserved concurrency is counted per process. A policy is
asked when another account invokes, not when a service of the same account does. A mapping has at most five batches
at its function, or its MaximumConcurrency: AWS begins with five and adds more. What it has gathered in its batching
window becomes visible again when the mapping is disabled or deleted. Tags of a mapping are not kept.
Ours: `Folder` in FunctionCode and UpdateFunctionCode names a folder on this machine whose code is run as it lies.
Missing (501): layers, container images, function URLs, event source mappings of streams and brokers, provisioned
pollers, provisioned concurrency, streaming responses, code signing, JSON log format, destinations in S3.
"""

from pathlib import Path

from emulator.kit.service import Service
from emulator.wire import models

models.add_extras("lambda", Path(__file__).with_name("extras.json"))

SERVICE = Service("lambda", __name__, work=True)
