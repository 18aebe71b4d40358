"""Plain names where AWS wants ARNs: `function/price-row`, `topic/alerts`, `queue/alerts`, ..."""

from __future__ import annotations

from dataclasses import dataclass

_ARNS = {
    "function": "arn:aws:lambda:{region}:{account}:function:{name}",
    "stateMachine": "arn:aws:states:{region}:{account}:stateMachine:{name}",
    "topic": "arn:aws:sns:{region}:{account}:{name}",
    "queue": "arn:aws:sqs:{region}:{account}:{name}",
    "bus": "arn:aws:events:{region}:{account}:event-bus/{name}",
    "bucket": "arn:aws:s3:::{name}",
}
ROLE = "arn:aws:iam::{account}:role/stepwell"


class UnknownNameError(Exception):
    """A plain name that means nothing in this project; the text says why."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a project has, by kind and name, in an account and region."""

    account: str
    region: str
    known: frozenset[tuple[str, str]]

    @property
    def role(self) -> str:
        """The role of whatever names none."""
        return ROLE.format(account=self.account)

    def arn(self, text: str) -> str:
        """The ARN of a plain name; an ARN stays what it is. Raises UnknownNameError."""
        if text.startswith("arn:"):
            return text
        kind, slash, name = text.partition("/")
        if not slash or kind not in _ARNS:
            raise UnknownNameError(
                f"{text!r} is neither an ARN nor one of {', '.join(f'{kind}/NAME' for kind in _ARNS)}"
            )
        if (kind, name) not in self.known:
            raise UnknownNameError(f"this project has no {kind} named {name!r} (for one outside it, write its ARN)")
        return _ARNS[kind].format(region=self.region, account=self.account, name=name)

    def is_plain(self, text: object) -> bool:
        """Whether a text is meant as a plain name."""
        return isinstance(text, str) and text.partition("/")[0] in _ARNS and "/" in text
