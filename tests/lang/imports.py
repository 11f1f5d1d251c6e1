"""Import of library modules, again and by name."""
import importlib
import json as j, os.path as p
from collections import OrderedDict as OD, deque
import string
assert j.loads("[1]") == [1] and p.join("a", "b") == "a/b" and OD(a=1)["a"] == 1
assert importlib.import_module("string") is string and importlib.reload(string) is string
for bad in ("import no_such_module_here", "from os import no_such_name", "import os.nope"):
    try:
        exec(bad)
    except ImportError as e:
        assert e.name
    else:
        raise AssertionError
