"""One test file in processes of its own: started, watched, resumed behind a crash, judged.

A process runs loader.py, which writes each event to a file as it comes. When the process crashes or
a case takes longer than its limit, that case counts as crashed or timed out and a fresh process goes
on with the cases behind it.
"""
import fnmatch
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
MAX_RESTARTS = 80
STOP = threading.Event()  # set by a signal: files that run end, and nothing of them is kept
# A case skipped for one of these reasons tests CPython's implementation.
IMPLEMENTATION = ("implementation detail", "No module named '_test", "_testcapi", "_testinternalcapi",
                  "CPython only", "cpython only", "specific to CPython", "_testmultiphase", "_testbuffer",
                  "xxsubtype' is internal", "internal kind of method", "ContainerNoGC",
                  "error message from implementation")


class Stopped(Exception):
    """The run was interrupted."""


def short(module, case):
    prefix = f"{module}."
    return case[len(prefix):] if case.startswith(prefix) else case


class FileRun:
    """All results of one test file under one interpreter.

    limits: seconds for single cases (by short name), others have default_limit; only: the short names
    of the cases to run, None for all; env: more environment; package: of the module."""

    def __init__(self, python, module, limits=None, default_limit=120, file_limit=1800, only=None, env=None,
                 package="test"):
        self.python, self.module, self.full = python, module, f"{package}.{module}"
        self.limits, self.default_limit, self.file_limit = limits or {}, default_limit, file_limit
        self.only, self.env = only, env or {}
        self.cases, self.results, self.fixtures = [], {}, []
        self.note, self.seconds = "", 0.0

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

    def short_results(self):
        return {short(self.full, case): result for case, result in self.results.items()}

    def attempt(self, top, attempt, skip):
        """Runs one process; returns whether another one has cases left to run."""
        work = top / f"cwd{attempt}"
        work.mkdir()
        results, plan, log = (top / f"{kind}{attempt}" for kind in ("results", "plan", "log"))
        results.touch()
        only = None if self.only is None else sorted(self.only)
        plan.write_text(json.dumps({"skip": sorted(skip), "only": only}))
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "GI_"))}
        env.update(LC_ALL="C.UTF-8", TMPDIR=str(work), TZ="UTC", **self.env)
        with open(log, "wb") as out:
            process = subprocess.Popen(
                [self.python, str(HERE / "loader.py"), self.full, str(results), str(plan)],
                cwd=work, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
            how = self.watch(process, results)
        before = len(self.results)
        listed, done, open_case, open_class = self.read(results)
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

    def read(self, results):
        """Takes the records of one process; returns (listed, done, case begun, class begun)."""
        open_case = open_class = None
        listed = done = False
        for line in results.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if "all" in record:
                listed = True
                self.cases = list(dict.fromkeys(self.cases + record["all"]))
            elif "class" in record:
                open_class = record["class"]
            elif "start" in record:
                open_case = record["start"]
            elif "end" in record:
                open_case = None
                self.results[record["end"]] = (record["how"], record["why"], record["s"])
            elif "fixture" in record:
                self.fixture(record)
            elif "done" in record:
                done = True
        return listed, done, open_case, open_class

    def fixture(self, record):
        """A setUpClass or setUpModule ended the cases below it: they get its outcome."""
        self.fixtures.append((record["fixture"], record["how"], record["why"]))
        owner = record["fixture"].partition("(")[2].rstrip(")")
        for case in self.cases:
            if owner and case.startswith(owner + "."):
                self.results.setdefault(case, (record["how"], record["why"], 0))

    def watch(self, process, results):
        """Waits for the process and ends it when a case takes too long; returns how it ended."""
        size, since, case = -1, time.monotonic(), None
        how = None
        while how is None:
            try:
                code = process.wait(0.2)
                how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
                break
            except subprocess.TimeoutExpired:
                pass
            now = results.stat().st_size
            if now != size:
                size, since, case = now, time.monotonic(), self.last_started(results)
            elif time.monotonic() - since > self.limits.get(short(self.full, case or ""), self.default_limit):
                how = "timeout"
            if STOP.is_set():
                how = "stopped"
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        if how == "stopped":
            raise Stopped
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


def needs_private(why):
    """Whether a case ended because it imports one of CPython's test-only extension modules."""
    return any(line.startswith("ModuleNotFoundError: No module named '_test") for line in why.splitlines()[-1:])


class Verdict:
    """The cases that CPython passes, sorted by what this interpreter made of them."""

    def __init__(self, results, reference, rules, note=""):
        """results: case -> [how, why, s]; reference: the cases that count; rules: (pattern, reason)."""
        self.passed, self.out, self.failed, self.errors = [], {}, {}, {}
        for case in reference:
            how, why, _ = results.get(case, ("missing", note or "never started", 0))
            rule = next((reason for pattern, reason in rules if fnmatch.fnmatchcase(case, pattern)), None)
            if how == "ok":
                self.passed.append(case)
            elif rule:
                self.out[case] = rule
            elif how == "skip" and any(mark in why for mark in IMPLEMENTATION) or how == "error" and needs_private(why):
                self.out[case] = why
            elif how in ("fail", "skip"):
                self.failed[case] = (how, why)
            else:
                self.errors[case] = (how, why)
        self.counted = len(reference) - len(self.out)

    @property
    def bad(self):
        return {**self.failed, **self.errors}
