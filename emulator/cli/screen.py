"""The one screen that `stepwell up` prints."""

from __future__ import annotations

from emulator.config import ROLES, Config
from emulator.ids import DEFAULT_ACCOUNT


def text(config: Config, url: str, contents: str, problems: int) -> str:
    """What runs, where, with what (and how many problems it has), and how to use it."""
    project = contents
    if problems:
        project += f"; {problems} problem{'s' if problems > 1 else ''}, see above"
    data = config.store.rpartition("@")[2] if config.store else f"{config.data}/"
    flag = "" if str(config.data) == ".stepwell" else f" --data {config.data}"
    roles = "" if config.roles == ROLES else f" as {', '.join(config.roles)}"
    return f"""
  Stepwell{roles} serves AWS at {url}

    project   {config.project.resolve()}: {project}
    data      {data}
    region    {config.region}, account {DEFAULT_ACCOUNT}

    use it    eval "$(stepwell env{flag})"    then aws, boto3, any SDK
    look      stepwell status | explain | attempts | inbox{f"   (each with{flag})" if flag else ""}
    time      stepwell clock advance 1d | until --idle
    end       Ctrl-C, or stepwell stop{flag}
"""
