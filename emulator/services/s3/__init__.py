"""s3."""

from emulator.kit.service import Service

SERVICE = Service("s3", __name__)
