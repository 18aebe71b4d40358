"""sns."""

from emulator.kit.service import Service

SERVICE = Service("sns", __name__)
