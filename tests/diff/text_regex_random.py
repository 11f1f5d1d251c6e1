"""Generated patterns over generated texts: match, search, fullmatch, findall, split, sub."""
import re
import warnings
warnings.simplefilter("ignore")

seed = 2024


def rnd(n):
    global seed
    seed = (seed * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
    return (seed >> 33) % n


def pick(items):
    return items[rnd(len(items))]


groups = 0


def atom(depth):
    global groups
    k = rnd(16 if depth > 0 else 9)
    if k < 4:
        return pick(["a", "b", "c", "ab", "é", "A", "€"])
    if k == 4:
        return pick([r"\d", r"\w", r"\s", r"\W", r"\D", r"\S", "."])
    if k < 7:
        return pick(["[ab]", "[^a]", "[a-c]", "[^bc\\s]", r"[\w.]", "[é-ü]", "[^\\W\\d]", "[a€]", "[A-C]"])
    if k == 7:
        return pick(["^", "$", r"\b", r"\B", r"\A", r"\Z"])
    if k == 8 and groups:
        return "\\%d" % (1 + rnd(groups)) if rnd(2) else "(?(%d)a|b)" % (1 + rnd(groups))
    if k < 11:
        body = regex(depth - 1)
        groups += 1
        return "(" + body + ")"
    if k == 11:
        return "(?:" + regex(depth - 1) + ")"
    if k == 12:
        return pick(["(?=", "(?!"]) + regex(depth - 1) + ")"
    if k == 13:
        return pick(["(?<=", "(?<!"]) + pick(["a", "b", "ab", r"\w", "[bc]a"]) + ")"
    if k == 14:
        return "(?>" + regex(depth - 1) + ")"
    return "(?:" + regex(depth - 1) + "|" + regex(depth - 1) + "|b)"


def piece(depth):
    a = atom(depth)
    if a in ("^", "$") or a.startswith("\\") and a[1] in "bBAZ":
        return a
    if rnd(3) == 0:
        q = pick(["*", "+", "?", "{2}", "{1,3}", "{,2}", "{2,}"]) + pick(["", "", "?", "+"])
        if len(a) > 1 and a[0] not in "([\\":
            a = "(?:" + a + ")"
        a += q
    return a


def regex(depth):
    return "".join(piece(depth) for _ in range(1 + rnd(3)))


def text():
    return "".join(pick("aabbc ABé€1\n" if rnd(4) == 0 else "aabbcAB1 ") for _ in range(rnd(14)))


def show(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__name__, ascii(str(e)))


def all_of(m):
    return m and (m.span(), m.groups(), m.lastindex, m.regs)


for round in range(6000):
    groups = 0
    p = regex(3)
    flags = pick([0, 0, 0, re.I, re.M, re.S, re.A, re.I | re.A])
    try:
        r = re.compile(p, flags)
    except re.error as e:
        print(ascii(p), "error", e)
        continue
    print(ascii(p), int(flags))
    for _ in range(3):
        s = text()
        i = rnd(4)
        show(lambda: (all_of(r.search(s)), all_of(r.match(s, i)), all_of(r.fullmatch(s)), all_of(r.search(s, i, 9))))
        show(lambda: (r.findall(s), [m.span() for m in r.finditer(s)], r.split(s, 4), r.subn("<\\g<0>>", s)))
