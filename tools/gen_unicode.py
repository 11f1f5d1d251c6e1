#!/usr/bin/python3
"""Makes src/base/gen/*_data.c from Debian's package unicode-data.

Usage: tools/gen_unicode.py [--check]

The files of the package are those of Unicode 15.0; what is assigned later than 14.0 is left out, so
that the tables describe Unicode 14.0. With --check nothing is written; exit status 1 says that the
committed files are not what would be made.

What Unicode 3.2 said differently cannot be read from the files (except its corrections of
normalisation) and stands below as tables of facts.
"""
import collections
import sys
from pathlib import Path

SOURCE = Path("/usr/share/unicode")
TARGET = Path(__file__).resolve().parent.parent / "src" / "base" / "gen"
LIMIT = (14, 0)
OLD = (3, 2)
COUNT = 0x110000

CATEGORIES = ("Cn Lu Ll Lt Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Lm Lo Pc Pd Ps Pe Pi Pf Po "
              "Sm Sc Sk So").split()
BIDI = [""] + "L LRE LRO R AL RLE RLO PDF EN ES ET AN CS NSM BN B S WS ON LRI RLI FSI PDI".split()
WIDTHS = "F H W Na A N".split()

ALPHA, DECIMAL, DIGIT, NUMERIC, LOWER, UPPER, TITLE, SPACE, PRINTABLE, XID_START, XID_CONT, \
    CASED, CASE_IGNORABLE, LINEBREAK, SPECIAL, MIRRORED = (1 << i for i in range(16))


def rows(name):
    """The fields of each line of a data file, without comments."""
    for line in (SOURCE / name).read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line:
            yield [field.strip() for field in line.split(";")]


def span(text):
    first, _, last = text.partition("..")
    return range(int(first, 16), int(last or first, 16) + 1)


def codes(text):
    return tuple(int(x, 16) for x in text.split())


def read_ages():
    ages = {}
    for field in rows("DerivedAge.txt"):
        version = tuple(map(int, field[1].split(".")))
        if version <= LIMIT:
            for c in span(field[0]):
                ages[c] = version
    return ages


def read_property(name, wanted, ages):
    found = collections.defaultdict(set)
    for field in rows(name):
        if field[1] in wanted:
            found[field[1]].update(c for c in span(field[0]) if c in ages)
    return found


class Database:
    """All properties, by code point."""

    def __init__(self):
        self.ages = read_ages()
        self.read_unicode_data()
        self.read_widths()
        self.read_numbers()
        self.read_cases()
        core = read_property("DerivedCoreProperties.txt",
                             {"Lowercase", "Uppercase", "XID_Start", "XID_Continue", "Cased",
                              "Case_Ignorable"}, self.ages)
        core["Lowercase"] -= LATER_LOWERCASE
        core["Cased"] -= LATER_LOWERCASE
        self.core = core
        self.linebreak = set()
        for field in rows("LineBreak.txt"):
            if field[1] in ("BK", "CR", "LF", "NL"):
                self.linebreak.update(span(field[0]))
        self.read_normalization()
        self.read_names()

    def read_unicode_data(self):
        self.data = {}
        first = None
        for field in rows_raw("UnicodeData.txt"):
            c = int(field[0], 16)
            if field[1].endswith(", First>"):
                first = c
                continue
            members = range(first, c + 1) if field[1].endswith(", Last>") else (c,)
            first = None
            for member in members:
                if member in self.ages:
                    self.data[member] = field

    def read_widths(self):
        self.width = {}
        for field in rows("EastAsianWidth.txt"):
            for c in span(field[0]):
                self.width[c] = field[1]

    def read_numbers(self):
        self.numeric = {}
        for c, field in self.data.items():
            if field[8]:
                self.numeric[c] = field[8]
        for field in rows("extracted/DerivedNumericValues.txt"):
            for c in span(field[0]):
                if c in self.ages and c not in self.numeric:
                    self.numeric[c] = field[3]

    def read_cases(self):
        self.special = {}
        for field in rows("SpecialCasing.txt"):
            if len(field) == 5 or not field[4]:
                c = int(field[0], 16)
                if c in self.ages:
                    self.special[c] = tuple(codes(x) for x in field[1:4])  # lower, title, upper
        self.fold = {}
        for field in rows("CaseFolding.txt"):
            if field[1] in "CF" and int(field[0], 16) in self.ages:
                self.fold[int(field[0], 16)] = codes(field[2])

    def read_normalization(self):
        self.excluded = set()
        self.quick = collections.defaultdict(dict)
        for field in rows("DerivedNormalizationProps.txt"):
            if field[1] == "Full_Composition_Exclusion":
                self.excluded.update(span(field[0]))
            elif field[1].endswith("_QC"):
                for c in span(field[0]):
                    if c in self.ages:
                        self.quick[c][field[1]] = field[2]
        self.decomposition = {}
        for c, field in self.data.items():
            if field[5]:
                tag, _, rest = field[5].rpartition("> ")
                self.decomposition[c] = (tag + ">" if tag else "", codes(rest))
        self.corrections = []
        for field in rows("NormalizationCorrections.txt"):
            if field[3] != "3.2.0":
                self.corrections.append((int(field[0], 16), int(field[1], 16)))

    def read_names(self):
        self.names = {c: f[1] for c, f in self.data.items() if not f[1].startswith("<")}
        self.aliases = [(f[1], int(f[0], 16)) for f in rows("NameAliases.txt")
                        if int(f[0], 16) in self.ages and f[1] not in LATER_ALIASES]
        self.sequences = [(f[0], codes(f[1])) for f in rows("NamedSequences.txt")]
        self.sequences = [(n, s) for n, s in self.sequences if all(c in self.ages for c in s)]

    def simple(self, c, column):
        text = self.data[c][column]
        return int(text, 16) if text else c

    def cases(self, c):
        """Full lower, title, upper and folded mapping, as tuples."""
        lower, upper = self.simple(c, 13), self.simple(c, 12)
        title = self.simple(c, 14) if self.data[c][14] else upper
        full = self.special.get(c, ((lower,), (title,), (upper,)))
        return full + (self.fold.get(c, (c,)),)


