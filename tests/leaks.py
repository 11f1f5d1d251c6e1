#!/usr/bin/python3
"""Leak hunting: runs each small program several times in one process and compares block counts.

usage: leaks.py GILA [PATTERN...]
A program leaks when every one of the last rounds left more blocks than the one before.
"""
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROUNDS = 7
# Programs that fork, end the process, count what lives, import modules of their own (a second round finds the
# first one's) or show the whole stack cannot be run in a loop.
SKIP = {"exit_and_signals.py", "processes.py", "faulthandler_dumps.py", "zip_import.py", "gil_report.py"}


def hunt(gila, path):
    try:
        done = subprocess.run([gila, str(TESTS / "leak_loop.py"), str(ROUNDS), str(path)], capture_output=True,
                              text=True, timeout=120)
    except subprocess.TimeoutExpired:
        return "takes too long"
    if done.returncode:
        return f"exit status {done.returncode}: " + (done.stderr.strip().splitlines() or [""])[-1]
    counts = [int(word) for word in done.stdout.split()[-ROUNDS:]]
    steps = [b - a for a, b in zip(counts, counts[1:])][-4:]
    return f"leaks: {steps} blocks a round" if min(steps) > 0 else ""


def main():
    gila, patterns = sys.argv[1], sys.argv[2:]
    paths = [p for folder in ("lang", "regress") for p in sorted((TESTS / folder).rglob("*.py"))
             if p.name not in SKIP and not p.name.startswith("_") and (not patterns or any(x in str(p) for x in patterns))]
    failed = 0
    with ThreadPoolExecutor(2) as pool:
        for path, problem in zip(paths, pool.map(lambda p: hunt(gila, p), paths)):
            if problem:
                failed += 1
                print(f"{path.relative_to(TESTS)}: {problem}")
    print(f"{len(paths)} programs, {failed} with problems")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
