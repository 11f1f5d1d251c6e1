"""Runs the cases of one module of the standard test suite and writes down each result as it comes.

usage: loader.py MODULE RESULTS PLAN
RESULTS gets one JSON object a line: {"all": [ids]} first, {"class": name} before a class is set up,
{"start": id} before a case and {"end": id, "how": outcome, "why": text, "s": seconds} after it. What
was written before a crash is kept, and the runner starts again with the decided cases in PLAN's
"skip"; its "only", when not null, names the cases to run, without MODULE where they begin with it.
"""
import importlib
import json
import os
import sys
import time
import unittest

if os.environ.get("PYTHON_GIL") == "0":
    import gil

    gil.lift()  # else it would be there until the second thread is made


class Recorder(unittest.TestResult):
    """A result that appends each event to a file at once."""

    def __init__(self, path):
        super().__init__()
        self.fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self.pid = os.getpid()
        self.current = None

    def write(self, **record):
        if os.getpid() == self.pid:
            os.write(self.fd, (json.dumps(record) + "\n").encode("utf-8", "replace"))

    def startTest(self, test):
        super().startTest(test)
        self.outcome = ("ok", "")
        self.current = test.id()
        self.started = time.perf_counter()
        self.write(start=self.current)

    def stopTest(self, test):
        super().stopTest(test)
        how, why = self.outcome
        self.write(end=test.id(), how=how, why=why, s=round(time.perf_counter() - self.started, 3))
        self.current = None

    def describe(self, err):
        try:
            lines = self._exc_info_to_string(err, self.blank).strip().splitlines()
        except BaseException:
            lines = [f"{err[0].__name__}"]
        return "\n".join(lines[-12:])[-1500:]

    blank = unittest.FunctionTestCase(lambda: None)

    def note(self, test, how, why):
        if self.current is None:
            # A failing setUpClass or setUpModule: none of its cases will start.
            self.write(fixture=str(test), how=how, why=why)
        elif self.outcome[0] not in ("fail", "error"):
            self.outcome = (how, why)

    def addError(self, test, err):
        self.note(test, "error", self.describe(err))

    def addFailure(self, test, err):
        self.note(test, "fail", self.describe(err))

    def addSkip(self, test, reason):
        self.note(test, "skip", str(reason))

    def addExpectedFailure(self, test, err):
        self.note(test, "ok", "")

    def addUnexpectedSuccess(self, test):
        self.note(test, "ok", "")  # a fault of CPython's that this interpreter does not have

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.note(test, "fail", self.describe(err))


class Suite(unittest.TestSuite):
    """A suite that writes down each class before it sets it up."""

    def _handleClassSetUp(self, test, result):
        if getattr(result, "_previousTestClass", None) is not test.__class__:
            result.write(**{"class": test.__class__.__module__ + "." + test.__class__.__qualname__})
        super()._handleClassSetUp(test, result)


def flatten(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flatten(test)
        else:
            yield test


class Absent(type):
    """Stands for anything of CPython's _testcapi where a file uses that while it is loaded."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return cls


class AbsentThing(metaclass=Absent):
    def __getattr__(self, name):
        return type(self)


def supply_ctypes_test():
    """test_ctypes calls C functions of CPython's extension module _ctypes_test: of its file, which it loads as the
    library that it is. That asks for four names of CPython when it is loaded, and uses none of them."""
    import ctypes
    import subprocess
    import tempfile
    import types
    [folder] = [p for p in sys.path if p.endswith("lib-dynload")] or ["/usr/lib/python3.11/lib-dynload"]
    files = [n for n in os.listdir(folder) if n.startswith("_ctypes_test.")]
    if not files:
        return
    source = ("long _Py_NoneStruct[4];\nint PyArg_ParseTuple(void) { return 0; }\nint PyList_Append(void) { return -1; }\n"
              "void *PyModuleDef_Init(void) { return 0; }\n")
    with tempfile.TemporaryDirectory() as made:
        path = os.path.join(made, "names.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", path], input=source, text=True, check=True)
        ctypes.CDLL(path, ctypes.RTLD_GLOBAL)
    sys.modules["_ctypes_test"] = types.ModuleType("_ctypes_test")
    sys.modules["_ctypes_test"].__file__ = os.path.join(folder, files[0])


def load(module):
    """Imports a test file; what of CPython's private modules it asks for at once is made up."""
    if sys.implementation.name == "cpython":
        return importlib.import_module(module)
    from test import support
    # It would ask CPython's private _testinternalcapi.
    support.has_no_debug_ranges = lambda: False
    if module == "test.test_ctypes":
        supply_ctypes_test()
    needs = module == "test.test_call"
    if needs:
        sys.modules["_testcapi"] = AbsentThing
    try:
        return importlib.import_module(module)
    finally:
        if needs:
            del sys.modules["_testcapi"]


def suite_of(*things):
    """The suite of what test files give to support.run_unittest: classes, suites, cases, names of modules."""
    find = unittest.defaultTestLoader
    for thing in things:
        if isinstance(thing, str):
            yield find.loadTestsFromModule(sys.modules[thing])
        elif isinstance(thing, (unittest.TestSuite, unittest.TestCase)):
            yield thing
        else:
            yield find.loadTestsFromTestCase(thing)


def main():
    module, results, plan = sys.argv[1:]
    with open(plan, encoding="utf-8") as file:
        plan = json.load(file)
    skip, only = set(plan["skip"]), plan["only"]
    recorder = Recorder(results)
    from test import support
    support.use_resources = ["cpu", "subprocess", "decimal", "largefile", "walltime"]

    def run(*suites):
        tests = list(flatten(suites))
        recorder.write(all=[test.id() for test in tests])
        if only is not None:
            wanted = set(only)
            tests = [t for t in tests if t.id().removeprefix(module + ".") in wanted]
        Suite(t for t in tests if t.id() not in skip and type(t).__qualname__ not in skip
              and type(t).__module__ + "." + type(t).__qualname__ not in skip).run(recorder)

    # A file with a test_main runs that, as in the library's runner: what it gives to these are its cases.
    own = support.run_unittest, support.run_doctest
    support.run_unittest = lambda *things: run(*suite_of(*things))
    support.run_doctest = lambda thing, *rest, **more: run(doctest_suite(thing, **more))
    loaded = load(module)
    if hasattr(loaded, "test_main"):
        loaded.test_main()
    else:
        support.run_unittest, support.run_doctest = own
        run(unittest.defaultTestLoader.loadTestsFromModule(loaded))
    recorder.write(done=True)
    sys.stdout.flush()
    sys.stderr.flush()


def doctest_suite(thing, verbosity=None, optionflags=0):
    import doctest
    return doctest.DocTestSuite(thing, optionflags=optionflags)


if __name__ == "__main__":
    main()
