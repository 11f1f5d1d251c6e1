"""Operators and conversions of int, float, bool and complex on generated operands."""
import operator

state = 12345


def rnd(n):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 33) % n


def bits(n):
    value = 0
    for _ in range(n // 16 + 1):
        value = value << 16 | rnd(65536)
    return value >> (n // 16 + 1) * 16 - n if n else 0


EDGES = [15, 30, 31, 32, 46, 47, 48, 53, 61, 62, 63, 64, 65, 127, 128, 192, 1023]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, float("inf"), float("-inf"), float("nan"), 1e308, 5e-324,
          2.0**53, 2.0**63, -2.0**63, 2.0**47, 1e16, 1e22, 0.1]


def an_int():
    kind = rnd(4)
    if kind == 0:
        return rnd(41) - 20
    if kind == 1:
        value = (1 << EDGES[rnd(len(EDGES))]) + rnd(7) - 3
    else:
        value = bits(rnd((64, 128, 700)[rnd(3)]) + 1)
    return -value if rnd(2) else value


def a_float():
    kind = rnd(3)
    if kind == 0:
        return FLOATS[rnd(len(FLOATS))]
    if kind == 1:
        return (rnd(20001) - 10000) / 8
    return (bits(53) / 2**53) * 2.0 ** (rnd(400) - 200)


def a_number():
    kind = rnd(10)
    if kind < 6:
        return an_int()
    if kind < 9:
        return a_float()
    return rnd(2) == 1 if rnd(2) else complex(a_float(), a_float())


def show(name, fn, *args):
    try:
        result = fn(*args)
        text = f"{type(result).__name__} {result!r}"
    except Exception as e:
        text = f"{type(e).__name__}: {e}"
    print(name, *args, "->", text)


BINARY = ["add", "sub", "mul", "truediv", "floordiv", "mod", "and_", "or_", "xor", "lt", "le", "eq", "ne",
          "gt", "ge"]
for i in range(3000):
    name = BINARY[i % len(BINARY)]
    show(name, getattr(operator, name), a_number(), a_number())
for i in range(300):
    show("divmod", divmod, a_number(), a_number())
    show("lshift", operator.lshift, an_int(), rnd(200) - 2)
    show("rshift", operator.rshift, an_int(), rnd(300) - 2)
    show("pow", pow, a_number(), rnd(12) - 4)
    show("pow", pow, a_float(), a_float())
    show("pow mod", pow, an_int(), an_int(), an_int())
    show("neg", operator.neg, a_number())
    show("invert", operator.invert, a_number())
    show("int", int, a_number())
    show("float", float, a_number())
    show("bool", bool, a_number())
    show("complex", complex, a_number(), a_number())
    number = a_number()
    if number == number and not isinstance(number, complex):
        show("hash", hash, number)
    show("round", round, a_number(), rnd(60) - 30)
    show("round", round, a_float())
    show("hex", float.hex, a_float())
    show("ratio", float.as_integer_ratio, a_float())
    number = an_int()
    show("bytes", int.to_bytes, number, rnd(20), "little")
    show("bits", int.bit_length, number)
    show("ones", int.bit_count, number)
    assert int(str(number)) == number == int(hex(number), 16) == int(oct(number), 0)

SPECS = ["", "d", "x", "X", "o", "b", "#x", "#b", "#o", "010", "+", "+d", " d", ",", "_", "_x", "_b", ",d", ">30",
         "<30", "^30", "*^30", "=+30", "030,", "e", ".3f", ".10g", "%", ".2%", "n", "c", "E", "G", "g", ".0f",
         "#.0f", "#.3g", "z.1f", "+.3e", "012.3f", "_.2f", ",.2f", "s", ".3", "10.3", "-10", "08_x", "f", "F",
         "Z", "=10", "<010", "{", "10,d", "r"]
for spec in SPECS:
    for _ in range(5):
        show(repr(spec), format, a_number(), spec)

TEXTS = ["", " ", "1", " 12 ", "+1", "-1", "--1", "1_0", "_1", "1_", "1__0", "0x1f", "0b1", "0o7", "012", "0_0",
         "1.5", ".5", "5.", "1e5", "1e", "1e400", "inf", "-Infinity", "nan", "infin", "1j", "j", "1+2j", "(1-j)",
         "( 1+j )", "1+2", "\u0661\u0662", "\xa01\xa0", "12\0", "1e5_0", "z", "0x", "a" * 300, "1" * 4301]
for text in TEXTS:
    for kind in int, float, complex:
        show(kind.__name__, kind, text)
    for base in 0, 2, 8, 16, 36, 1, 37:
        show("int", int, text, base)
