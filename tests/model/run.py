#!/usr/bin/python3
"""Checks the model of the GIL (gil.pml) with spin.

usage: run.py [--long] [CHECK...]     a CHECK is one of those that --list names
Exits with 1 when a check fails, with what spin found.
"""
import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MODEL = Path(__file__).resolve().parent / "gil.pml"
# name: (definitions, search for cycles, depth, only with --long, what must be found)
CHECKS = {
    "two": (["N=2", "TURNS=3"], False, 20000, False, None),
    "three": (["N=3", "TURNS=1"], False, 20000, False, None),
    "three_twice": (["N=3", "TURNS=2"], False, 200000, True, None),
    "served_two": (["N=2", "STARVATION"], True, 100000, False, None),
    "served_three": (["N=3", "STARVATION"], True, 1500000, True, None),
    # Each way to break the protocol must be found out, or the model would prove nothing.
    "lost_wake_up": (["N=2", "TURNS=2", "MUTANT=1"], False, 20000, False, "invalid end state"),
    "late_sleep": (["N=2", "TURNS=2", "MUTANT=2"], False, 20000, False, "invalid end state"),
    "leaves_unlocked": (["N=2", "TURNS=2", "MUTANT=3"], False, 20000, False, "assertion violated"),
    "joins_late": (["N=2", "TURNS=2", "MUTANT=4"], False, 20000, False, "assertion violated"),
    "wakes_nobody": (["N=2", "TURNS=2", "MUTANT=5"], False, 20000, False, "invalid end state"),
    "no_bound": (["N=3", "STARVATION", "MUTANT=6"], True, 200000, False, "acceptance cycle"),
}


def run(command, folder):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout


def check(name):
    """Gives (passed, what to say)."""
    definitions, cycles, depth, _, wanted = CHECKS[name]
    folder = tempfile.mkdtemp(prefix="gila-model-")
    try:
        said = run(["spin", *("-D" + d for d in definitions), "-a", str(MODEL)], folder)
        if not (Path(folder) / "pan.c").exists():
            return False, said
        options = ["-DCOLLAPSE"] + ([] if cycles else ["-DSAFETY", "-DNOCLAIM"])
        said = run(["cc", "-O2", "-w", *options, "-o", "pan", "pan.c"], folder)
        if not (Path(folder) / "pan").exists():
            return False, said
        said = run(["./pan", f"-m{depth}", *(["-a", "-f"] if cycles else [])], folder)
        errors = re.search(r"errors: (\d+)", said)
        states = re.search(r"([\d.e+]+) states, stored", said)
        if not errors or "max search depth too small" in said:
            return False, said
        found = errors.group(1) != "0"
        summary = f"{float(states.group(1)) if states else 0:,.0f} states"
        if wanted is None:
            return not found, said if found else summary
        if found and wanted in said:
            return True, f"found out: {wanted}"
        return False, f"expected to find: {wanted}\n{said}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="also the checks that take minutes")
    parser.add_argument("--list", action="store_true", help="name the checks")
    parser.add_argument("checks", nargs="*", metavar="CHECK")
    args = parser.parse_args()
    names = args.checks or [n for n, c in CHECKS.items() if args.long or not c[3]]
    for name in names:
        if name not in CHECKS:
            parser.error(f"there is no check {name!r}")
    if args.list:
        print("\n".join(names))
        return 0
    if not shutil.which("spin"):
        print("spin is not installed: apt-get install spin", file=sys.stderr)
        return 1
    status = 0
    for name in names:
        passed, said = check(name)
        print(f"{name}: {'passed' if passed else 'FAILED'}: {said}", flush=True)
        if not passed:
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
