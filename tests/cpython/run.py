#!/usr/bin/python3
"""Runs CPython's own test files under Gila and compares the cases with what CPython 3.11 passes.

usage: run.py [options] [FILE...]        (FILE: test_int, test_re, ...; default all in files.txt)
  --python PATH     the interpreter to run (default build/gila)
  --check           only verify that no case listed in passing/ fails; quick files unless named
  --update          add the cases that pass now to passing/
  --baseline        measure /usr/bin/python3.11 and write baseline.json
  --failures        print each case that CPython passes and this interpreter does not, with the reason
  --gil MODE        run with -X gil=MODE; with 0 the lock is lifted before the first case
  -j N              files at a time (default 2)
Each file runs in a process of its own. When that crashes or hangs, the case it was in counts as
crashed or timed out and a fresh process goes on with the next one.
"""
import argparse
import concurrent.futures
import fnmatch
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CPYTHON = "/usr/bin/python3.11"
MODE = {}  # of the lock, for the environment
SUITE = Path("/usr/lib/python3.11/test")
MAX_RESTARTS = 80
# A case skipped under Gila for one of these reasons tests CPython's implementation.
IMPLEMENTATION = ("implementation detail", "No module named '_test", "_testcapi", "_testinternalcapi",
                  "CPython only", "cpython only", "specific to CPython", "_testmultiphase", "_testbuffer",
                  "xxsubtype' is internal", "internal kind of method", "ContainerNoGC", "error message from implementation")


def file_list():
    rows = []
    for line in (HERE / "files.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, *marks = line.split()
            rows.append((name, "slow" not in marks))
    return rows


def left_out(module):
    rows = []
    for line in (HERE / "leftout.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            pattern, reason = line.split(None, 1)
            file, case = pattern.split(":", 1)
            if file == module:
                rows.append((case, reason))
    return rows


def short(module, case):
    prefix = f"test.{module}."
    return case[len(prefix):] if case.startswith(prefix) else case


class FileRun:
    """All results of one test file under one interpreter."""

    def __init__(self, python, module, limits, default_limit, file_limit, only=None):
        self.python, self.module = python, module
        self.limits, self.default_limit, self.file_limit = limits, default_limit, file_limit
        self.only = only
        self.cases, self.results, self.fixtures = [], {}, []
        self.note = ""

    def run(self):
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="conformance-", ignore_cleanup_errors=True) as top:
            skip = set()
            for attempt in range(MAX_RESTARTS):
                if time.monotonic() - started > self.file_limit:
                    self.note = "time limit of the file"
                    break
                if not self.attempt(Path(top), attempt, skip):
                    break
            else:
                self.note = f"gave up after {MAX_RESTARTS} crashes"
        self.seconds = time.monotonic() - started
        return self

    def attempt(self, top, attempt, skip):
        """Runs one process; returns whether another one has cases left to run."""
        work = top / f"cwd{attempt}"
        work.mkdir()
        results, skip_file, log = (top / f"{kind}{attempt}" for kind in ("results", "skip", "log"))
        results.touch()
        if self.only is not None and self.cases:
            skip |= {c for c in self.cases if short(self.module, c) not in self.only}
        skip_file.write_text("\n".join(sorted(skip)))
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "GI_"))}
        env.update(LC_ALL="C.UTF-8", TMPDIR=str(work), TZ="UTC", **MODE)
        with open(log, "wb") as out:
            process = subprocess.Popen(
                [self.python, str(HERE / "loader.py"), self.module, str(results), str(skip_file)],
                cwd=work, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
            how = self.watch(process, results)
        open_case = open_class = None
        listed = done = False
        before = len(self.results)
        for line in results.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if "all" in record:
                listed = True
                if not self.cases:
                    self.cases = list(dict.fromkeys(record["all"]))
            elif "class" in record:
                open_class = record["class"]
            elif "start" in record:
                open_case = record["start"]
            elif "end" in record:
                open_case = None
                self.results[record["end"]] = (record["how"], record["why"], record["s"])
            elif "fixture" in record:
                self.fixtures.append((record["fixture"], record["how"], record["why"]))
                for case in self.cases:
                    owner = record["fixture"].partition("(")[2].rstrip(")")
                    if owner and case.startswith(owner + "."):
                        self.results.setdefault(case, (record["how"], record["why"], 0))
            elif "done" in record:
                done = True
        shutil.rmtree(work, ignore_errors=True)
        tail = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-8:]
        if done:
            return False
        if not listed:
            self.note = f"does not load ({how}): " + " | ".join(tail[-3:])[-400:]
            return False
        if open_case is not None:
            self.results[open_case] = ("timeout" if how == "timeout" else "crash",
                                       how + ": " + " | ".join(tail)[-600:], 0)
        elif open_class is not None and len(self.results) == before:
            skip.add(open_class)
            for case in self.cases:
                if case.startswith(open_class + "."):
                    self.results.setdefault(case, ("crash", f"{how} in setUpClass", 0))
        elif len(self.results) == before:
            self.note = f"{how} outside a case: " + " | ".join(tail)[-400:]
            return False
        skip |= set(self.results)
        return any(case not in skip for case in self.cases)

    def watch(self, process, results):
        """Waits for the process and ends it when a case takes too long; returns how it ended."""
        size, since, case = -1, time.monotonic(), None
        how = None
        while True:
            try:
                code = process.wait(0.2)
                how = how or (f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}")
                break
            except subprocess.TimeoutExpired:
                pass
            now = results.stat().st_size
            if now != size:
                size, since, case = now, time.monotonic(), self.last_started(results)
                continue
            limit = self.limits.get(case, self.default_limit)
            if time.monotonic() - since > limit:
                how = "timeout"
                break
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        return how

    @staticmethod
    def last_started(results):
        with open(results, "rb") as file:
            file.seek(max(0, results.stat().st_size - 4096))
            for line in reversed(file.read().decode("utf-8", "replace").splitlines()):
                try:
                    return json.loads(line).get("start")
                except ValueError:
                    continue
        return None