def rows_raw(name):
    for line in (SOURCE / name).read_text(encoding="utf-8").splitlines():
        if line:
            yield line.split(";")


class Records:
    """Builds the distinct records and the tables behind them."""

    def __init__(self, db):
        self.db = db
        self.records = {}
        self.numeric_values = ["-1.0"]
        self.specials = {}
        self.mappings = []
        self.index = [0] * COUNT
        self.add(self.unassigned("N"))
        for c in range(COUNT):
            if c in db.data:
                self.index[c] = self.add(self.record(c))
            else:
                self.index[c] = self.add(self.unassigned(db_width_unassigned(db, c)))

    def unassigned(self, width):
        return (0, 0, 0, 0, 0, 0, WIDTHS.index(width), 0, 255, 255, 0, 0, 0)

    def add(self, record):
        return self.records.setdefault(record, len(self.records))

    def numeric_index(self, c):
        text = self.db.numeric.get(c)
        if text is None:
            return 0
        if "/" in text:
            value = text.replace("/", ".0/") + ".0"
        else:
            value = text + ".0"
        if value not in self.numeric_values:
            self.numeric_values.append(value)
        return self.numeric_values.index(value)

    def special_index(self, full):
        if full not in self.specials:
            self.specials[full] = len(self.specials) + 1
        return self.specials[full]

    def flags(self, c):
        db, field = self.db, self.db.data[c]
        category, bidi = field[2], field[4]
        flags = 0
        if category in ("Lm", "Lt", "Lu", "Ll", "Lo"):
            flags |= ALPHA
        if field[6]:
            flags |= DECIMAL
        if field[7]:
            flags |= DIGIT
        if c in db.numeric:
            flags |= NUMERIC
        if c in db.core["Lowercase"]:
            flags |= LOWER
        if c in db.core["Uppercase"]:
            flags |= UPPER
        if category == "Lt":
            flags |= TITLE
        if category == "Zs" or bidi in ("WS", "B", "S"):
            flags |= SPACE
        if c == 32 or category not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"):
            flags |= PRINTABLE
        if c in db.core["XID_Start"] or c == 0x5F:
            flags |= XID_START
        if c in db.core["XID_Continue"]:
            flags |= XID_CONT
        if c in db.core["Cased"]:
            flags |= CASED
        if c in db.core["Case_Ignorable"]:
            flags |= CASE_IGNORABLE
        if c in db.linebreak or bidi == "B":
            flags |= LINEBREAK
        if field[9] == "Y":
            flags |= MIRRORED
        return flags

    def record(self, c):
        db, field = self.db, self.db.data[c]
        flags = self.flags(c)
        full = db.cases(c)
        lower, upper = db.simple(c, 13), db.simple(c, 12)
        title = db.simple(c, 14) if field[14] else upper
        special = 0
        if full != ((lower,), (title,), (upper,), (lower,)):
            special = self.special_index(full)
            flags |= SPECIAL
        quick = 0
        checks = db.quick.get(c, {})
        quick |= (checks.get("NFD_QC") == "N") | (checks.get("NFKD_QC") == "N") << 1
        quick |= "YMN".index(checks.get("NFC_QC", "Y")) << 2
        quick |= "YMN".index(checks.get("NFKC_QC", "Y")) << 4
        quick |= (db.ages[c] <= OLD) << 6
        return (flags, self.numeric_index(c), special, CATEGORIES.index(field[2]),
                BIDI.index(field[4]), int(field[3]), WIDTHS.index(db.width.get(c, "N")), quick,
                int(field[6]) if field[6] else 255, int(field[7]) if field[7] else 255,
                upper - c, lower - c, title - c)


