"""The AWS services that this house emulates, as a literal list."""

from pathlib import Path

from emulator.kit.service import Service
from emulator.services.events import SERVICE as EVENTS
from emulator.services.iam import SERVICE as IAM
from emulator.services.lambda_ import SERVICE as LAMBDA
from emulator.services.logs import SERVICE as LOGS
from emulator.services.s3 import SERVICE as S3
from emulator.services.sns import SERVICE as SNS
from emulator.services.sqs import SERVICE as SQS
from emulator.services.stepfunctions import SERVICE as STEPFUNCTIONS
from emulator.services.stepwell import SERVICE as STEPWELL
from emulator.services.sts import SERVICE as STS

# Models of our own, in botocore's format: services/stepwell is an API like the others.
MODELS = Path(__file__).parent / "stepwell" / "models"

SERVICES: tuple[Service, ...] = (EVENTS, IAM, LAMBDA, LOGS, S3, SNS, SQS, STEPFUNCTIONS, STEPWELL, STS)
