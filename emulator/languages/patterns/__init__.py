"""Event patterns: the filter language of EventBridge rules and pipes, event source mappings and SNS."""

from emulator.languages.patterns.explain import Mismatch
from emulator.languages.patterns.index import Index
from emulator.languages.patterns.pattern import Pattern, compile
from emulator.languages.patterns.tokens import InvalidPattern

__all__ = ["Index", "InvalidPattern", "Mismatch", "Pattern", "compile"]