def measure_baseline(files, jobs):
    path = HERE / "baseline.json"
    data = json.loads(path.read_text()) if path.exists() else {"files": {}}
    version = subprocess.run([CPYTHON, "-c", "import sys; print(sys.version.split()[0])"],
                             capture_output=True, text=True).stdout.strip()
    data["python"], data["date"] = version, date.today().isoformat()
    runs = [FileRun(CPYTHON, name, {}, 300, 3600) for name in files]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for run in pool.map(FileRun.run, runs):
            passed, other = {}, {}
            for case in run.cases:
                how, why, seconds = run.results.get(case, ("missing", "", 0))
                if how == "ok":
                    passed[short(run.module, case)] = seconds
                else:
                    other[short(run.module, case)] = how + (": " + why.splitlines()[-1] if why else "")
            data["files"][run.module] = {"passed": passed, "other": other}
            print(f"{run.module:32} {len(passed):5} passed  {len(other):4} not  {run.seconds:7.1f} s {run.note}", flush=True)
            path.write_text(json.dumps(data, indent=0, sort_keys=True) + "\n")


def needs_private(why):
    """Whether a case ended because it imports one of CPython's test-only extension modules."""
    return any(line.startswith("ModuleNotFoundError: No module named '_test") for line in why.splitlines()[-1:])


def judge(run, baseline):
    """Sorts the cases that CPython passes into (passed, left out, failed) dictionaries."""
    passed, out, failed = {}, {}, {}
    results = {short(run.module, case): result for case, result in run.results.items()}
    rules = left_out(run.module)
    for case in baseline["passed"]:
        how, why, _ = results.get(case, ("missing", run.note or "never started", 0))
        rule = next((reason for pattern, reason in rules if fnmatch.fnmatchcase(case, pattern)), None)
        if how == "ok":
            passed[case] = why
        elif rule:
            out[case] = rule
        elif how == "skip" and any(mark in why for mark in IMPLEMENTATION) or how == "error" and needs_private(why):
            out[case] = why
        else:
            failed[case] = (how, why)
    return passed, out, failed


