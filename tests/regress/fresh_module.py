"""A native module that is imported afresh leaves the first one as it was, and dies when it is dropped."""
import gc
import struct
import sys
import weakref

first = sys.modules.pop("_struct")
import _struct

fresh = weakref.ref(_struct)
assert _struct is not first and _struct.calcsize("b") == 1
sys.modules["_struct"] = first
del _struct
gc.collect()
assert fresh() is None
for call in (lambda: struct.pack("b", 1000), lambda: struct.Struct("b").pack(1000), lambda: struct.unpack("i", b"1")):
    try:
        call()
    except struct.error:
        pass
    else:
        assert False
print("ok")
