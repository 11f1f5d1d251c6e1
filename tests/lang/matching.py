"""Patterns of each kind."""
class P:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
def m(v):
    match v:
        case 1 | 2: return "num"
        case "a": return "text"
        case [x, *rest]: return x, rest
        case {"k": k, **rest}: return k, rest
        case P(0, y=y): return "p0", y
        case P(x=x): return "p", x
        case None | True: return "single"
        case int(n) if n > 5: return "big"
        case _: return "other"
assert [m(v) for v in (1, "a", [1, 2], {"k": 1, "z": 2}, P(0, 1), P(1, 2), None, 9, 4)] == ["num", "text", (1, [2]), (1, {"z": 2}), ("p0", 1), ("p", 1), "single", "big", "other"]
