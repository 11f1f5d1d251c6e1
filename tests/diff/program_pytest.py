# pytest runs a small suite: rewritten asserts, fixtures, parameters, marks, failures, captured output.
# time: 60
# asan: no (a large program; the parts of it are tested by themselves)
import contextlib
import io
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

SUITE = '''
import logging, os, sys, warnings
import pytest

@pytest.fixture(scope="module")
def numbers():
    yield [1, 2, 3]
    print("module is done")

@pytest.fixture(params=["a", "b"])
def letter(request):
    return request.param

def test_passes(numbers, letter):
    assert sum(numbers) == 6 and letter in "ab"

@pytest.mark.parametrize("x, y", [(1, 1), (2, 4), pytest.param(3, 10, id="wrong")])
def test_square(x, y):
    assert x ** 2 == y

def test_compares():
    assert {"a": 1, "b": [1, 2, 3]} == {"a": 1, "b": [1, 2, 4]}, "they differ"

def test_long_texts():
    assert "one\\ntwo\\nthree" == "one\\n2\\nthree"

def test_call():
    def value(n):
        return n + 1
    assert value(2) * 2 == value(3) + len([x for x in range(4) if x not in (1, 2)])

def test_raises():
    with pytest.raises(ZeroDivisionError, match="division"):
        1 / 0
    with pytest.raises(KeyError):
        pass

@pytest.mark.skip(reason="not now")
def test_skipped():
    assert False

@pytest.mark.xfail(strict=True)
def test_unexpected():
    pass

@pytest.mark.xfail
def test_expected():
    assert 0

def test_captures(capsys, caplog, tmp_path, monkeypatch):
    print("out"); print("err", file=sys.stderr)
    logging.getLogger("x").warning("said")
    monkeypatch.setenv("VALUE", "set")
    (tmp_path / "f").write_text("x")
    assert capsys.readouterr() == ("out\\n", "err\\n") and caplog.messages == ["said"] and os.environ["VALUE"] == "set"

def test_prints_and_fails():
    print("shown below")
    logging.getLogger("y").error("logged")
    assert 1.0 == pytest.approx(1.1)

def test_warns():
    warnings.warn("old", DeprecationWarning)

def test_error(gone):
    pass

class TestClass:
    def setup_method(self):
        self.x = 1

    def test_method(self):
        assert self.x == 1 and not self.x is None
'''

os.chdir(tempfile.mkdtemp())
Path("test_small.py").write_text(SUITE)
Path("conftest.py").write_text("def pytest_report_header(config):\n    return 'a header of its own'\n")
for arguments in ["-v"], ["-q", "-k", "passes or square", "--tb=short"], ["-q", "--collect-only"], ["-q", "-x", "--tb=line"]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = pytest.main([*arguments, "-p", "no:cacheprovider", "--basetemp=base", "test_small.py"])
    text = re.sub(r"in \d+\.\d+s", "in TIME", out.getvalue())
    text = re.sub(r"0x[0-9a-f]+", "0x...", text).replace(os.getcwd(), "CWD").replace(sys.executable, "PYTHON")
    print(arguments, int(status))
    print(text)
    for name in [name for name in sys.modules if name in ("test_small", "conftest")]:
        del sys.modules[name]
shutil.rmtree(os.getcwd())
