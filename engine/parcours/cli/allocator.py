"""A larger cache of freed memory for commands that run thousands of statements.

A tick plans some sixty small statements, and each allocates and frees thousands of small pieces. glibc
keeps seven freed pieces of a size at hand; what is beyond goes back to a heap that is soon in splinters. With a
larger cache the same simulation takes about three quarters of the CPU (docs/performance.md). glibc reads this setting
only when a program starts, so the command starts itself once more."""

import os
import sys

_VARIABLE = "GLIBC_TUNABLES"
_SETTING = "glibc.malloc.tcache_count=2000"
_COMMANDS = ("simulate", "run")


def restart_with_larger_cache() -> None:
    """Starts the same command line anew with the setting; returns when there is nothing to gain by it, or when the
    user has made settings of their own."""
    wanted = any(argument in _COMMANDS for argument in sys.argv[1:2])
    if not wanted or not sys.platform.startswith("linux") or _VARIABLE in os.environ:
        return
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, _VARIABLE: _SETTING})
