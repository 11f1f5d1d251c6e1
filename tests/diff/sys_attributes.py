"""sys: attributes, frames, trace and profile functions."""
import builtins
import sys
from _show import err, show, syntax

show(sys.version_info[:2], sys.version_info.major, sys.version_info.releaselevel, sys.hexversion >> 16 == 0x30B, sys.byteorder, sys.maxsize, sys.maxunicode, sys.platform, sys.api_version, sys.float_info.mant_dig, sys.int_info.sizeof_digit > 0, sys.hash_info.width, sys.hash_info.modulus, sys.hash_info.inf, sys.thread_info.name, sys.prefix == sys.base_prefix, sys.executable != "", sys.getrecursionlimit(), sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.getfilesystemencodeerrors(), sys.flags.optimize, sys.flags.utf8_mode, sys.dont_write_bytecode in (True, False), sys.displayhook.__name__, sys.copyright != "", len(sys.argv), sys.implementation.version[:2], sys.warnoptions, type(sys.modules).__name__, sys.stdin is sys.__stdin__, sys.platlibdir, sys.orig_argv[-1] == sys.argv[0], sys.intern("x") == "x", sys.is_finalizing(), sys.gettrace(), sys.getprofile(), sys.getrefcount.__name__, sys.exc_info())
print(sorted(n for n in dir(builtins) if not n.startswith("_")))
for f in (lambda: sys.setrecursionlimit(0), lambda: sys.setrecursionlimit("a"), lambda: sys.intern(5), lambda: sys.exit(5), lambda: sys.exit(), lambda: sys.exit("t"), lambda: sys._getframe(100), lambda: sys.getsizeof(), lambda: sys.version_info + 5, lambda: setattr(sys.flags, "x", 1)):
    err(f)
f = sys._getframe()
print(f.f_lineno, f.f_code.co_name, f.f_back, f.f_globals is globals(), f.f_locals is not None, f.f_trace)


def frames():
    f = sys._getframe()
    x = 5
    return f.f_locals["x"], f.f_back.f_code.co_name, f.f_lineno - f.f_code.co_firstlineno, sys._getframe(1).f_code.co_name


print(frames())
events = []


def tracer(frame, event, arg):
    if frame.f_code.co_name.startswith("traced"):
        events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno, arg if event == "return" else None))
        return tracer


def traced(n):
    total = 0
    for i in range(n):
        total += i
    return total


def traced_raises():
    try:
        1 / 0
    except ZeroDivisionError:
        pass


sys.settrace(tracer)
traced(2)
traced_raises()
sys.settrace(None)
print(events)
events.clear()
sys.setprofile(lambda fr, ev, arg: events.append((fr.f_code.co_name, ev, getattr(arg, "__name__", None) if ev.startswith("c_") else None)))
len([])
traced(1)
sys.setprofile(None)
print(events)
class Z2:
    def __sizeof__(self): return 'a'
for a in ((Z2(),), (Z2(), 7)):
    try: print(sys.getsizeof(*a))
    except TypeError as e: print(e)
try: sys.audit()
except TypeError as e: print(e)
import copy
for record in (sys.float_info, sys.int_info, sys.hash_info, sys.thread_info):
    print(copy.copy(record) == record, copy.deepcopy(record) == record, type(record)(range(len(record))))
for record in (sys.flags, sys.version_info):
    err(copy.copy, record)
