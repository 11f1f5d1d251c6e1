"""Runs the cases of test files of the standard test suite in four threads at once.

usage: in_threads.py [--python PATH] [--gil MODE] [--threads N] [--seconds N] [--plain] [--list] FILE...
FILE is test_list, test_dict and so on. Each thread has classes (setUpClass writes to them), instances and a
result of its own, and all go through the cases in the same order. What cases share by their nature (the module's
globals, files of one name, the process) makes some unfit: in_threads.txt names them, each with its reason. The
program fails when a case fails that passes in one thread before, when the process does, and when
ThreadSanitizer reports anything. --plain: every case in one thread, and only the process and reports count.
"""
import argparse
import fnmatch
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
TSAN = {"TSAN_OPTIONS": "halt_on_error=0:exitcode=66:die_after_fork=0"}
REPORT = "WARNING: ThreadSanitizer"


def left_out():
    """Pairs (FILE:pattern of cases, reason)."""
    rules = []
    for line in (HERE / "in_threads.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            pattern, _, reason = line.partition(" ")
            rules.append((pattern, reason.strip()))
    return rules


# ---- In the process that runs the cases ----


class Suite(unittest.TestSuite):
    """A suite without the fixtures of modules, which are for all threads."""

    def _handleModuleFixture(self, test, result):
        pass

    def _handleModuleTearDown(self, result):
        pass


class Failures(unittest.TestResult):
    """Keeps the text of what failed, by the case's name."""

    def __init__(self):
        super().__init__()
        self.bad = {}

    def keep(self, test, err):
        name = test.id() if hasattr(test, "id") else str(test)
        self.bad[name] = self._exc_info_to_string(err, test)[-1500:]

    addError = addFailure = keep

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.keep(test, err)

    def addUnexpectedSuccess(self, test):
        pass


def cases_of(module, rules):
    """The cases as pairs (class, name of the method); doctests are not among them."""
    import doctest
    import loader
    from test import support
    from test.support import threading_helper

    support.use_resources = ["cpu", "subprocess", "decimal", "largefile", "walltime"]
    # Both look at the whole process after each case: at its threads, which are never as few as before here, and at
    # its children, of whichever thread.
    threading_helper.threading_cleanup = lambda *before: None
    support.reap_children = lambda: None
    found = []

    def take(*suites):
        found.extend(t for t in loader.flatten(suites) if not isinstance(t, doctest.DocTestCase))

    support.run_unittest = lambda *things: take(*loader.suite_of(*things))
    support.run_doctest = lambda *ignored, **more: None
    loaded = loader.load(f"test.{module}")
    if hasattr(loaded, "test_main"):
        loaded.test_main()
    else:
        take(unittest.defaultTestLoader.loadTestsFromModule(loaded))
    if hasattr(loaded, "setUpModule"):
        loaded.setUpModule()
    kept = []
    for case in found:
        name = f"{module}:{type(case).__qualname__}.{case._testMethodName}"
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern, _ in rules):
            kept.append((type(case), case._testMethodName))
    return loaded, list(dict.fromkeys(kept))


def own_suite(cases):
    """The cases as instances of classes that nobody else has."""
    classes = {}
    for cls, _ in cases:
        if cls not in classes:
            classes[cls] = type(cls)(cls.__name__, (cls,), {"__qualname__": cls.__qualname__, "__module__": cls.__module__})
    return Suite(classes[cls](name) for cls, name in cases)


def run_cases(module, threads, answer):
    loaded, cases = cases_of(module, left_out())
    alone = Failures()
    own_suite(cases).run(alone)
    results = [Failures() for _ in range(threads)]
    if threads > 1:
        suites = [own_suite(cases) for _ in results]
        start = threading.Barrier(threads)
        ended = []

        def work(suite, result):
            start.wait()
            suite.run(result)
            ended.append(1)

        crew = [threading.Thread(target=work, args=pair) for pair in zip(suites, results)]
        for thread in crew:
            thread.start()
        for thread in crew:
            thread.join()
        if len(ended) != threads:
            raise SystemExit("a thread did not come to its end")
    if hasattr(loaded, "tearDownModule"):
        loaded.tearDownModule()
    bad = {}
    for result in results:
        for name, text in result.bad.items():
            if name not in alone.bad:
                bad.setdefault(name, text)
    with open(answer, "w", encoding="utf-8") as out:
        json.dump({"cases": len(cases), "alone": len(alone.bad), "bad": bad}, out)


# ---- In the process that judges ----


def judge(module, args):
    """Prints what is wrong with a file; whether nothing is."""
    with tempfile.TemporaryDirectory(prefix="in-threads-", ignore_cleanup_errors=True) as work:
        answer, log = Path(work) / "answer", Path(work) / "log"
        (Path(work) / "cwd").mkdir()
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "GI_"))}
        env.update(LC_ALL="C.UTF-8", TZ="UTC", TMPDIR=work, PYTHON_GIL=args.gil, **TSAN)
        threads = 1 if args.plain else args.threads
        with open(log, "wb") as out:
            process = subprocess.Popen([args.python, str(HERE / "in_threads.py"), "--child", module, str(threads), str(answer)],
                                       cwd=Path(work) / "cwd", env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                       start_new_session=True)
            try:
                how = process.wait(args.seconds)
            except subprocess.TimeoutExpired:
                how = f"no end after {args.seconds} s"
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        text = log.read_text(encoding="utf-8", errors="replace")
        found = json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else {"cases": 0, "alone": 0, "bad": {}}
    reports = text.count(REPORT)
    good = not reports and not found["bad"] and answer_is(how, found)
    print(f"{module}: {found['cases']} cases in {threads} threads, {found['alone']} fail alone, "
          f"{len(found['bad'])} in threads only, {reports} reports, exit status {how}", flush=True)
    for name, why in sorted(found["bad"].items()):
        print(f"FAILED {name}\n    " + why.strip().replace("\n", "\n    "))
    if reports:
        print("\n".join(re.findall(r"={18}\n(WARNING: ThreadSanitizer.*?)\n={18}", text, re.S)[: args.reports]))
    elif not good and not found["bad"]:
        print(text[-3000:])
    return good


def answer_is(how, found):
    return how == 0 and found["cases"] > 0


def main():
    if sys.argv[1:2] == ["--child"]:
        module, threads, answer = sys.argv[2:]
        run_cases(module, int(threads), answer)
        return 0
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--python", default=str(HERE.parents[1] / "build" / "tsan" / "gila"))
    parser.add_argument("--gil", default="0")
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=900)
    parser.add_argument("--reports", type=int, default=20)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()
    if args.list:
        print("\n".join(f"{pattern}  {reason}" for pattern, reason in left_out()))
        return 0
    args.python = str(Path(args.python).resolve())
    return 0 if all([judge(module, args) for module in args.files]) else 1


if __name__ == "__main__":
    sys.exit(main())
