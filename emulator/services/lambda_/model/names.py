"""How a function is named: by name, partial ARN or ARN, with or without a qualifier."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from emulator.services.lambda_.model.errors import invalid, not_found

LATEST = "$LATEST"

_NAME = re.compile(
    r"(?:arn:aws[a-zA-Z-]*:lambda:)?(?:(?P<region>[a-z]{2,}(?:-[a-z]+)+-\d):)?(?:(?P<account>\d{12}):)?"
    r"(?:function:)?(?P<name>[a-zA-Z0-9-_]+)(?::(?P<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?"
)


@dataclass(frozen=True, slots=True)
class FunctionName:
    """The parts of a FunctionName; what it does not say is None."""

    name: str
    qualifier: str | None = None
    account: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Qualified:
    """A function as asked for: `qualifier` is None, `$LATEST`, a version's number or an alias."""

    account: str
    region: str
    name: str
    qualifier: str | None

    @property
    def arn(self) -> str:
        """The ARN as asked for, with the qualifier if there is one."""
        return arn_of(self.account, self.region, self.name, self.qualifier)

    @property
    def place(self) -> dict[str, str]:
        """The columns that say which function a row is of."""
        return {"account": self.account, "region": self.region, "name": self.name}

    @property
    def owner(self) -> dict[str, str]:
        """The same where `name` is that of something which the function has."""
        return {"account": self.account, "region": self.region, "function": self.name}

    def of(self, qualifier: str | None) -> Qualified:
        """The same function with another qualifier."""
        return Qualified(self.account, self.region, self.name, qualifier)


def arn_of(account: str, region: str, name: str, qualifier: str | None = None) -> str:
    """The ARN of a function, or of a version or alias of it."""
    arn = f"arn:aws:lambda:{region}:{account}:function:{name}"
    return arn if qualifier is None else f"{arn}:{qualifier}"


@lru_cache(maxsize=4096)
def parse(text: str) -> FunctionName:
    """The parts of a FunctionName. Errors: InvalidParameterValueException."""
    match = _NAME.fullmatch(text)
    if match is None:
        raise invalid(f"{text} is not a function's name or ARN.")
    name = match["name"]
    if len(name) > 64:
        raise invalid(
            f"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: "
            "Member must have length less than or equal to 64"
        )
    return FunctionName(name, match["qualifier"], match["account"], match["region"])


def resolve(text: str, qualifier: str | None, account: str, region: str) -> Qualified:
    """The function that a caller of `account` in `region` means.

    Errors: InvalidParameterValueException, ResourceNotFoundException for another region (texts recorded).
    """
    parsed = parse(text)
    if parsed.qualifier is not None and qualifier is not None and parsed.qualifier != qualifier:
        raise invalid("The derived qualifier from the function name does not match the specified qualifier.")
    if parsed.region is not None and parsed.region != region:
        raise not_found(f"Functions from '{parsed.region}' are not reachable in this region ('{region}')")
    return Qualified(parsed.account or account, region, parsed.name, qualifier or parsed.qualifier)


def is_version(qualifier: str) -> bool:
    """Whether a qualifier is a published version's number rather than an alias."""
    return qualifier.isascii() and qualifier.isdigit()
