"""Where functions run: warm Python processes forked from a zygote, one invocation at a time each."""

from emulator.host.host import Host
from emulator.host.model import Answer, Function, Logging, LogLine

__all__ = ["Answer", "Function", "Host", "LogLine", "Logging"]
