"""A project: the files of a folder made into resources through the public operations, and kept so.

functions/<name>/, rules/<name>.json, workflows/<name>.asl.json and stepwell.toml; see docs/project.md.
"""

from emulator.project.loading import Project
from emulator.project.problems import Problem

__all__ = ["Problem", "Project"]
