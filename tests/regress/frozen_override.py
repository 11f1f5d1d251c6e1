"""Tests can have modules imported from their files instead of the built-in table."""
import _imp
import sys

saved = sys.modules.pop("stat", None)
import stat

assert stat.__spec__.origin == "frozen" if sys.implementation.name == "gila" else True
del sys.modules["stat"]
_imp._override_frozen_modules_for_tests(-1)
import stat

assert stat.__spec__.origin.endswith("stat.py") and stat.__cached__ and stat.__file__
del sys.modules["stat"]
_imp._override_frozen_modules_for_tests(0)
if saved:
    sys.modules["stat"] = saved
print("ok")
