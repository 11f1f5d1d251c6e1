"""unittest, mock and doctest on small cases."""


import unittest


class Case(unittest.TestCase):
    def setUp(self):
        self.n = 1

    def test_ok(self):
        self.assertEqual(self.n, 1)
        with self.assertRaisesRegex(ValueError, "bad"):
            raise ValueError("bad thing")
        with self.subTest(i=1):
            pass

    def test_fail(self):
        self.assertEqual([1, 2], [1, 3], "message")

    def test_error(self):
        {}["k"]

    @unittest.skip("reason")
    def test_skip(self):
        pass

    @unittest.expectedFailure
    def test_expected(self):
        self.fail()


result = unittest.TestResult()
unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
print(result, len(result.failures), result.failures[0][1].splitlines()[-1], result.errors[0][1].splitlines()[-1], result.skipped[0][1])
from unittest import mock

m = mock.Mock(return_value=5)
print(m(1, a=2), m.call_args, m.called, mock.MagicMock().__len__(), mock.patch("os.getcwd", return_value="patched").__enter__()())
import doctest

print(doctest.run_docstring_examples(type("X", (), {"__doc__": ">>> 1 + 1\n2\n>>> [1][0]\n1\n"}), {}), ">>> failing" and "")
