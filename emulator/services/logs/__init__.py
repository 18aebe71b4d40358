"""logs."""

from emulator.kit.service import Service

SERVICE = Service("logs", __name__)
