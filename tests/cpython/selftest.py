#!/usr/bin/python3
"""Tests of the conformance runner itself, with made-up test files and /usr/bin/python3.11.

What it must do: each outcome is told apart, a crash or a hang costs one case only, a run that was
stopped goes on, every file of the parts comes up, a lost case is found."""
import functools
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent))
import filerun
import run as runner

SAMPLE = '''
import os, signal, time, unittest

class Plain(unittest.TestCase):
    def test_a_passes(self): pass
    def test_b_fails(self): self.fail("wrong")
    def test_c_raises(self): raise ValueError("odd")
    def test_d_crashes(self): os.kill(os.getpid(), signal.SIGSEGV)
    def test_e_behind_the_crash(self): pass
    @unittest.skip("implementation detail specific to cpython")
    def test_f_detail(self): pass
    @unittest.skip("no printer")
    def test_g_skips(self): pass
    @unittest.expectedFailure
    def test_h_expected(self): self.fail()
    def test_i_subtests(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertNotEqual(i, 1)
    def test_j_hangs(self): time.sleep(600)
    def test_k_last(self): pass

class NoClass(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise OSError("no server")
    def test_one(self): pass

class Nested(unittest.TestCase):
    def test_runs_others(self):
        from test import support
        ran = []
        class Inner(unittest.TestCase):
            def test_inner(self): ran.append(1)
        support.run_unittest(Inner)
        self.assertEqual(ran, [1])

class CrashingClass(unittest.TestCase):
    @classmethod
    def setUpClass(cls): os.abort()
    def test_one(self): pass
'''
WITH_MAIN = '''
import sys, unittest
from test import support
__test__ = {"one": ">>> 1 + 1\\n2\\n", "two": ">>> 1\\n2\\n"}
STARTED = False

class Main(unittest.TestCase):
    def test_one(self): self.assertTrue(STARTED)

def test_main():
    global STARTED
    STARTED = True
    support.run_unittest(Main)
    support.run_doctest(sys.modules[__name__])
'''
SECOND = '''
import os, unittest

class Timed(unittest.TestCase):
    def test_late(self):
        mark = os.path.join(os.path.dirname(__file__), "mark")
        if not os.path.exists(mark):
            open(mark, "w").close()
            self.fail("too late")

    def test_wrong(self): self.fail("wrong")
'''


