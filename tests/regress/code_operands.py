"""The verifier itself stays inside its tables whatever the operands are: an instruction that names a
register, constant, name or jump that is not there is refused. (DROP of a register far beyond the
frame wrote a zero byte behind the table of registers.)"""


def sample(a, *b, c=1, **k):
    try:
        with a as (x, *y), b[1:c]:
            for i in a:
                k[i] += yield from x
            del a, k[i]
    except ValueError as e:
        return [lambda: z + c for z in b if z < 3]
    match a:
        case {"k": 1, **r} | {"m": r}:
            return f"{r!r:>{c}}"
        case [1, q, *_] | str(q):
            return {**k, "a": q}, super().x(*b, **k)


async def other(a):
    async with a as b:
        async for c in b:
            await c
    return [d async for d in b], a.m(1, x=2)


def codes(code):
    yield code
    for k in code.co_consts:
        if hasattr(k, "co_code"):
            yield from codes(k)


refused = passed = 0
for code in [*codes(sample.__code__), *codes(other.__code__)]:
    words = code.co_code
    for at in range(0, len(words), 8):
        for part in (0, 2, 4, 6):
            for value in (0x7FFF, 0xFFFF, 0x8000):
                damaged = bytearray(words)
                damaged[at + part:at + part + 2] = value.to_bytes(2, "little")
                try:
                    code.replace(co_code=bytes(damaged))
                    passed += 1
                except ValueError:
                    refused += 1
    for depth in (0, 1, 0xFFFF):
        table = bytearray(code.co_exceptiontable)
        for at in range(0, len(table), 16):
            for part in range(0, 12, 4):
                damaged = bytearray(table)
                damaged[at + part:at + part + 4] = (depth * 0x10001).to_bytes(4, "little")
                try:
                    code.replace(co_exceptiontable=bytes(damaged))
                except ValueError:
                    refused += 1

drop = compile("f()\n", "<drop>", "exec")
[at] = [row[0] // 2 * 8 for row in drop._gila_instructions() if row[2] == "DROP"]
damaged = bytearray(drop.co_code)
damaged[at + 2:at + 4] = b"\xff\x7f"
try:
    drop.replace(co_code=bytes(damaged))
    raise AssertionError("not refused")
except ValueError as error:
    assert "no such register (register 32767)" in str(error), error
assert refused > 1000, (refused, passed)
