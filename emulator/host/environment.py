"""The environment variables of a function: what a Lambda runtime defines, nothing of our own."""

from __future__ import annotations

import os
from collections.abc import Mapping

from emulator.host.model import Function

_INHERITED = ("PATH", "HOME", "LANG")


def inherited() -> dict[str, str]:
    """The few variables of this process that a function sees too."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


def of_function(function: Function, everywhere: Mapping[str, str], log_stream: str) -> dict[str, str]:
    """All variables of a worker; later ones win: ours, everybody's, the function's, the reserved ones.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    own = inherited()
    programs = [str(layer / "bin") for layer in reversed(function.layers) if (layer / "bin").is_dir()]
    if programs:
        own["PATH"] = os.pathsep.join([*programs, own.get("PATH", os.defpath)])
    return {
        "LANG": "en_US.UTF-8",
        **own,
        "AWS_ACCESS_KEY_ID": function.account,
        "AWS_SECRET_ACCESS_KEY": "secret",
        "TZ": ":UTC",
        **everywhere,
        **function.environment,
        **_reserved(function, log_stream),
    }


def _log_variables(function: Function) -> dict[str, str]:
    return {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": function.logging.application_level}


def module_folders(function: Function) -> list[str]:
    """Where the function's modules are sought, first to last: its code, then its layers, the last one first.

    https://docs.aws.amazon.com/lambda/latest/dg/python-layers.html#python-layer-paths
    """
    below = (f"python/lib/{function.runtime}/site-packages", "python")
    layers = [layer / path for layer in reversed(function.layers) for path in below]
    return [os.path.abspath(function.code), *(str(folder) for folder in layers if folder.is_dir())]


def _reserved(function: Function, log_stream: str) -> dict[str, str]:
    code = os.path.abspath(function.code)
    logging = {} if function.logging.is_text else _log_variables(function)
    return {
        **logging,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_REGION": function.region,
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "LAMBDA_TASK_ROOT": code,
        "PWD": code,
        "_HANDLER": function.handler,
    }
