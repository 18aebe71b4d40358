"""lambda."""

from emulator.kit.service import Service

SERVICE = Service("lambda", __name__)
