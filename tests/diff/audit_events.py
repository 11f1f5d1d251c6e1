"""Audit hooks: the events of code, imports, frames, the collector and types."""
import gc
import marshal
import sys

seen = []
listening = False
wanted = {"compile", "exec", "import", "sys._getframe", "sys.settrace", "gc.get_objects", "gc.get_referents",
          "marshal.dumps", "object.__setattr__"}


class Hook:
    def __call__(self, event, args):
        if listening and event in wanted:
            seen.append((event, len(args)))
            if event == "exec" and args[0].co_filename == "forbidden":
                raise PermissionError("forbidden")


sys.addaudithook(Hook())
listening = True
eval("1 + 1")
exec(compile("x = 2", "here", "exec"))
import _symtable
sys._getframe()
gc.get_objects(generation=1)
gc.get_referents([1])
marshal.dumps(5)


class A:
    pass


A.__name__ = "B"
A().__class__ = Hook
A.attribute = 5
(lambda: 0).__code__ = (lambda: 1).__code__
try:
    exec(compile("x = 3", "forbidden", "exec"))
except PermissionError as error:
    print(error, x)
sys.settrace(None)
listening = False
print(*seen, sep="\n")