def passing_file(module):
    return HERE / "passing" / f"{module}.txt"


def passing(module):
    path = passing_file(module)
    return set(path.read_text().splitlines()) if path.exists() else set()


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--python", default=str(ROOT / "build" / "gila"))
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--baseline", action="store_true")
    parser.add_argument("--failures", action="store_true")
    parser.add_argument("--cases", action="store_true", help="with --check: run only the listed cases")
    parser.add_argument("--gil", choices=("0", "1", "auto"))
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()
    if args.gil:
        MODE["PYTHON_GIL"] = args.gil
    if not SUITE.is_dir():
        sys.exit("the test suite is missing: apt-get install libpython3.11-testsuite")
    known = file_list()
    files = args.files or [name for name, quick in known if quick or not args.check]
    if args.baseline:
        measure_baseline(files, args.j)
        return 0
    baseline = json.loads((HERE / "baseline.json").read_text())
    runs = []
    for name in files:
        cases = baseline["files"].get(name)
        if cases is None:
            sys.exit(f"{name} is not in baseline.json: run --baseline {name}")
        if args.check and not passing(name):
            continue
        limits = {f"test.{name}.{case}": max(30, 10 * seconds) for case, seconds in cases["passed"].items()}
        runs.append(FileRun(os.path.abspath(args.python), name, limits, 120, 1800))
    total = dict.fromkeys(("cpython", "passed", "failed", "out", "regressed"), 0)
    reasons, worst = {}, []
    print(f"{'file':30} {'CPython':>8} {'left out':>9} {'passed':>7} {'failed':>7} {'share':>7} {'s':>7}", flush=True)
    with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
        for run in pool.map(FileRun.run, runs):
            cases = baseline["files"][run.module]
            passed, out, failed = judge(run, cases)
            counted = len(cases["passed"]) - len(out)
            share = len(passed) / counted if counted else 1.0
            worst.append((share, run.module))
            print(f"{run.module:30} {len(cases['passed']):8} {len(out):9} {len(passed):7} {len(failed):7} "
                  f"{share:7.1%} {run.seconds:7.1f} {run.note}", flush=True)
            for case, reason in out.items():
                reasons.setdefault(reason, []).append(f"{run.module}:{case}")
            lost = sorted(passing(run.module) & set(failed)) if args.check else []
            for case in sorted(failed) if args.failures else lost:
                how, why = failed[case]
                print(f"    {how:8} {case}\n             " + why.replace("\n", "\n             "), flush=True)
            if args.update:
                names = passing(run.module) | set(passed)
                passing_file(run.module).parent.mkdir(exist_ok=True)
                passing_file(run.module).write_text("".join(name + "\n" for name in sorted(names)))
            total["cpython"] += len(cases["passed"])
            total["passed"] += len(passed)
            total["failed"] += len(failed)
            total["out"] += len(out)
            total["regressed"] += len(lost)
    counted = total["cpython"] - total["out"]
    share = total["passed"] / counted if counted else 1.0
    print(f"{'all':30} {total['cpython']:8} {total['out']:9} {total['passed']:7} {total['failed']:7} {share:7.1%}")
    if args.check:
        print(f"{total['passed'] - total['regressed']} passed, {total['regressed']} failed")
        return 1 if total["regressed"] else 0
    print("\nleft out, with the reason:")
    for reason, names in sorted(reasons.items(), key=lambda row: -len(row[1])):
        print(f"  {len(names):5}  {reason.splitlines()[-1][:100]}  ({names[0]}{', ...' if len(names) > 1 else ''})")
    low, name = min(worst) if worst else (1.0, "-")
    print(f"\n{share:.1%} of the cases that CPython {baseline['python']} passes (measured {baseline['date']}); "
          f"lowest file: {name} {low:.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
