"""What only POSIX has is used where Windows has a twin of it, and nowhere else: read from the source, for no test runs
on every system."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from aiwatch.system.child_process import apart
from tests.source_trees import SOURCES, TUI, nodes_of, tree_of

POSIX_MODULES = frozenset(
    ("fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty", "select")
)
POSIX_NAMES = {
    "os": frozenset(
        (
            *("O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "WNOHANG", "fchmod", "fchown", "fork", "forkpty"),
            *(
                "getegid",
                "geteuid",
                "getgid",
                "getloadavg",
                "getpgid",
                "getsid",
                "getuid",
                "initgroups",
                "kill",
                "killpg",
            ),
            *("mkfifo", "nice", "openpty", "setsid", "sync", "sysconf", "uname", "wait", "wait3", "wait4", "statvfs"),
        )
    ),
    "signal": frozenset(
        (
            *("SIGALRM", "SIGCHLD", "SIGCONT", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP", "SIGTSTP"),
            *("SIGTTIN", "SIGTTOU", "SIGUSR1", "SIGUSR2", "SIGWINCH", "alarm", "pause", "pthread_kill", "setitimer"),
        )
    ),
    "socket": frozenset(("AF_UNIX", "SO_REUSEPORT", "fromfd", "socketpair")),
}
"""Attributes that Python's documentation gives for Unix alone, and ``os.kill``, which ends a process on Windows."""
POSIX_ARGUMENTS = frozenset(("start_new_session", "preexec_fn", "process_group", "pass_fds", "umask"))
POSIX_METHODS = {
    "add_signal_handler": "NotImplementedError",
    "add_reader": "NotImplementedError",
    "symlink_to": "OSError",
    "hardlink_to": "OSError",
}
"""Methods that fail on Windows, and the failure that has to be expected beside them."""
SYSTEM_FILES = ("/proc/", "/dev/", "/etc/", "/tmp")
_KINDS = frozenset((ast.Attribute, ast.Import, ast.ImportFrom, ast.keyword, ast.Dict, ast.Call, ast.Constant))
"""Nodes that can use any of it."""
NOT_ON_WINDOWS = ("aiwatch/screens/terminal_driver.py",)
"""Loaded where Textual's driver is the one of Linux: `AiwatchApp.get_driver_class`."""


def _blocks(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.stmt]]:
    """Every node with the outermost function, or statement of the module or a class, that it stands in."""
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        block = waiting.pop()
        if isinstance(block, ast.ClassDef):
            waiting += block.body
        else:
            for node in ast.walk(block):
                yield node, block


def _wants(node: ast.AST) -> tuple[str, tuple[str, ...]] | None:
    """What of POSIX a node uses, and the words of which one has to stand beside it; ``None`` where it uses none."""
    if type(node) not in _KINDS:
        return None
    platform = ("sys.platform", "platform ==")
    match node:
        case ast.Attribute(value=ast.Name(id=module), attr=name) if name in POSIX_NAMES.get(module, ()):
            return f"{module}.{name}", (*platform, f"hasattr({module}, '{name}')")
        case ast.Import(names=[ast.alias(name=name)]) if name in POSIX_MODULES:
            return f"import {name}", (*platform, "ImportError", "saved is not None")
        case ast.ImportFrom(module=str(name)) if name in POSIX_MODULES:
            return f"import {name}", (*platform, "ImportError")
        case ast.keyword(arg=str(name)) if name in POSIX_ARGUMENTS:
            return f"{name}=", platform
        case ast.Dict(keys=keys):
            names = [key.value for key in keys if isinstance(key, ast.Constant) and key.value in POSIX_ARGUMENTS]
            return (f"{names[0]}=", platform) if names else None
        case ast.Call(func=ast.Attribute(attr=name)) if name in POSIX_METHODS:
            return f"{name}()", (f"suppress({POSIX_METHODS[name]}", f"except {POSIX_METHODS[name]}", "except FileExist")
        case ast.Constant(value=str(text)) if text.startswith(SYSTEM_FILES) and " " not in text and "\n" not in text:
            return repr(text), platform
    return None


def _without_a_twin(tree: ast.Module) -> list[str]:
    if not any(_wants(node) for node in nodes_of(tree)):
        return []
    result = []
    for node, block in _blocks(tree):
        wants = _wants(node)
        if wants is not None and not any(word in ast.unparse(block) for word in wants[1]):
            result.append(wants[0])
    return result


def test_nothing_that_only_posix_has_is_without_a_twin() -> None:
    files = [path for path in SOURCES if path.relative_to(TUI).as_posix() not in NOT_ON_WINDOWS]
    assert len(files) > 200
    result = {path.relative_to(TUI).as_posix(): names for path in files if (names := _without_a_twin(tree_of(path)))}
    assert result == {}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def f():\n    os.fork()", "os.fork"),
        ("def f():\n    return os.getuid()", "os.getuid"),
        ("signal.signal(signal.SIGHUP, f)", "signal.SIGHUP"),
        ("import fcntl", "import fcntl"),
        ("class A:\n    def f(self):\n        from termios import tcgetattr", "import termios"),
        ("def f():\n    Popen(x, start_new_session=True)", "start_new_session="),
        ("def f():\n    return {'preexec_fn': g}", "preexec_fn="),
        ("async def f():\n    loop.add_signal_handler(2, g)", "add_signal_handler()"),
        ("def f():\n    path.symlink_to(target)", "symlink_to()"),
        ("def f():\n    open('/proc/meminfo')", "'/proc/meminfo'"),
    ],
)
def test_what_has_no_twin_is_seen(source: str, name: str) -> None:
    assert _without_a_twin(ast.parse(source)) == [name]


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    return not hasattr(os, 'getuid') or os.getuid()",
        "if sys.platform == 'win32':\n    import msvcrt\nelse:\n    import fcntl",
        "def f():\n    with suppress(NotImplementedError):\n        loop.add_signal_handler(2, g)",
        "def f():\n    try:\n        a.symlink_to(b)\n    except OSError:\n        pass",
        "def f():\n    getattr(os, 'O_NOFOLLOW', 0)",
        "def f():\n    signal.signal(signal.SIGTERM, g)",
    ],
)
def test_what_has_a_twin_is_left_alone(source: str) -> None:
    assert _without_a_twin(ast.parse(source)) == []


def test_a_program_is_started_apart_from_our_terminal_everywhere() -> None:
    assert apart("linux") == apart("darwin") == {"start_new_session": True}
    assert apart("win32") == {"creationflags": 0x200}
