"""Code that comes out of marshal is verified before it runs or is looked at, in every build; a tuple
of constants that holds itself can be compared."""
import io
import marshal

code = compile("f(1)\n", "<c>", "exec")
data = marshal.dumps(code)
words = code.co_code
assert data.count(words) == 1
[at] = [row[0] // 2 * 8 for row in code._gila_instructions() if row[2] == "DROP"]
damaged = bytearray(words)
damaged[at + 2:at + 4] = b"\xff\x7f"
damaged = data.replace(words, bytes(damaged))
for name, attempt in [
    ("run", lambda: exec(marshal.loads(damaged))),
    ("look", lambda: marshal.loads(damaged).co_consts),
    ("compare", lambda: marshal.loads(damaged) == code),
    ("view", lambda: marshal.loads(memoryview(damaged)).co_code),
    ("bytearray", lambda: marshal.loads(bytearray(damaged))),
    ("file", lambda: marshal.load(io.BytesIO(damaged))),
]:
    try:
        attempt()
        raise AssertionError(name + " is not refused")
    except ValueError as error:
        assert "bad code: no such register (register 32767)" in str(error), (name, error)

looped = marshal.loads(b"\xa9\1r\0\0\0\0")
x, y = (code.replace(co_consts=(t,) + code.co_consts[1:]) for t in (looped, marshal.loads(b"\xa9\1r\0\0\0\0")))
try:
    raise AssertionError(x == y)
except RecursionError:
    pass
