# time: 40
"""The import system: packages, relative imports, reload, hooks, zip, runpy, errors, __main__ forms."""
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import runpy
import subprocess
import sys
import tempfile
import types
import zipfile
from _show import err, run, show

root = tempfile.mkdtemp()
os.chdir(root)


def write(name, text):
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    with open(name, "w") as f:
        f.write(text)


write("pkg/__init__.py", "print('init pkg')\n__all__ = ['a', 'listed']\nlisted = 1\n_hidden = 2\ndef __getattr__(n):\n    if n == 'lazy': return 'lazy value'\n    raise AttributeError(f'no {n}')\n")
write("pkg/a.py", "from . import b\nfrom .b import value\nfrom .sub import deep\nfrom .. import nothing if False else None\n".replace("from .. import nothing if False else None\n", "") + "name = __name__\npackage = __package__\n")
write("pkg/b.py", "value = 'b value'\n")
write("pkg/sub/__init__.py", "")
write("pkg/sub/deep.py", "from ..b import value as v\nfrom ... import x\n".replace("from ... import x\n", ""))
write("ns/part.py", "x = 'namespace'\n")
write("broken.py", "x = 1\ny = (\n")
write("raises.py", "1/0\n")
write("cyc1.py", "import cyc2\nx = 1\nfrom cyc2 import y\n")
write("cyc2.py", "import cyc1\ny = 2\nprint(hasattr(cyc1, 'x'))\n")
write("cycbad1.py", "from cycbad2 import z\nw = 1\n")
write("cycbad2.py", "from cycbad1 import w\nz = 1\n")
write("counted.py", "import sys\nsys.loads = getattr(sys, 'loads', 0) + 1\nvalue = sys.loads\n")
write("mainmod/__main__.py", "import sys\nprint('main of folder', __name__, sys.argv[1:], __package__)\n")
write("mainpkg/__init__.py", "print('init', __name__)\n")
write("mainpkg/__main__.py", "print('package main', __name__, __package__, __spec__.name)\n")
write("star.py", "a = 1\n_b = 2\nc = 3\n")
write("script.py", "import sys\nprint(__name__, __file__, sys.argv, __spec__ is None, __builtins__ is not None, __doc__)\n")
sys.path.insert(0, root)
import pkg.a
from pkg import a as alias, listed
from pkg import *
import pkg.sub.deep as deep

show(pkg.a.name, pkg.a.package, alias is pkg.a, a is pkg.a, listed, deep.v, pkg.lazy, pkg.__path__ == [os.path.join(root, "pkg")], pkg.__name__, pkg.__package__, pkg.__spec__.submodule_search_locations is not None, pkg.a.__spec__.parent, pkg.a.__file__.endswith("a.py"), pkg.__file__.endswith("__init__.py"), type(pkg.__loader__).__name__, "pkg.sub.deep" in sys.modules)
import ns.part

print(ns.part.x, ns.__file__ if hasattr(ns, "__file__") else "no file", type(ns.__path__).__name__, repr(ns).split(" (")[0])
from star import *

print(c, "_b" in globals())
import cyc1

print(cyc1.y)
for text in ("import cycbad1", "import nothere", "import nothere.sub", "import pkg.nothere", "import pkg.a.nothere", "from pkg import nothere", "from pkg.a import nothere", "from nothere import x", "import broken", "import raises", "from . import x", "from .x import y", "from .. import x", "from os import nope, path", "import os.path.nope", "__import__('')", "__import__(5)", "__import__('a', level=-1)", "__import__('os', fromlist=5)", "import sys.nope", "from sys import nope", "from pkg import _nope"):
    print(text, "->", end=" ")
    run(text)
    print()
err(importlib.import_module, ".b")
err(importlib.import_module, "..x", "pkg")
err(lambda: pkg.nope)
show(importlib.import_module(".b", "pkg").value, importlib.import_module("pkg.b") is pkg.b, __import__("pkg.b").__name__, __import__("pkg.b", fromlist=["value"]).__name__, __import__("b", {"__package__": "pkg"}, None, ["value"], 1).__name__)
import counted

