"""What of an event a target gets, and in which form: InputPath, InputTransformer, a pipe's InputTemplate."""

from emulator.languages.templates.text import InvalidTemplate, TemplateFailed
from emulator.languages.templates.transformers import InputPath, InputTransformer, PipeTemplate

__all__ = ["InputPath", "InputTransformer", "InvalidTemplate", "PipeTemplate", "TemplateFailed"]