def db_width_unassigned(db, c):
    return "F"


def split(values, shift):
    """Two-level table: (index1, index2)."""
    size = 1 << shift
    blocks, index1, index2 = {}, [], []
    for start in range(0, len(values), size):
        block = tuple(values[start:start + size])
        if block not in blocks:
            blocks[block] = len(blocks)
            index2.extend(block)
        index1.append(blocks[block])
    return index1, index2


def array(declaration, values, per_line=None):
    """C text of an array of numbers or C expressions."""
    lines, line = [declaration + "[] = {"], ""
    for value in map(str, values):
        if len(line) + len(value) + 2 > 98:
            lines.append(line.rstrip())
            line = ""
        line += value + ", "
    if line:
        lines.append(line.rstrip())
    lines.append("};\n")
    return "\n".join(lines)


def integer_type(values):
    top = max(values, default=0)
    return "uint8_t" if top < 1 << 8 else "uint16_t" if top < 1 << 16 else "uint32_t"


HEADER = """/* Generated by tools/gen_unicode.py from Unicode data; do not edit. */
#include "base/unicode_tables.h"

"""


def c_properties(db):
    made = Records(db)
    out = [HEADER]
    index1, index2 = split(made.index, 7)
    out.append(array("const uint16_t gi_uc_index1", index1))
    out.append(array("const uint16_t gi_uc_index2", index2))
    out.append(array("const GiUcRecord gi_uc_records",
                     [struct_text((r[0], r[3], r[4], r[5], r[6], r[7], r[8], r[9], r[1], r[2])
                                  + r[10:]) for r in made.records]))
    for name, values, size in (("category", CATEGORIES, 3), ("bidi", BIDI, 4),
                               ("width", WIDTHS, 3)):
        out.append(array(f"const char gi_uc_{name}_names", [f'"{v}"' for v in values])
                   .replace("[]", f"[][{size}]", 1))
    out.append(array("const double gi_uc_numeric_values", made.numeric_values))
    mappings, entries = [], ["{{0, 0, 0, 0}, 0}"]
    for full in made.specials:
        entries.append("{{%s}, %d}" % (", ".join(str(len(x)) for x in full), len(mappings)))
        for part in full:
            mappings.extend(part)
    out.append(array("const GiUcSpecial gi_uc_specials", entries))
    out.append(array("const uint32_t gi_uc_special_chars", [hex(x) for x in mappings]))
    for name, number, facts in old_facts():
        out.append(array(f"const GiUcOldRange gi_uc_old_{name}",
                         ["{0x%X, 0x%X, %d}" % f for f in facts]))
        out.append(f"const size_t gi_uc_old_{name}_count = {len(facts)};\n")
    return "\n".join(out)


def struct_text(values):
    return "{" + ", ".join(map(str, values)) + "}"


