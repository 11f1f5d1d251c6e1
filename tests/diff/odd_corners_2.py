"""Corners: methods beside slots, attributes of modules through object, marshal's odd inputs."""
import keyword
import marshal
import os
import sys
import tempfile
import types
from _show import err, show

m = types.ModuleType("m", "doc of m")
object.__setattr__(m, "x", 5)
show(object.__getattribute__(m, "__doc__"), object.__getattribute__(m, "x"), m.x, vars(m)["x"])
object.__delattr__(m, "x")
err(lambda: m.x)
err(lambda: object.__getattribute__(m, "x"))
for f in (set.__contains__, frozenset.__contains__, dict.__contains__, dict.__getitem__, list.__getitem__):
    show(type(f).__name__, f.__name__, f.__doc__)
show(type(keyword.iskeyword).__name__, keyword.iskeyword.__module__, keyword.iskeyword("if"), (int | str).__module__)


class Missing(dict):
    def __missing__(self, key):
        return key * 2


show(Missing()[2], Missing().__getitem__(3), dict.__getitem__(Missing(), "a"), [5, 6].__getitem__(1), [5, 6].__getitem__(slice(1)))
err(lambda: [5].__getitem__("a"))
err(lambda: {1}.__contains__())
show({1, 2}.__contains__({1}), {frozenset([1])}.__contains__({1}))
for base in ((1 << 63) - 1, -1 << 63, 0, -5):
    show(marshal.loads(b"I" + base.to_bytes(8, "little", signed=True)))
for bad in (b"l\x02\x00\x00\x00\x00\x00\x00\x00", b"l\x02\x00", b"I\x01", b"l", b"i\x01", b"(", b"\xa9\x01r\x05\x00\x00\x00"):
    err(lambda: marshal.loads(bad))
first = marshal.loads(b"\xa9\x01r\x00\x00\x00\x00")
show(type(first), len(first), first[0] is first)
show(marshal.dumps({"a", "b", "c", "d"}) == marshal.dumps({"d", "c", "b", "a"}))
with tempfile.TemporaryDirectory() as top:
    link = os.path.join(top, "link")
    os.symlink("nowhere", link)
    err(lambda: os.chmod(link, 0o644, follow_symlinks=False))
