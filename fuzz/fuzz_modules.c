/* fuzz_modules.c - bytes as what native modules read: json, struct formats, format specifications,
 * regular expressions, marshalled objects, numbers as text, encoded text.
 *
 * The first byte chooses among them. The interpreter is started once; a function in Python hands the
 * rest to the module and takes every exception that a program could meet. Single-threaded.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modules/module.h"
#include "modules/registry.h"
#include "runtime/runtime.h"
#include "vm/frame.h"
#include "vm/function.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char program[] =
    "import json, struct, marshal, binascii, warnings, types, re\n"
    "warnings.simplefilter('ignore')\n"
    "values = (0, -5, 10**30, 1.5, -1e300, 'te\\u1234xt', b'x', None, 1j, True)\n"
    "codecs = ('utf-8', 'utf-16', 'utf-32-be', 'utf-7', 'unicode_escape', 'raw_unicode_escape', 'ascii', 'cp1252', 'punycode')\n"
    "errors = ('strict', 'ignore', 'replace', 'backslashreplace', 'surrogateescape', 'surrogatepass')\n"
    "def case_json(b):\n"
    "    json.dumps(json.loads(b))\n"
    "def case_struct(b):\n"
    "    f, _, d = b.partition(b'\\n')\n"
    "    if struct.calcsize(f) < 100000:\n"
    "        struct.unpack_from(f, d + bytes(100000))\n"
    "        struct.pack(f, *[1] * 5)\n"
    "def small(s):\n"
    "    return not any(len(n) > 4 for n in re.findall(r'\\d+', s))\n"
    "def case_format(b):\n"
    "    s = b.decode('latin-1')[:60]\n"
    "    if small(s):\n"
    "        for v in values:\n"
    "            attempt(format, v, s)\n"
    "def case_text_format(b):\n"
    "    s = b.decode('latin-1')[:200]\n"
    "    if small(s):\n"
    "        attempt(s.format, *values, a=values, b={'k': 1})\n"
    "        for v in values:\n"
    "            attempt(s.__mod__, v)\n"
    "        attempt(s.__mod__, values)\n"
    "        attempt(b[:200].__mod__, {b'k': 1})\n"
    "def case_regex(b):\n"
    "    p, _, s = b.decode('latin-1').partition('\\n')\n"
    "    c = re.compile(p[:30])\n"
    "    s = s[:10]\n"
    "    c.search(s), c.findall(s), c.sub('x', s)\n"
    "def case_marshal(b):\n"
    "    v = marshal.loads(b)\n"
    "    if type(v) is types.CodeType:\n"
    "        list(v.co_lines()), repr(v), v == v\n"
    "    marshal.dumps(v)\n"
    "def case_numbers(b):\n"
    "    s = b.decode('latin-1')[:300]\n"
    "    for f in (int, float, complex, bytes.fromhex, float.fromhex, binascii.a2b_hex, lambda t: int(t, 0), lambda t: int(t, 36)):\n"
    "        attempt(f, s)\n"
    "    attempt(binascii.a2b_base64, b), attempt(binascii.a2b_uu, b)\n"
    "def case_decode(b):\n"
    "    c, e = codecs[b[0] % len(codecs)], errors[b[1] % len(errors)]\n"
    "    t = b[2:].decode(c, e)\n"
    "    t.encode(c, e), t.upper(), t.split(), t.isidentifier(), repr(t)\n"
    "def attempt(f, *a, **k):\n"
    "    try:\n"
    "        f(*a, **k)\n"
    "    except (Exception, RecursionError):\n"
    "        pass\n"
    "cases = [v for k, v in sorted(globals().items()) if k.startswith('case_')]\n"
    "def run(b):\n"
    "    if b:\n"
    "        attempt(cases[b[0] % len(cases)], b[1:])\n";

typedef struct {
    GiThread *ts;
    GiRef run;
} Target;

static Target start(void) {
    static char *argv[] = {"fuzz_modules", NULL};
    static GiConfig config = {.program = "fuzz_modules", .executable = "", .argc = 1, .argv = argv,
                              .orig_argc = 1, .orig_argv = argv, .isolated = 1, .no_site = true,
                              .ignore_environment = true, .dont_write_bytecode = true, .safe_path = true,
                              .stdlib = "/usr/lib/python3.11", .int_max_str_digits = 4300};
    config.natives = &gi_native_module_table;
    GiThread *ts = gi_vm_start(&config);
    if (!ts) exit(1);
    GiRef globals = gi_dict_new(ts), name = gi_str_from_cstr(ts, "<fuzz>"), r = GI_NULL, run = GI_NULL;
    GiRef code = gi_compile_source(ts, program, sizeof program - 1, gi_val(name), "exec", GI_PYCF_SOURCE_IS_UTF8, 0, 11);
    if (!gi_is_null(code) && gi_dict_set(ts, gi_val(globals), GI_N(__builtins__), gi_val(ts->vm->builtins)) == GI_OK)
        r = gi_eval_code(ts, gi_val(code), gi_val(globals), gi_val(globals), GI_NOVAL);
    if (!gi_is_null(r)) run = gi_dup(ts, gi_dict_get_cstr_peek(ts, gi_val(globals), "run"));
    if (gi_is_null(run)) {
        gi_print_exception(ts);
        exit(1);
    }
    gi_drop(ts, r);
    gi_drop(ts, code);
    gi_drop(ts, name);
    gi_drop(ts, globals);
    return (Target){ts, run};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static Target target;
    if (!target.ts) target = start();
    GiThread *ts = target.ts;
    GiRef bytes = gi_bytes_from(ts, data, size);
    if (gi_is_null(bytes)) abort();
    GiRef r = gi_call1(ts, gi_val(target.run), gi_val(bytes));
    gi_drop(ts, bytes);
    if (gi_is_null(r)) {
        gi_print_exception(ts);
        abort();
    }
    gi_drop(ts, r);
    return 0;
}