def c_normalization(db):
    out = [HEADER]
    tags = sorted({tag for tag, _ in db.decomposition.values()})
    assert tags[0] == ""
    data, offsets, known = [0], [0] * COUNT, {}
    for c, (tag, chars) in sorted(db.decomposition.items()):
        key = (tag, chars)
        if key not in known:
            known[key] = len(data)
            data.append(len(chars) | tags.index(tag) << 8)
            data.extend(chars)
        offsets[c] = known[key]
    index1, index2 = split(offsets, 6)
    out.append(array("const char *const gi_uc_tags", [f'"{t}"' for t in tags]))
    out.append(array("const uint16_t gi_uc_decomp_index1", index1))
    out.append(array("const uint16_t gi_uc_decomp_index2", index2))
    assert len(data) < 1 << 16
    out.append(array("const uint32_t gi_uc_decomp_data", [hex(x) for x in data]))
    pairs = sorted((chars[0], chars[1], c) for c, (tag, chars) in db.decomposition.items()
                   if not tag and len(chars) == 2 and c not in db.excluded)
    out.append(array("const GiUcPair gi_uc_pairs",
                     ["{0x%X, 0x%X, 0x%X}" % pair for pair in pairs]))
    out.append(f"const size_t gi_uc_pair_count = {len(pairs)};\n")
    out.append(array("const GiUcOldRange gi_uc_corrections",
                     ["{0x%X, 0x%X, 0x%X}" % (c, c, old) for c, old in sorted(db.corrections)]))
    out.append(f"const size_t gi_uc_correction_count = {len(db.corrections)};\n")
    return "\n".join(out)


ONE_BYTE = 190  # words of one byte; the rest of the byte values lead two


def name_hash(name):
    h = 2166136261
    for byte in name.encode():
        h = (h ^ byte) * 16777619 & 0xFFFFFFFF
    return h ^ h >> 15


def c_names(db):
    """Names as sequences of word numbers; the first word stands for '-' and the code point."""
    entries = []  # (name words, is a code point's own)
    for c, name in sorted(db.names.items()):
        suffix = "-%04X" % c
        words = name.split(" ")
        if name.endswith(suffix):
            words = name[:-len(suffix)].split(" ") + [suffix]
        entries.append((c, words, suffix))
    extra = [(n, (c,)) for n, c in db.aliases] + db.sequences
    count = collections.Counter()
    for c, words, suffix in entries:
        count.update(w for w in words if w != suffix)
    for name, _ in extra:
        count.update(name.split(" "))
    dictionary = [""] + [w for w, _ in sorted(count.items(), key=lambda x: (-x[1], x[0]))]
    number = {w: i for i, w in enumerate(dictionary)}
    assert (len(dictionary) - ONE_BYTE) <= (256 - ONE_BYTE) * 256

    def encode(words, suffix):
        data = []
        for word in words:
            n = 0 if word == suffix else number[word]
            if n < ONE_BYTE:
                data.append(n)
            else:
                n -= ONE_BYTE
                data += [ONE_BYTE + (n >> 8), n & 255]
        assert len(data) < 256
        return [len(data)] + data

    stream, blocks = [], collections.defaultdict(lambda: [0, 0])
    for c, words, suffix in entries:
        block = blocks[c >> 6]
        if not block[0]:
            block[1] = len(stream)
        block[0] |= 1 << (c & 63)
        stream += encode(words, suffix)
    block_list = sorted(blocks)
    extras, sequence_chars = [], []
    for name, chars in extra:
        extras.append("{%d, %d, %d}" % (len(stream), len(sequence_chars), len(chars)))
        sequence_chars += chars
        stream += encode(name.split(" "), None)
    bits = 12
    keys = [(name_hash(" ".join(w).replace(" " + s, s)), c) for c, w, s in entries]
    keys += [(name_hash(name), COUNT + i) for i, (name, _) in enumerate(extra)]
    keys.sort(key=lambda k: (k[0] & (1 << bits) - 1, k[0], k[1]))
    starts, position = [], 0
    for bucket in range(1 << bits):
        starts.append(position)
        while position < len(keys) and keys[position][0] & (1 << bits) - 1 == bucket:
            position += 1
    starts.append(position)
    assert len(keys) < 1 << 16
    offsets, text = [], ""
    for word in dictionary:
        offsets.append(len(text))
        text += word
    offsets.append(len(text))
    first_bytes = [(k[0] >> bits & 0xFF) << 24 | k[1] for k in keys]
    out = [HEADER]
    out.append(array("const uint8_t gi_uc_name_stream", stream))
    block_numbers = [0xFFFF] * (COUNT >> 6)
    for i, b in enumerate(block_list):
        block_numbers[b] = i
    index1, index2 = split(block_numbers, 4)
    out.append(array("const uint16_t gi_uc_name_index1", index1))
    out.append(array("const uint16_t gi_uc_name_index2", index2))
    out.append(array("const GiUcNameBlock gi_uc_name_blocks",
                     ["{0x%XULL, %d}" % tuple(blocks[b]) for b in block_list]))
    out.append(array("const uint32_t gi_uc_word_offsets", offsets))
    out.append("const char gi_uc_words[] =\n" + "\n".join(
        '"%s"' % text[i:i + 96] for i in range(0, len(text), 96)) + ";\n")
    out.append(array("const GiUcExtraName gi_uc_extra_names", extras))
    out.append(f"const uint32_t gi_uc_alias_count = {len(db.aliases)};\n")
    out.append(array("const uint32_t gi_uc_extra_chars", [hex(x) for x in sequence_chars]))
    out.append(array("const uint16_t gi_uc_name_buckets", starts))
    out.append(array("const uint32_t gi_uc_name_keys", first_bytes))
    return "\n".join(out)


