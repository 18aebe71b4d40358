"""iam."""

from emulator.kit.service import Service

SERVICE = Service("iam", __name__)
