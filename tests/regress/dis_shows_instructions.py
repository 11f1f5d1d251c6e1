"""Module dis decodes Gila's instructions; what other library modules ask of it works."""
import dis
import io
import sys


def example(a, b):
    try:
        for x in a:
            yield x.name + b
    except ValueError:
        return None


def text(thing, **options):
    out = io.StringIO()
    dis.dis(thing, file=out, **options)
    return out.getvalue()


names = [i.opname for i in dis.get_instructions(example)]
assert names[0] == "RETURN_GENERATOR" and "FOR_ITER" in names and "YIELD" in names, names
for i in dis.get_instructions(example):
    if i.opname == "LOAD_ATTR":
        assert "'name'" in i.argrepr and i.positions.lineno == 10 and i.positions.col_offset == 18, i
    if i.opname == "FOR_ITER":
        assert i.is_jump_target and isinstance(i.argval, int)
shown = text(example)
assert "ExceptionTable:" in shown and "LOAD_ATTR" in shown and ">>" in shown, shown
assert dis.Bytecode(example).dis().startswith(shown[:200])
assert "co_freevars" not in dis.code_info(example) and "Name:              example" in dis.code_info(example)
assert "LOADI" in text("x = 1") and "Disassembly of f:" in text(type("C", (), {"f": example}))
assert "LOAD_CONST" in text(b"d\0S\0")


def hot(n):
    total = 0
    for i in range(n):
        total = add(total, i)
    return total


def add(a, b):
    return a + b


hot(100)
assert "FOR_ITER_RANGE" in text(hot, adaptive=True) and "FOR_ITER_RANGE" not in text(hot)
try:
    add(1, "a")
except TypeError:
    out = io.StringIO()
    dis.distb(sys.exc_info()[2], file=out)
    assert "-->" in out.getvalue()

# Every function of some modules.
import argparse
import inspect
import typing

for module in argparse, inspect, typing, dis:
    for value in list(vars(module).values()):
        if getattr(value, "__module__", None) == module.__name__:
            try:
                text(value)
            except TypeError as e:
                assert "don't know how to disassemble" in str(e), e
            if inspect.isfunction(value):
                assert len(list(value.__code__.co_positions())) * 2 >= len(list(dis.get_instructions(value)))

# modulefinder reads import statements from code.
import modulefinder
import pathlib
import tempfile

with tempfile.TemporaryDirectory() as folder:
    files = {"main.py": "import a.b\nfrom a import c as d\ndef f():\n    import e, nothing_such\nX = 1\n",
             "a/__init__.py": "from . import g\n", "a/b.py": "", "a/c.py": "", "a/g.py": "from .. import q\n", "e.py": ""}
    for name, content in files.items():
        path = pathlib.Path(folder, name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    finder = modulefinder.ModuleFinder(path=[folder])
    finder.run_script(str(pathlib.Path(folder, "main.py")))
    assert set(finder.modules) == {"__main__", "a", "a.b", "a.c", "a.g", "e"}, sorted(finder.modules)
    assert "nothing_such" in finder.badmodules and "X" in finder.modules["__main__"].globalnames
    for path in [p for p in sys.path_importer_cache if p.startswith(folder)]:
        del sys.path_importer_cache[path]  # or each round in one process leaves some
assert inspect.getsource(dis.pretty_flags).startswith("def pretty_flags") and dis.__file__.endswith("/dis.py")

import subprocess

shown = subprocess.run([sys.executable, "-m", "dis"], input="import a\n", capture_output=True, text=True, check=True).stdout
assert "IMPORT_NAME" in shown and "'a'" in shown, shown
