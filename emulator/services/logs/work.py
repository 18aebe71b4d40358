"""What is left of large deletions, a slice at a time."""

from emulator.kit.removing import removal
from emulator.services.logs.operations.groups import REMOVE
from emulator.services.logs.operations.statements import SQL

KINDS = (removal(REMOVE, SQL),)
