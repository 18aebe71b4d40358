"""stepwell."""

from emulator.kit.service import Service

SERVICE = Service("stepwell", __name__)