class Samples(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        package = self.folder / "samples"
        package.mkdir()
        (package / "__init__.py").touch()
        (package / "test_sample.py").write_text(SAMPLE)
        (package / "test_with_main.py").write_text(WITH_MAIN)
        (package / "test_second.py").write_text(SECOND)
        (package / "test_absent.py").write_text("import no_such_module\n")

    def run_file(self, name, **options):
        return filerun.FileRun(runner.CPYTHON, name, package="samples", env={"PYTHONPATH": str(self.folder)}, **options).run()

    def test_outcomes(self):
        run = self.run_file("test_sample", limits={"Plain.test_j_hangs": 1})
        how = {case: result[0] for case, result in run.short_results().items()}
        self.assertEqual(how, {
            "Plain.test_a_passes": "ok", "Plain.test_b_fails": "fail", "Plain.test_c_raises": "error",
            "Plain.test_d_crashes": "crash", "Plain.test_e_behind_the_crash": "ok", "Plain.test_f_detail": "skip",
            "Plain.test_g_skips": "skip", "Plain.test_h_expected": "ok", "Plain.test_i_subtests": "fail",
            "Plain.test_j_hangs": "timeout", "Plain.test_k_last": "ok", "NoClass.test_one": "error",
            "CrashingClass.test_one": "crash", "Nested.test_runs_others": "ok"})
        self.assertIn("SIGSEGV", run.short_results()["Plain.test_d_crashes"][1])
        verdict = filerun.Verdict(run.short_results(), [*how, "Plain.test_gone"], [("Plain.test_c*", "a reason")])
        self.assertEqual(sorted(verdict.out), ["Plain.test_c_raises", "Plain.test_f_detail"])
        self.assertEqual(sorted(verdict.failed), ["Plain.test_b_fails", "Plain.test_g_skips", "Plain.test_i_subtests"])
        self.assertEqual(sorted(verdict.errors), ["CrashingClass.test_one", "NoClass.test_one", "Plain.test_d_crashes",
                                                  "Plain.test_gone", "Plain.test_j_hangs"])
        self.assertEqual((len(verdict.passed), verdict.counted), (5, 13))

    def test_only(self):
        run = self.run_file("test_sample", only={"Plain.test_a_passes", "Nested.test_runs_others"})
        self.assertEqual({case: result[0] for case, result in run.short_results().items()},
                         {"Plain.test_a_passes": "ok", "Nested.test_runs_others": "ok"})

    def test_only_of_doctests(self):
        names = [case for case in self.run_file("test_with_main").short_results() if case.endswith("one")]
        self.assertEqual(sorted(self.run_file("test_with_main", only=set(names)).short_results()), sorted(names))

    def test_main_decides(self):
        how = sorted((case.split(".")[-1], result[0]) for case, result in self.run_file("test_with_main").results.items())
        self.assertEqual(how, [("one", "ok"), ("test_one", "ok"), ("two", "fail")])

    def test_does_not_load(self):
        run = self.run_file("test_absent")
        self.assertEqual(run.results, {})
        self.assertIn("does not load", run.note)
        self.assertIn("no_such_module", run.note)
        self.assertEqual(list(filerun.Verdict({}, ["A.test"], [], run.note).errors), ["A.test"])

    def test_stop(self):
        self.addCleanup(filerun.STOP.clear)
        threading.Timer(1, filerun.STOP.set).start()
        with self.assertRaises(filerun.Stopped):
            self.run_file("test_sample", only={"Plain.test_j_hangs"})


    def test_once_more(self):
        cases = ["Timed.test_late", "Timed.test_wrong"]
        first = self.run_file("test_second").short_results()
        verdict = filerun.Verdict(first, cases, [])
        self.assertEqual(sorted(verdict.bad), cases)
        with mock.patch.object(runner, "FileRun", functools.partial(filerun.FileRun, package="samples")):
            result = runner.once_more(runner.Row("test_second", "T"), runner.CPYTHON, {"PYTHONPATH": str(self.folder)},
                                      {"results": first, "seconds": 1.0}, verdict, cases)
        self.assertEqual((result.verdict.passed, list(result.verdict.bad)), (["Timed.test_late"], ["Timed.test_wrong"]))
        self.assertIn("1 of 2", result.note)


class Lists(unittest.TestCase):
    def test_parts_hold_every_file_once(self):
        weights = {f"test_{n}": 0.3 + n % 7 for n in range(100)}
        weights["test_long"] = 140.0
        split = runner.parts(weights, 6)
        self.assertEqual(sorted(name for names in split for name in names), sorted(weights))
        self.assertEqual(split, runner.parts(dict(reversed(weights.items())), 6))
        self.assertEqual([names for names in split if "test_long" in names], [["test_long"]])

    def test_state(self):
        with tempfile.TemporaryDirectory() as folder:
            state = runner.State(Path(folder), "one")
            self.assertEqual(state.begin(["a", "b"], False), [])
            state.save("a", {"results": {"x": ["ok", "", 0.1]}})
            self.assertEqual(state.begin(["a", "b"], False), ["a"])
            self.assertEqual(state.load("a")["results"], {"x": ["ok", "", 0.1]})
            self.assertIsNone(runner.State(Path(folder), "another interpreter").load("a"))
            state.save("b", {"results": {}})
            self.assertEqual(state.begin(["a", "b"], False), [])  # it came to its end: anew
            self.assertIsNone(state.load("a"))

    def test_lost(self):
        row = next(row for row in runner.read_rows(runner.HERE / "files.txt") if runner.passing(row.name))
        case = min(runner.passing(row.name))
        self.assertEqual(runner.Result(row, filerun.Verdict({case: ("fail", "", 0)}, [case], [])).lost, [case])
        self.assertEqual(runner.Result(row, filerun.Verdict({case: ("ok", "", 0)}, [case], [])).lost, [])

    def test_files(self):
        """Every file is there, once, with a known tier; what is promised or left out is of a listed file."""
        rows = runner.read_rows(runner.HERE / "files.txt")
        names = [row.name for row in rows]
        self.assertEqual(len(names), len(set(names)))
        self.assertLessEqual({row.tier for row in rows}, set(runner.TIERS))
        self.assertEqual({path.stem for path in (runner.HERE / "passing").glob("*.txt")} - set(names), set())
        baseline = runner.read_json(runner.HERE / "baseline.json")["files"]
        self.assertEqual(set(names) - set(baseline), set())
        for name in names:
            self.assertEqual(runner.passing(name) - set(baseline[name]["passed"]), set(), name)
            for pattern, reason in runner.left_out(name):
                cases = [case for case in baseline[name]["passed"] if filerun.fnmatch.fnmatchcase(case, pattern)]
                self.assertTrue(cases, f"{name}:{pattern} {reason} stands for no case")


if __name__ == "__main__":
    unittest.main()
