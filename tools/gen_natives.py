#!/usr/bin/python3
"""Reads the native functions of the C files under src/ and writes FILE.gen.h beside each.

A native function stands once, as GI_METHOD(type, name, "(signature)", "doc") { body }; this script
derives from it the argument struct, the parameter table, the method row and the text signature:
data only, no code. src/objects/native.h describes the forms and the kinds of parameters.

usage: gen_natives.py [--check] [FILE.c ...]     (default: every .c file under src/)
--check writes nothing and exits 1 when a generated file is not up to date.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UNSIGNED = {line.strip() for line in (ROOT / "tools" / "unsigned.txt").read_text().splitlines() if line[:1] != "#"}
FORM = re.compile(
    r"^GI_(METHOD|CLASSMETHOD|STATICMETHOD|FUNCTION|NEW|INIT|GETTER|SETTER)\(", re.M)
BINDING = {"METHOD": "INSTANCE", "CLASSMETHOD": "CLASS", "STATICMETHOD": "STATIC",
           "FUNCTION": "FUNCTION", "NEW": "NEW", "INIT": "INIT"}
# kind: (C declaration, is a C number)
KINDS = {
    "object": ("GiVal {};", False), "int": ("int {};", True), "ssize": ("ssize_t {};", True),
    "i64": ("int64_t {};", True), "u64": ("uint64_t {};", True), "uint": ("unsigned int {};", True),
    "double": ("double {};", True), "bool": ("bool {};", True), "boolint": ("int {};", True),
    "str": ("GiVal {};", False), "bytes": ("GiVal {};", False), "char": ("uint32_t {};", True),
    "type": ("GiVal {};", False), "buffer": ("GiBuffer {};", False), "rwbuffer": ("GiBuffer {};", False),
    "strbuffer": ("GiBuffer {};", False), "fd": ("int {};", True), "cstr": ("const char *{};", False),
    "index": ("ssize_t {};", True), "list": ("GiVal {};", False), "tuple": ("GiVal {};", False),
    "dict": ("GiVal {};", False),
}
C_KEYWORDS = set("auto break case char const continue default do double else enum extern float for goto "
                 "if inline int long register return short signed sizeof static struct switch typedef "
                 "union unsigned void volatile while bool".split())


class Bad(Exception):
    pass


def split_arguments(text, start):
    """The macro's arguments from after its '(', as raw strings; and where it ends."""
    parts, depth, i, current = [], 0, start, ""
    while True:
        c = text[i]
        if c == '"':
            j = i + 1
            while text[j] != '"':
                j += 2 if text[j] == "\\" else 1
            current += text[i:j + 1]
            i = j + 1
            continue
        if c == "(":
            depth += 1
        elif c == ")":
            if depth == 0:
                parts.append(current.strip())
                return parts, i + 1
            depth -= 1
        elif c == "," and depth == 0:
            parts.append(current.strip())
            current = ""
            i += 1
            continue
        current += c
        i += 1


def string_of(raw):
    """The text of adjacent C string literals (or '' for NULL)."""
    if raw in ("NULL", ""):
        return ""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', raw))


def split_top(text):
    parts, depth, current, quote = [], 0, "", None
    for i, c in enumerate(text):
        if quote:
            if c == quote and text[i - 1] != "\\":
                quote = None
        elif c in "'":
            quote = c
        elif c in "([{<":
            depth += 1
        elif c in ")]}>":
            depth -= 1
        elif c == "," and depth == 0:
            parts.append(current.strip())
            current = ""
            continue
        current += c
    if current.strip():
        parts.append(current.strip())
    return parts


class Param:
    def __init__(self, name, kind, none_ok, default):
        self.name, self.kind, self.none_ok, self.default = name, kind, none_ok, default
        self.posonly = self.kwonly = False
        self.c_name = name + "_" if name in C_KEYWORDS else name

    def fallback(self):
        if self.default is None or self.default == "NULL":
            return "{.i = 0}"
        number = {"True": "1", "False": "0"}.get(self.default, self.default)
        if not KINDS[self.kind][1]:
            return "{.i = 0}"
        if self.kind == "double":
            return "{.d = %s}" % number
        if number == "None" or number.startswith("<"):
            return "{.i = 0}"
        if re.match(r"^'(.)'$", number):
            return "{.i = %d}" % ord(number[1])
        return "{.i = %s}" % number


def parse_signature(sig, where):
    sig = sig.strip()
    if not (sig.startswith("(") and sig.endswith(")")):
        raise Bad(f"{where}: signature {sig!r} is not in parentheses")
    params, star, varkw, seen_star = [], None, None, False
    for part in split_top(sig[1:-1]):
        if part == "/":
            for p in params:
                p.posonly = True
        elif part == "*":
            seen_star = True
        elif part.startswith("**"):
            varkw = part[2:]
        elif part.startswith("*"):
            star, seen_star = part[1:], True
        else:
            m = re.match(r"^(\w+)\s*(?::\s*(\w+)(\?)?)?\s*(?:=\s*(.*))?$", part, re.S)
            if not m:
                raise Bad(f"{where}: cannot read parameter {part!r}")
            kind = m.group(2) or "object"
            if kind not in KINDS:
                raise Bad(f"{where}: unknown kind {kind!r} in {part!r}")
            p = Param(m.group(1), kind, bool(m.group(3)), m.group(4))
            p.kwonly = seen_star
            params.append(p)
    return params, star, varkw


class Function:
    def __init__(self, form, ctype, name, sig, doc, where):
        self.form, self.ctype, self.name, self.doc = form, ctype, name, doc
        self.prefix = f"{ctype}_{name}"
        self.receiver = None
        params, self.star, self.varkw = parse_signature(sig, where)
        if form not in ("FUNCTION", "STATICMETHOD"):
            if not params:
                raise Bad(f"{where}: the first parameter (self) is missing")
            self.receiver = params.pop(0).name
        self.params = params

    def struct(self):
        lines = [KINDS[p.kind][0].format(p.c_name) for p in self.params]
        if self.star:
            lines += [f"const GiVal *{self.star};", f"size_t {self.star}_count;"]
        if self.varkw:
            lines += [f"GiVal {self.varkw};"]
        return "struct %s_args {%s};" % (self.prefix, "".join(" " + x for x in lines) + (" " if lines else ""))

    def table(self):
        rows = []
        for p in self.params:
            flags = [("OPTIONAL", p.default is not None), ("NONE_OK", p.none_ok),
                     ("POSONLY", p.posonly), ("KWONLY", p.kwonly)]
            flags = " | ".join("GI_PARAM_" + n for n, on in flags if on) or "0"
            rows.append('    {"%s", GI_PARAM_%s, %s, offsetof(struct %s_args, %s), %s},' % (
                p.name, p.kind.upper(), flags, self.prefix, p.c_name, p.fallback()))
        if self.star:
            rows.append('    {"%s", GI_PARAM_VARARGS, 0, offsetof(struct %s_args, %s), {.i = 0}},' % (
                self.star, self.prefix, self.star))
        if self.varkw:
            rows.append('    {"%s", GI_PARAM_VARKW, 0, offsetof(struct %s_args, %s), {.i = 0}},' % (
                self.varkw, self.prefix, self.varkw))
        return rows

    def text_signature(self):
        parts = []
        if self.form == "FUNCTION":
            parts.append("$module")
        elif self.form != "STATICMETHOD":
            parts.append("$" + {"cls": "type"}.get(self.receiver, self.receiver))
        ordered = self.params
        posonly = [p for p in ordered if p.posonly]
        slash_after_self = bool(parts) and not posonly
        kwonly = False
        starred = False

        def shown(p):
            if p.default is None:
                return p.name
            default = "sys.maxsize" if p.default == "9223372036854775807" else p.default
            return f"{p.name}={default}"
        if parts and (posonly or True):
            pass
        for p in ordered:
            if p.kwonly and not kwonly:
                parts.append("*" + (self.star or ""))
                kwonly = starred = True
            parts.append(shown(p))
            if p.posonly and p is posonly[-1]:
                parts.append("/")
        if slash_after_self:
            parts.insert(1, "/")
        if self.star and not starred:
            parts.append("*" + self.star)
        if self.varkw:
            parts.append("**" + self.varkw)
        if f"{self.ctype}.{self.name}" in UNSIGNED or any(p.default == "<null>" for p in ordered):
            return None
        return "(" + ", ".join(parts) + ")"

    def row(self):
        required = sum(1 for p in self.params if p.default is None and not p.kwonly)
        positional = sum(1 for p in self.params if not p.kwonly)
        shape = "GENERAL"
        if not self.star and not self.varkw:
            if not self.params:
                shape = "NOARGS"
            elif all(p.posonly and p.kind == "object" and p.default is None for p in self.params):
                shape = "DIRECT"
            elif (len(self.params) <= 8 and not any(p.none_ok or p.kwonly and p.default is None for p in self.params)
                  and all(p.kind == "object" for p in self.params)):
                shape = "OBJECTS"
        text = self.text_signature()
        text = "NULL" if text is None else '"%s"' % text  # as it stands in the C file, escapes and all
        table = f"{self.prefix}_params" if self.table() else "NULL"
        return ('    {"%s", (GiNativeBody)(void (*)(void))%s_body, %s, %d, %d, %d, GI_CALL_%s, GI_METHOD_%s, '
                'sizeof(struct %s_args), %s, %s},') % (
            self.name, self.prefix, table, len(self.table()), required, positional, shape,
            BINDING[self.form], self.prefix, text, '"%s"' % self.doc if self.doc else "NULL")


def read(path):
    text = path.read_text()
    functions, getters, setters, tables = [], {}, set(), {}
    for m in FORM.finditer(text):
        form = m.group(1)
        where = f"{path}:{text.count(chr(10), 0, m.start()) + 1}"
        args, _ = split_arguments(text, m.end())
        if form == "GETTER":
            getters.setdefault(args[0], []).append((args[1], string_of(args[2]) if len(args) > 2 else ""))
        elif form == "SETTER":
            setters.add((args[0], args[1]))
        elif form in ("NEW", "INIT"):
            functions.append(Function(form, args[0], form.lower(), string_of(args[1]),
                                      string_of(args[2]) if len(args) > 2 else "", where))
        else:
            if len(args) != 4:
                raise Bad(f"{where}: GI_{form} takes four arguments")
            functions.append(Function(form, args[0], args[1], string_of(args[2]), string_of(args[3]), where))
    return functions, getters, setters


def generate(path):
    functions, getters, setters = read(path)
    if not functions and not getters and not setters:
        return None
    out = [f"/* Generated by tools/gen_natives.py from {path.name}. Do not edit. */", "/* clang-format off */"]
    tables = {}
    for f in functions:
        out.append(f.struct())
        result = "GiStatus" if f.form == "INIT" else "GiRef"
        self_type = "GiType *type" if f.form == "NEW" else "GiVal self"
        out.append(f"static {result} {f.prefix}_body(GiThread *ts, {self_type}, const struct {f.prefix}_args *a);")
        rows = f.table()
        if rows:
            out.append(f"static const GiParam {f.prefix}_params[] = {{")
            out += rows
            out.append("};")
        if f.form == "NEW":
            out.append(f"static const GiMethodDef {f.ctype}_new_def =\n" + f.row().rstrip(",") + ";")
            out.append(f"GI_UNUSED static GiRef {f.ctype}_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs,"
                       f" GiVal kwnames) {{ return gi_native_call(ts, &{f.ctype}_new_def, gi_type_val(type), args, nargs, kwnames); }}")
        elif f.form == "INIT":
            out.append(f"static const GiMethodDef {f.ctype}_init_def =\n" + f.row().rstrip(",") + ";")
            out.append(f"GI_UNUSED static GiStatus {f.ctype}_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs,"
                       f" GiVal kwnames) {{ return gi_native_call_init(ts, &{f.ctype}_init_def, self, args, nargs, kwnames); }}")
        else:
            tables.setdefault((f.ctype, f.form == "FUNCTION"), []).append(f)
    for shared, users in re.findall(r"^GI_SHARED_METHODS\((\w+), ([\w, ]+)\)", path.read_text(), re.M):
        members = tables.pop((shared, False))
        for user in users.split(", "):
            tables.setdefault((user, False), [])[:0] = members
    for (ctype, is_module), members in tables.items():
        out.append(f"static const GiMethodDef {ctype}_{'functions' if is_module else 'methods'}[] = {{")
        out += [f.row() for f in members]
        out.append("    {.name = NULL},\n};")
    names = dict.fromkeys(list(getters) + [t for t, _ in sorted(setters)])
    for ctype in names:
        for name, _ in getters.get(ctype, []):
            out.append(f"static GiRef {ctype}_get_{name}(GiThread *ts, GiVal self);")
            if (ctype, name) in setters:
                out.append(f"static GiStatus {ctype}_set_{name}(GiThread *ts, GiVal self, GiVal value);")
        out.append(f"static const GiGetSetDef {ctype}_getset[] = {{")
        for name, doc in getters.get(ctype, []):
            setter = f"{ctype}_set_{name}" if (ctype, name) in setters else "NULL"
            out.append('    {"%s", %s_get_%s, %s, %s},' % (name, ctype, name, setter, '"%s"' % doc if doc else "NULL"))
        out.append("    {.name = NULL},\n};")
        extra = {n for t, n in setters if t == ctype} - {n for n, _ in getters.get(ctype, [])}
        if extra:
            raise Bad(f"{path}: GI_SETTER({ctype}, {sorted(extra)[0]}) has no GI_GETTER")
    out.append("/* clang-format on */")
    return "\n".join(out) + "\n"


def main(argv):
    check = "--check" in argv
    files = [Path(a).resolve() for a in argv if not a.startswith("--")] or sorted((ROOT / "src").rglob("*.c"))
    stale = 0
    for path in files:
        try:
            text = generate(path)
        except Bad as error:
            sys.exit(f"gen_natives: {error}")
        target = path.with_suffix(".gen.h")
        old = target.read_text() if target.exists() else None
        if text == old:
            continue
        stale += 1
        if check:
            print(f"{target.relative_to(ROOT)}: not up to date; run tools/gen_natives.py")
        elif text is None:
            target.unlink()
        else:
            target.write_text(text)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
