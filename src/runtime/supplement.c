/* supplement.c - what is compiled behind the text of a few of the library's files, which stay as they are.
 *
 * dis.py decodes co_code by CPython's tables. Its functions get at instructions in a few places only,
 * and these names are bound anew: the instructions come as rows (bytecode/disassemble.c).
 * sysconfig.py tells the variables of CPython's build; whether there is a GIL is the program's choice.
 * subprocess.py knows which options an interpreter of the same kind is started with (multiprocessing): ours too.
 * Raise SUPPLEMENT_VERSION (bytecode/opcodes.c) when a text changes: compiled modules are kept.
 */
#include "objects/error.h"
#include "objects/str.h"
#include "runtime/runtime.h"
#include <stdlib.h>

static const char dis_text[] =
    "\n"
    "class _GilaCode:\n"
    "    \"\"\"Stands for the bytes of co_code: a code object whose instructions are Gila's.\"\"\"\n"
    "    def __init__(self, co, adaptive=False):\n"
    "        self.co, self.rows = co, co._gila_instructions(adaptive)\n"
    "    def __len__(self):\n"
    "        return self.rows[-1][0] + 2\n"
    "\n"
    "class _GilaInstruction(Instruction):\n"
    "    __slots__ = ()\n"
    "    def _disassemble(self, lineno_width=3, mark_as_current=False, offset_width=4):\n"
    "        head = self._replace(arg=None)\n"
    "        text = Instruction._disassemble(head, lineno_width, mark_as_current, offset_width)\n"
    "        if self.argrepr:\n"
    "            text += ' ' * max(_OPNAME_WIDTH - len(self.opname), 0) + ' ' + self.argrepr\n"
    "        return text\n"
    "\n"
    "_get_code_array = _GilaCode\n"
    "_get_cpython_instructions = _get_instructions_bytes\n"
    "_find_cpython_labels = findlabels\n"
    "\n"
    "def _get_instructions_bytes(code, varname_from_oparg=None, names=None, co_consts=None, linestarts=None,\n"
    "                            line_offset=0, exception_entries=(), co_positions=None, show_caches=False):\n"
    "    if not isinstance(code, _GilaCode):\n"
    "        yield from _get_cpython_instructions(code, varname_from_oparg, names, co_consts, linestarts, line_offset,\n"
    "                                             exception_entries, co_positions, show_caches)\n"
    "        return\n"
    "    labels = {row[7] for row in code.rows} | {entry.target for entry in exception_entries}\n"
    "    positions = list(co_positions or ())\n"
    "    for offset, number, name, a, b, c, text, target in code.rows:\n"
    "        line = linestarts.get(offset) if linestarts else None\n"
    "        place = positions[offset // 2] if offset // 2 < len(positions) else ()\n"
    "        yield _GilaInstruction(name, number, a if text else None, text if target is None else target, text, offset,\n"
    "                               line if line is None else line + line_offset, offset in labels, Positions(*place))\n"
    "\n"
    "def _parse_exception_table(code):\n"
    "    return [_ExceptionTableEntry(*row, False) for row in code._gila_handlers()]\n"
    "\n"
    "def findlabels(code):\n"
    "    if isinstance(code, _GilaCode):\n"
    "        return sorted({row[7] for row in code.rows} - {None})\n"
    "    return _find_cpython_labels(code)\n"
    "\n"
    "def _find_imports(co):\n"
    "    held = {}\n"
    "    for offset, number, name, a, b, c, text, target in co._gila_instructions():\n"
    "        if name == 'LOADK':\n"
    "            held[a] = co.co_consts[b | c << 16]\n"
    "        elif name == 'LOADI':\n"
    "            held[a] = b - (b >> 15 << 16)\n"
    "        elif name == 'LOAD_NONE':\n"
    "            held[a] = None\n"
    "        elif name == 'IMPORT_NAME':\n"
    "            if a in held and a + 1 in held:\n"
    "                yield co.co_names[b], held[a], held[a + 1]\n"
    "            held.clear()\n"
    "\n"
    "def _find_store_names(co):\n"
    "    for offset, number, name, a, b, c, text, target in co._gila_instructions():\n"
    "        if name in ('STORE_NAME', 'STORE_GLOBAL'):\n"
    "            yield co.co_names[b]\n";

static const char sysconfig_text[] =
    "\n"
    "def _init_posix(vars, _init=_init_posix):\n"
    "    _init(vars)\n"
    "    vars['Py_GIL_DISABLED'] = int(not sys._is_gil_enabled())\n";

static const char subprocess_text[] =
    "\n"
    "_cpython_args_from_interpreter_flags = _args_from_interpreter_flags\n"
    "\n"
    "def _args_from_interpreter_flags():\n"
    "    \"\"\"Return a list of command-line arguments reproducing the current\n"
    "    settings in sys.flags, sys.warnoptions and sys._xoptions.\"\"\"\n"
    "    args = _cpython_args_from_interpreter_flags()\n"
    "    for name in ('gil', 'gil-lift-after', 'gil-policy', 'switch-interval'):\n"
    "        if name in sys._xoptions:\n"
    "            args += '-X', f'{name}={sys._xoptions[name]}'\n"
    "    return args\n";

static const struct { const char *name, *text; } supplements[] = {
    {"/dis.py", dis_text}, {"/subprocess.py", subprocess_text}, {"/sysconfig.py", sysconfig_text}};

/* The text for a file, NULL for nearly all. */
static const char *text_for(GiThread *ts, GiVal filename) {
    const char *stdlib = ts->vm->runtime->config.stdlib;
    size_t n = strlen(stdlib), name_len;
    if (gi_str_len(filename) > n + sizeof "/subprocess.py") return NULL; /* PERF */
    const char *name = gi_str_utf8(ts, filename, &name_len);
    if (name == NULL) gi_exc_clear(ts);
    if (name == NULL || strlen(name) < n || memcmp(name, stdlib, n) != 0) return NULL;
    for (size_t i = 0; i < GI_COUNTOF(supplements); i++)
        if (strcmp(name + n, supplements[i].name) == 0) return supplements[i].text;
    return NULL;
}

char *gi_supplemented(GiThread *ts, GiVal filename, const char *source, size_t *len) {
    const char *supplement = text_for(ts, filename);
    if (supplement == NULL) return NULL;
    /* `python -m` of the module is the file's last statement. */
    static const char main_part[] = "\nif __name__ ==";
    const char *tail = memmem(source, *len, main_part, sizeof main_part - 1);
    size_t before = tail ? (size_t)(tail + 1 - source) : *len, added = strlen(supplement);
    char *text = malloc(*len + added + 1);
    if (text == NULL) return NULL;
    memcpy(text, source, before);
    memcpy(text + before, supplement, added);
    memcpy(text + before + added, source + before, *len - before);
    *len += added;
    text[*len] = 0;
    return text;
}
