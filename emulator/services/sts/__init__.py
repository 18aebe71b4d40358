"""sts."""

from emulator.kit.service import Service

SERVICE = Service("sts", __name__)