def old_facts():
    """Yields (property, ..., sorted list of (first, last, value)) for the view of Unicode 3.2."""
    orders = {"category": CATEGORIES.index, "bidi": BIDI.index, "width": WIDTHS.index,
              "mirrored": int, "decimal": int}
    for name, number in orders.items():
        facts = []
        for line in OLD_TEXT[name].split("\n"):
            value, *parts = line.split() or [None]
            for part in parts:
                members = span(part.replace("-", ".."))
                facts.append((members[0], members[-1], number(value)))
        yield name, number, sorted(facts)


# What Unicode 15.0 said anew about older code points.
LATER_LOWERCASE = {0x10FC, 0xA7F2, 0xA7F3, 0xA7F4, 0xAB69}
LATER_ALIASES = {"EM", "ARABIC SMALL HIGH LIGATURE ALEF WITH YEH BARREE",
                 "SUNDANESE LETTER ARCHAIC I"}

# What was different in Unicode 3.2.0: value, then the ranges of code points that had it.
# For decimal it is the value of the first of a range, counting up.
OLD_TEXT = {
    "category": """
So A7 B6 F14 2118 2132
Ll AA BA 294 2071 207F
Pd AD
Sk 2B9-2BA 2C6-2CF 2EC 374
Po 5BE 166D 23B6
Me 6DE
Lo 10D0-10F8 13A0-13F4 1885-1886 A015 10341
Nd 1369-1371
Mn 1734 302E-302F
Mc 17B4-17B5
Zs 200B
Nl 2183
Sm 2308-230B
Ps 23B4 FD3E
Pe 23B5 FD3F
Pc 30FB FF65
""",
    "bidi": """
ET 2B 2D 207A-207B 208A-208B 2212 FB29 FE62-FE63 FF0B FF0D
ES 2F FF0F
ON AD 2044 2132 2800-28FF
AL 6DD
NSM 6DE CBF CC6 1734 302E-302F
BN 70F FFF9-FFFB
L 17B4-17B5 1885-1886 1D6DB 1D715 1D74F 1D789 1D7C3
WS 202F
EN 2460-2487 24EA
""",
    "width": """
N 231A-231B 25FD-25FE 2648-2653
""",
    "mirrored": """
0 F3A-F3D 169B-169C FE59-FE5E FE64-FE65 1D6DB 1D715 1D74F 1D789 1D7C3
1 29A1
""",
    "decimal": """
2 B2-B3
1 B9 1369-1371
0 2070 2080-2089
4 2074-2079
""",
}


def main():
    db = Database()
    files = {"properties_data.c": c_properties(db), "normal_data.c": c_normalization(db),
             "names_data.c": c_names(db)}
    if "--check" in sys.argv:
        stale = [n for n, t in files.items()
                 if not (TARGET / n).exists() or (TARGET / n).read_text() != t]
        if stale:
            sys.exit("stale: " + " ".join(stale))
        return
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (TARGET / name).write_text(text)


if __name__ == "__main__":
    main()
