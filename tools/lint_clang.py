#!/usr/bin/python3
"""Checks that clang accepts every C file without a warning (gcc's warnings show in the build)."""
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["-std=gnu11", "-fsyntax-only", "-D_GNU_SOURCE", '-DGI_VERSION="0"', "-Isrc", "-Iinclude", "-Wall", "-Wextra",
         "-Werror"]


def lint(files):
    done = subprocess.run(["clang", *FLAGS, *files], cwd=ROOT, capture_output=True, text=True)
    return done.stderr if done.returncode else ""


def main():
    if not shutil.which("clang"):
        print("clang is not installed: nothing checked")
        return 0
    files = [str(p.relative_to(ROOT)) for folder in ("src", "tests/unit", "fuzz") for p in sorted((ROOT / folder).rglob("*.c"))]
    with ThreadPoolExecutor(2) as pool:
        errors = [e for e in pool.map(lint, [files[i:i + 8] for i in range(0, len(files), 8)]) if e]
    print("".join(errors), end="")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