first = counted
print(counted.value, importlib.reload(counted).value, counted is first)
del sys.modules["counted"]
import counted

print(counted.value, counted is first)
sys.modules["blocked"] = None
run("import blocked")
err(importlib.reload, 5)
err(importlib.reload, types.ModuleType("unknown"))
m = types.ModuleType("made", "doc")
print(m, m.__doc__, m.__dict__, m.__name__)
err(lambda: m.nope)
m.__getattr__ = lambda n: "dyn " + n
print(m.anything)
sys.modules["made"] = m
import made

print(made is m, repr(sys), repr(os).startswith("<module 'os' (frozen)>") or repr(os).startswith("<module 'os' from"), repr(types.ModuleType("x")))
err(types.ModuleType)
err(types.ModuleType, 5)
show(importlib.util.find_spec("pkg.b").name, importlib.util.find_spec("nothere"), importlib.util.find_spec("sys").origin, importlib.machinery.SOURCE_SUFFIXES, importlib.util.resolve_name(".x", "pkg.sub"), importlib.invalidate_caches())
err(importlib.util.find_spec, "nothere.x")


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name.startswith("virtual"):
            return importlib.util.spec_from_loader(name, self, is_package=name == "virtual")

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.value = "virtual " + module.__name__


sys.meta_path.insert(0, Finder())
import virtual.child

print(virtual.value, virtual.child.value, virtual.child.__loader__.__class__.__name__)
sys.meta_path.pop(0)
spec = importlib.util.spec_from_file_location("located", os.path.join(root, "star.py"))
mod = importlib.util.module_from_spec(spec)
spec.loader.exec_module(mod)
print(mod.a, spec.name, spec.has_location, spec.loader.get_source("located"), spec.loader.is_package("located"))
with zipfile.ZipFile("z.zip", "w") as z:
    z.writestr("zipped.py", "value = 'from zip'\nimport zpkg.inner\n")
    z.writestr("zpkg/__init__.py", "")
    z.writestr("zpkg/inner.py", "x = 5\n")
    z.writestr("zpkg/data.txt", "data")
    z.writestr("__main__.py", "import zipped, sys\nprint('zip main', zipped.value, sys.argv[1:])\n")
sys.path.insert(0, os.path.join(root, "z.zip"))
import zipped

print(zipped.value, zipped.__file__.endswith("z.zip/zipped.py"), type(zipped.__loader__).__name__, zipped.__loader__.get_data(os.path.join(root, "z.zip", "zpkg/data.txt")))
print(sorted(runpy.run_path("star.py"))[-2:], runpy.run_module("pkg.b", run_name="custom")["__name__"], runpy.run_path("mainmod")["__name__"])
err(runpy.run_module, "nothere")
for args in (["script.py", "x"], ["mainmod", "y"], ["z.zip", "q"], ["-m", "mainpkg"], ["-m", "star"], ["-m", "pkg"], ["-m", "pkg.nope"], ["-m", "mainpkg.__main__"], ["-m", "mainmod"], ["./script.py"], ["-c", "import star; print(star.__file__)"], ["-c", "import sys; print(repr(sys.path[0]))"], ["-m", "script", "-z"], ["-I", "-c", "import star"], ["-c", "import broken"], ["-c", "import raises"], ["-c", "from pkg import nope"], ["-c", "import cycbad1"], ["-c", "import nothere"], ["-c", "import pkg.nothere"]):
    r = subprocess.run([sys.executable, *args], capture_output=True, text=True)
    print(args, r.returncode, repr(r.stdout), repr(r.stderr.replace(sys.executable, "PY"))[-900:])
show(sorted(os.listdir("pkg"))[0] in ("__init__.py", "__pycache__"), sys.path_importer_cache is not None, "builtins" in sys.builtin_module_names, "sys" in sys.builtin_module_names, "os" in sys.stdlib_module_names)
import pkgutil

print([m.name for m in pkgutil.iter_modules(pkg.__path__)], [m.name for m in pkgutil.walk_packages(pkg.__path__, "pkg.")], pkgutil.resolve_name("pkg.b:value"), pkgutil.get_data("pkg", "b.py"))
