"""functions/<name>/: a Python module and, if need be, function.json with properties of CreateFunction.

What runs is a copy of the folder as it was when it was last found in order: a broken edit harms nobody.
"""

from __future__ import annotations

import ast
import asyncio
import hashlib
import shutil
from pathlib import Path
from typing import Any

from emulator.errors import AwsError
from emulator.project import checking, documents
from emulator.project.documents import Document
from emulator.project.names import Names
from emulator.project.problems import Problem, UnusableError
from emulator.project.resources import Calls, Resource, Wanted
from emulator.wire import models

KIND = "function"
DEFAULTS = {"Runtime": "python3.13", "Handler": "handler.handler"}
PROPERTIES = "function.json"


def list_names(root: Path) -> dict[str, Path]:
    """The folders below functions/, by name."""
    folder = root / "functions"
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {path.name: path for path in found if path.is_dir() and not path.name.startswith((".", "__"))}


def read(root: Path, names: Names, wanted: Wanted, data: Path) -> None:
    """Ask for each function."""
    for name, folder in list_names(root).items():
        try:
            document = _properties(folder)
            body = {**DEFAULTS, "Role": names.role, **document.value}
            problems = checking.check(document, "lambda", "CreateFunction", body, skip=("Code", "FunctionName"))
            problems += _check_code(folder, document, body["Handler"])
            if problems:
                raise UnusableError(*problems)
        except UnusableError as error:
            wanted.refuse((KIND, name), error)
            continue
        state = hashlib.sha256(_state_of(folder).encode(errors="surrogatepass")).hexdigest()[:16]
        copy = data.resolve() / "functions" / name / state
        wanted.add(KIND, name, document, {**body, "folder": str(folder), "copy": str(copy)})


def _properties(folder: Path) -> Document:
    file = folder / PROPERTIES
    if not file.exists():
        return Document(folder, "", {})
    document = documents.read(file)
    if not isinstance(document.value, dict):
        raise UnusableError(Problem(file, 1, "not a JSON object"))
    for name in ("Code", "FunctionName"):
        if name in document.value:
            raise UnusableError(document.problem(f"{name} is what the folder is", (name,)))
    return document


def _state_of(folder: Path) -> str:
    """Changes when a file of the folder does; what Python itself writes there does not count."""
    parts = []
    for path in sorted(folder.rglob("*")):
        if "__pycache__" not in path.parts and path.is_file():
            stat = path.stat()
            parts.append(f"{path}|{stat.st_size}|{stat.st_mtime_ns}")
    return "\n".join(parts)


def _check_code(folder: Path, document: Document, handler: str) -> list[Problem]:
    """The handler's module must compile and have the function; the other modules at the top must compile."""
    problems = []
    for file in sorted(folder.glob("*.py")):
        try:
            compile(file.read_bytes(), str(file), "exec", ast.PyCF_ONLY_AST)
        except SyntaxError as error:
            problems.append(Problem(file, error.lineno, f"{type(error).__name__}: {error.msg}"))
        except (ValueError, OSError) as error:
            problems.append(Problem(file, None, str(error)))
    module, _, function = handler.rpartition(".")
    source = folder / f"{module.replace('.', '/')}.py"
    if not problems and not source.is_file() and not source.with_suffix("").is_dir():
        problems.append(document.problem(f"Handler {handler}: there is no {source.name}", ("Handler",)))
    elif not problems and source.is_file() and not _defines(source, function):
        problems.append(Problem(source, None, f"Handler {handler}: there is no function {function} in it"))
    return problems


def _defines(source: Path, name: str) -> bool:
    """Whether the module gives that name a meaning at its top; a star import may."""
    for node in ast.walk(ast.parse(source.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name:
            return True
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
            return True
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                if alias.name == "*" or (alias.asname or alias.name) == name:
                    return True
    return False


async def apply(calls: Calls, resource: Resource) -> None:
    """Create the function, or give it its new code and configuration. Raises AwsError, UnusableError."""
    body = dict(resource.body)
    source, copy = Path(body.pop("folder")), Path(body.pop("copy"))
    try:
        await asyncio.to_thread(_copy, source, copy)
    except OSError as error:
        raise UnusableError(Problem(source, None, str(error))) from None
    params = {"FunctionName": resource.name, "Code": {"Folder": str(copy)}, **body}
    try:
        await calls("lambda", "CreateFunction", params)
    except AwsError as error:
        if error.code != "ResourceConflictException":
            raise
        await _update(calls, resource.name, str(copy), body)
    await asyncio.to_thread(_forget_older, copy)


def _copy(source: Path, copy: Path) -> None:
    if copy.is_dir():
        return
    copy.parent.mkdir(parents=True, exist_ok=True)
    new = copy.with_name(f".{copy.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(source, new, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    new.rename(copy)


def _forget_older(copy: Path) -> None:
    """Remove all copies but this one and the one before it, which a worker may still be loading."""
    others = [path for path in copy.parent.iterdir() if path != copy]
    for path in sorted(others, key=lambda path: path.stat().st_mtime)[:-1]:
        shutil.rmtree(path, ignore_errors=True)


async def _update(calls: Calls, name: str, folder: str, body: dict[str, Any]) -> None:
    shape = models.service("lambda").operations["UpdateFunctionConfiguration"].input
    assert shape is not None
    changeable = {member: value for member, value in body.items() if member in shape.members}
    await calls("lambda", "UpdateFunctionConfiguration", {"FunctionName": name, **changeable})
    await calls("lambda", "UpdateFunctionCode", {"FunctionName": name, "Folder": folder})


async def remove(calls: Calls, name: str) -> None:
    """Delete the function."""
    await calls("lambda", "DeleteFunction", {"FunctionName": name})
