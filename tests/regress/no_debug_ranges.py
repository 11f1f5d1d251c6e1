"""-X no_debug_ranges and PYTHONNODEBUGRANGES: code without columns, tracebacks without marks."""
import os
import subprocess
import sys

code = "def f():\n    return 1 / 0\nprint(*{p[2:] for p in f.__code__.co_positions()})\nf()"
for args, env in ((["-X", "no_debug_ranges"], {}), ([], {"PYTHONNODEBUGRANGES": "1"})):
    run = subprocess.run([sys.executable, *args, "-c", code], capture_output=True, env={**os.environ, **env})
    assert run.stdout == b"(None, None)\n", run.stdout
    assert b"^" not in run.stderr and b"ZeroDivisionError" in run.stderr, run.stderr
