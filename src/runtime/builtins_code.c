/* builtins_code.c - compile, eval, exec, input. */
#include "objects/audit.h"
#include "compile/ast_objects.h"
#include "compile/compile.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/descr.h"
#include "runtime/builtins_internal.h"
#include "runtime/runtime.h"
#include "vm/frame.h"
#include <unistd.h>
#include "runtime/builtins_code.gen.h"

enum { COMPILE_FLAGS = GI_PYCF_ONLY_AST | GI_PYCF_TYPE_COMMENTS | GI_PYCF_DONT_IMPLY_DEDENT |
                       GI_PYCF_TOP_LEVEL_AWAIT | GI_PYCF_ALLOW_INCOMPLETE | GI_CO_FUTURE_MASK | GI_CO_NESTED };

static int inherited_flags(GiThread *ts) {
    return ts->frame ? (int)(ts->frame->code->flags & GI_CO_FUTURE_MASK) : 0;
}

/* Consumes and gives a str, or ValueError when there is a NUL in it. */
static GiRef without_nul(GiThread *ts, GiRef text) {
    if (gi_is_null(text) || gi_str_find(gi_val(text), GI_STR_LATIN1_CHAR(0), 0, gi_str_len(text)) < 0) return text;
    gi_drop(ts, text);
    return gi_raise_ref(ts, &gi_exc_ValueError, "embedded null character");
}

/* filename argument: str, bytes or path -> str. */
GiRef gi_compile_filename(GiThread *ts, GiVal filename) {
    if (gi_is_str(filename)) return without_nul(ts, gi_dup(ts, filename));
    GiRef bytes;
    if (gi_has_buffer(filename) && !gi_is_bytes(filename)) {
        if (gi_warn(ts, &gi_exc_DeprecationWarning, 1, "path should be string, bytes, or os.PathLike, not %T", filename) < 0)
            return GI_NULL;
        bytes = gi_to_bytes(ts, filename);
    } else {
        bytes = gi_is_bytes(filename) ? gi_dup(ts, filename) : gi_fs_path(ts, filename);
    }
    if (gi_is_null(bytes)) return bytes;
    GiRef text = gi_str_from_fs(ts, (const char *)gi_bytes_data(bytes), gi_bytes_len(bytes));
    gi_drop(ts, bytes);
    return without_nul(ts, text);
}

static GiRef compile_tree(GiThread *ts, GiVal source, GiVal filename, const char *mode, int flags, int optimize) {
    if (flags & GI_PYCF_ONLY_AST) return gi_dup(ts, source);
    GiArena arena;
    gi_arena_init(&arena);
    GiAstMod *mod;
    GiRef result = GI_NULL;
    if (gi_ast_from_object(ts, source, &arena, mode, &mod) == GI_OK && gi_ast_validate(ts, mod) == GI_OK) {
        GiCompileOptions options = {.filename = filename,
                                    .optimize = optimize < 0 ? ts->vm->optimize : optimize,
                                    .future = (uint32_t)flags & GI_CO_FUTURE_MASK,
                                    .top_level_await = flags & GI_PYCF_TOP_LEVEL_AWAIT};
        result = gi_compile_ast(ts, &arena, mod, &options);
    }
    gi_arena_free(&arena);
    return result;
}

/* What compile() refuses by flags, mode and level of optimisation. */
static GiStatus check_compile(GiThread *ts, int flags, const char *mode, int optimize) {
    if (flags & ~(COMPILE_FLAGS | GI_PYCF_IGNORE_COOKIE | GI_PYCF_SOURCE_IS_UTF8))
        return gi_raise_status(ts, &gi_exc_ValueError, "compile(): unrecognised flags");
    if (optimize < -1 || optimize > 2)
        return gi_raise_status(ts, &gi_exc_ValueError, "compile(): invalid optimize value");
    bool func_type = strcmp(mode, "func_type") == 0;
    if (strcmp(mode, "exec") != 0 && strcmp(mode, "eval") != 0 && strcmp(mode, "single") != 0 && !func_type)
        return gi_raise_status(ts, &gi_exc_ValueError, "compile() mode must be 'exec', 'eval'%s",
                               flags & GI_PYCF_ONLY_AST ? ", 'single' or 'func_type'" : " or 'single'");
    if (func_type && !(flags & GI_PYCF_ONLY_AST))
        return gi_raise_status(ts, &gi_exc_ValueError, "compile() mode 'func_type' requires flag PyCF_ONLY_AST");
    return GI_OK;
}

GI_FUNCTION(builtins, compile,
            "(source, filename, mode: cstr, flags: int = 0, dont_inherit: bool = False, optimize: int = -1, *, "
            "_feature_version: int = -1)",
            "Compile source into a code object that can be executed by exec() or eval().\n\nThe source code may represent a "
            "Python module, statement or expression.\nThe filename will be used for run-time error messages.\nThe mode must be "
            "'exec' to compile a module, 'single' to compile a\nsingle (interactive) statement, or 'eval' to compile an "
            "expression.\nThe flags argument, if present, controls which future statements influence\nthe compilation of the "
            "code.\nThe dont_inherit argument, if true, stops the compilation inheriting\nthe effects of any future statements "
            "in effect in the code calling\ncompile; if absent or false these statements do influence the compilation,\nin "
            "addition to any features explicitly specified.") {
    int flags = a->flags;
    if (!a->dont_inherit) flags |= inherited_flags(ts);
    GiRef filename = gi_compile_filename(ts, a->filename);
    if (gi_is_null(filename)) return filename;
    GiRef result = GI_NULL;
    if (check_compile(ts, a->flags, a->mode, a->optimize) < 0 ||
        GI_AUDIT(ts, "compile", a->source, gi_val(filename)) < 0) {
        gi_drop(ts, filename);
        return GI_NULL;
    }
    if (gi_is_ast_object(ts, a->source)) {
        result = compile_tree(ts, a->source, gi_val(filename), a->mode, flags, a->optimize);
    } else if (!gi_raised(ts)) {
        GiRef owner;
        const char *text;
        size_t len;
        if (gi_source_text(ts, a->source, "compile() arg 1", &flags, gi_val(filename), &owner, &text, &len) == GI_OK) {
            result = gi_compile_source(ts, text, len, gi_val(filename), a->mode, flags, a->optimize,
                                       a->_feature_version);
            gi_drop(ts, owner);
        }
    }
    gi_drop(ts, filename);
    return result;
}

/* Fills in globals and locals from the caller's frame. */
static GiStatus scopes(GiThread *ts, const char *fname, GiVal *globals, GiVal *locals, GiRef *held) {
    *held = GI_NULL;
    if (gi_is_null(*locals) || gi_is_none(*locals)) *locals = GI_NOVAL;
    if (gi_is_null(*globals) || gi_is_none(*globals)) {
        if (ts->frame == NULL) return gi_raise_status(ts, &gi_exc_SystemError, "globals and locals cannot be NULL");
        *globals = gi_frame_globals(ts->frame);
        if (gi_is_null(*locals)) {
            *held = gi_frame_locals(ts, ts->frame);
            if (gi_is_null(*held)) return GI_FAIL;
            *locals = gi_val(*held);
        }
    }
    if (gi_is_null(*locals)) *locals = *globals;
    if (!gi_is_dict(*globals)) {
        if (gi_is_null(*held)) {}
        gi_xdrop(ts, *held);
        *held = GI_NULL;
        if (strcmp(fname, "eval") == 0)
            return gi_raise_status(ts, &gi_exc_TypeError, gi_is_mapping(*globals)
                                       ? "globals must be a real dict; try eval(code, {}, mapping)"
                                       : "globals must be a dict");
        return gi_raise_status(ts, &gi_exc_TypeError, "%s() globals must be a dict, not %T", fname, *globals);
    }
    if (!gi_is_mapping(*locals)) {
        GiVal bad = *locals;
        if (strcmp(fname, "eval") == 0) gi_raise(ts, &gi_exc_TypeError, "locals must be a mapping");
        else gi_raise(ts, &gi_exc_TypeError, "locals must be a mapping or None, not %T", bad);
        gi_xdrop(ts, *held);
        *held = GI_NULL;
        return GI_FAIL;
    }
    GiTruth has = gi_dict_contains(ts, *globals, GI_N(__builtins__));
    GiStatus status = has.value < 0 ? GI_FAIL : GI_OK;
    if (has.value == 0) {
        GiRef own = ts->frame ? gi_builtins_object(ts, gi_frame_func(ts->frame)) : gi_slot_dup(ts, &ts->vm->builtins_dict);
        status = gi_is_null(own) ? GI_FAIL : gi_dict_set(ts, *globals, GI_N(__builtins__), gi_val(own));
        gi_xdrop(ts, own);
    }
    if (status < 0) {
        gi_xdrop(ts, *held);
        *held = GI_NULL;
    }
    return status;
}

static GiRef run_text(GiThread *ts, GiVal source, const char *what, const char *mode, GiVal globals, GiVal locals) {
    GiRef owner, filename = gi_str_from_cstr(ts, "<string>");
    if (gi_is_null(filename)) return filename;
    const char *text;
    size_t len;
    int flags = inherited_flags(ts);
    GiRef result = GI_NULL;
    if (gi_source_text(ts, source, what, &flags, gi_val(filename), &owner, &text, &len) == GI_OK) {
        if (strcmp(mode, "eval") == 0)
            while (len > 0 && (*text == ' ' || *text == '\t')) text++, len--;
        GiRef code = GI_NULL;
        if (GI_AUDIT(ts, "compile", source, gi_val(filename)) == GI_OK)
            code = gi_compile_source(ts, text, len, gi_val(filename), mode, flags, -1, -1);
        gi_drop(ts, owner);
        if (!gi_is_null(code)) {
            if (GI_AUDIT(ts, "exec", gi_val(code)) == GI_OK)
                result = gi_eval_code(ts, gi_val(code), globals, locals, GI_NOVAL);
            gi_drop(ts, code);
        }
    }
    gi_drop(ts, filename);
    return result;
}

GI_FUNCTION(builtins, eval, "(source, globals = None, locals = None, /)",
            "Evaluate the given source in the context of globals and locals.\n\nThe source may be a string representing a "
            "Python expression\nor a code object as returned by compile().\nThe globals must be a dictionary and locals can be "
            "any mapping,\ndefaulting to the current globals and locals.\nIf only globals is given, locals defaults to it.") {
    GiVal globals = a->globals, locals = a->locals;
    GiRef held;
    if (scopes(ts, "eval", &globals, &locals, &held) < 0) return GI_NULL;
    GiRef result = GI_NULL;
    if (gi_is_exact(a->source, &gi_code_type)) {
        if (gi_code_of(a->source)->free_count > 0)
            result = gi_raise_ref(ts, &gi_exc_TypeError, "code object passed to eval() may not contain free variables");
        else if (GI_AUDIT(ts, "exec", a->source) == GI_OK)
            result = gi_eval_code(ts, a->source, globals, locals, GI_NOVAL);
    } else {
        result = run_text(ts, a->source, "eval() arg 1", "eval", globals, locals);
    }
    gi_xdrop(ts, held);
    return result;
}

static GiStatus check_closure(GiThread *ts, GiCode *code, GiVal closure) {
    if (gi_is_null(closure) || gi_is_none(closure)) {
        if (code->free_count == 0) return GI_OK;
        return gi_raise_status(ts, &gi_exc_TypeError, "code object requires a closure of exactly length %d",
                               code->free_count);
    }
    if (code->free_count == 0)
        return gi_raise_status(ts, &gi_exc_TypeError, "cannot use a closure with this code object");
    bool ok = gi_is_tuple_exact(closure) && gi_tuple_len(closure) == code->free_count;
    for (size_t i = 0; ok && i < code->free_count; i++) ok = gi_is_exact(gi_tuple_get(closure, i), &gi_cell_type);
    return ok ? GI_OK : gi_raise_status(ts, &gi_exc_TypeError, "code object requires a closure of exactly length %d",
                                        code->free_count);
}

GI_FUNCTION(builtins, exec, "(source, globals = None, locals = None, /, *, closure = None)",
            "Execute the given source in the context of globals and locals.\n\nThe source may be a string representing one or "
            "more Python statements\nor a code object as returned by compile().\nThe globals must be a dictionary and locals "
            "can be any mapping,\ndefaulting to the current globals and locals.\nIf only globals is given, locals defaults to "
            "it.\nThe closure must be a tuple of cellvars, and can only be used\nwhen source is a code object requiring "
            "exactly that many cellvars.") {
    GiVal globals = a->globals, locals = a->locals;
    GiRef held;
    if (scopes(ts, "exec", &globals, &locals, &held) < 0) return GI_NULL;
    GiRef result = GI_NULL;
    bool has_closure = !gi_is_null(a->closure) && !gi_is_none(a->closure);
    if (gi_is_exact(a->source, &gi_code_type)) {
        if (check_closure(ts, gi_code_of(a->source), a->closure) == GI_OK &&
            GI_AUDIT(ts, "exec", a->source) == GI_OK)
            result = gi_eval_code(ts, a->source, globals, locals, has_closure ? a->closure : GI_NOVAL);
    } else if (has_closure) {
        gi_raise(ts, &gi_exc_TypeError, "closure can only be used when source is a code object");
    } else {
        result = run_text(ts, a->source, "exec() arg 1", "exec", globals, locals);
    }
    gi_xdrop(ts, held);
    if (gi_is_null(result)) return result;
    gi_drop(ts, result);
    return GI_REF_NONE;
}

static GiStatus flush_stream(GiThread *ts, const char *name) {
    GiRef stream = gi_sys_get(ts, name);
    if (gi_is_null(stream) || gi_is_none(stream))
        return gi_raise_status(ts, &gi_exc_RuntimeError, "input(): lost sys.%s", name);
    GiRef r = gi_call_method_cstr(ts, gi_val(stream), "flush", NULL, 0);
    gi_drop(ts, stream);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}

/* Shows the prompt of input(). */
static GiStatus write_prompt(GiThread *ts, GiVal prompt) {
    GiRef out = gi_sys_get(ts, "stdout"); /* str() of the prompt may replace it */
    if (gi_is_null(out) || gi_is_none(gi_val(out))) {
        gi_xdrop(ts, out);
        return gi_raise_status(ts, &gi_exc_RuntimeError, "input(): lost sys.stdout");
    }
    GiRef text = gi_str(ts, prompt);
    GiVal arg = gi_val(text);
    GiRef r = gi_is_null(text) ? GI_NULL : gi_call_method_cstr(ts, gi_val(out), "write", &arg, 1);
    gi_xdrop(ts, text);
    gi_drop(ts, out);
    gi_xdrop(ts, r);
    return gi_is_null(r) ? GI_FAIL : GI_OK;
}
/* Flushes the stream of that name; only that there is none is an error. */
static GiStatus try_flush(GiThread *ts, const char *name) {
    if (flush_stream(ts, name) == GI_OK) return GI_OK;
    if (gi_exc_matches(ts, &gi_exc_RuntimeError)) return GI_FAIL;
    gi_exc_clear(ts);
    return GI_OK;
}
/* A line of `in` without its end, after the prompt. */
static GiRef prompted_line(GiThread *ts, GiVal in, GiVal prompt) {
    if (!gi_is_null(prompt) && write_prompt(ts, prompt) < 0) return GI_NULL;
    if (try_flush(ts, "stdout") < 0) return GI_NULL;
    GiRef line = gi_call_method_cstr(ts, in, "readline", NULL, 0);
    if (gi_is_null(line)) return line;
    if (!gi_is_str(gi_val(line))) {
        gi_drop(ts, line);
        return gi_raise_ref(ts, &gi_exc_TypeError, "object.readline() returned non-string");
    }
    size_t n = gi_str_len(line);
    if (n == 0) {
        gi_drop(ts, line);
        return gi_raise_ref(ts, &gi_exc_EOFError, "EOF when reading a line");
    }
    if (gi_str_char(gi_val(line), n - 1) != '\n') return line;
    GiRef stripped = gi_str_slice(ts, gi_val(line), 0, n - 1);
    gi_drop(ts, line);
    return stripped;
}
GI_FUNCTION(builtins, input, "(prompt = '', /)",
            "Read a string from standard input.  The trailing newline is stripped.\n\nThe prompt string, if given, is printed "
            "to standard output without a\ntrailing newline before reading input.\n\nIf the user hits EOF (*nix: Ctrl-D, "
            "Windows: Ctrl-Z+Return), raise EOFError.\nOn *nix systems, readline is used if available.") {
    if (gi_auditf(ts, "builtins.input", "O", a->prompt) < 0 || try_flush(ts, "stderr") < 0) return GI_NULL;
    GiRef in = gi_sys_get(ts, "stdin"); /* writing the prompt may replace it */
    bool lost = gi_is_null(in) || gi_is_none(gi_val(in));
    GiRef line = lost ? gi_raise_ref(ts, &gi_exc_RuntimeError, "input(): lost sys.stdin") : prompted_line(ts, gi_val(in), a->prompt);
    gi_xdrop(ts, in);
    return line;
}

/* ---- __build_class__ ---- */

/* The metaclass that a class statement's bases ask for, starting from `meta`; null: TypeError. */
static GiVal winning_metaclass(GiThread *ts, GiVal meta, GiVal bases) {
    GiType *winner = gi_as_type(meta);
    for (size_t i = 0; i < gi_tuple_len(bases); i++) {
        GiType *have = gi_type_of(gi_tuple_get(bases, i));
        if (gi_is_subtype(winner, have)) continue;
        if (!gi_is_subtype(have, winner)) {
            gi_raise(ts, &gi_exc_TypeError,
                     "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the "
                     "metaclasses of all its bases");
            return GI_NOVAL;
        }
        winner = have;
    }
    return gi_type_val(winner);
}

/* bases with __mro_entries__ applied: a new tuple (the same one when nothing changes). */
static GiRef resolve_bases(GiThread *ts, GiVal bases) {
    GiRef list = GI_NULL;
    for (size_t i = 0; i < gi_tuple_len(bases); i++) {
        GiVal base = gi_tuple_get(bases, i);
        GiRef method = GI_NULL;
        if (!gi_is_type(base) && gi_getattr_opt(ts, base, GI_N(__mro_entries__), &method) < 0) goto fail;
        if (gi_is_null(method)) {
            if (!gi_is_null(list) && gi_list_append(ts, gi_val(list), gi_dup(ts, base)) < 0) goto fail;
            continue;
        }
        GiRef entries = gi_call1(ts, gi_val(method), bases);
        gi_drop(ts, method);
        if (gi_is_null(entries)) goto fail;
        if (!gi_is_tuple(gi_val(entries))) {
            gi_drop(ts, entries);
            gi_raise(ts, &gi_exc_TypeError, "__mro_entries__ must return a tuple");
            goto fail;
        }
        if (gi_is_null(list)) list = gi_list_from(ts, gi_tuple_items(bases), i);
        GiStatus status = gi_is_null(list) ? GI_FAIL : gi_list_extend(ts, gi_val(list), gi_val(entries));
        gi_drop(ts, entries);
        if (status < 0) goto fail;
    }
    if (gi_is_null(list)) return gi_dup(ts, bases);
    GiRef tuple = gi_list_to_tuple(ts, gi_val(list));
    gi_drop(ts, list);
    return tuple;
fail:
    gi_xdrop(ts, list);
    return GI_NULL;
}

/* The namespace mapping that the metaclass prepares. */
static GiRef prepare(GiThread *ts, GiVal meta, GiVal name, GiVal bases, GiVal kwargs) {
    GiRef method, ns;
    if (gi_getattr_opt(ts, meta, GI_N(__prepare__), &method) < 0) return GI_NULL;
    if (gi_is_null(method)) return gi_dict_new(ts);
    GiRef args = gi_tuple_pack(ts, 2, name, bases);
    ns = gi_is_null(args) ? GI_NULL : gi_call_ex(ts, gi_val(method), gi_val(args), kwargs);
    gi_xdrop(ts, args);
    gi_drop(ts, method);
    if (!gi_is_null(ns) && !gi_is_mapping(gi_val(ns))) {
        gi_raise(ts, &gi_exc_TypeError, "%s.__prepare__() must return a mapping, not %T",
                 gi_is_type(meta) ? gi_as_type(meta)->name : "<metaclass>", gi_val(ns));
        gi_drop(ts, ns);
        return GI_NULL;
    }
    return ns;
}

/* The class body must have got its __class__ cell filled with the class that came out. */
static GiStatus check_class_cell(GiThread *ts, GiVal cell, GiVal cls, GiVal name) {
    if (!gi_is_exact(cell, &gi_cell_type)) return GI_OK;
    GiVal content = gi_val(((GiCell *)gi_obj(cell))->value);
    if (gi_is_null(content))
        return gi_raise_status(ts, &gi_exc_RuntimeError,
                               "__class__ not set defining %R as %R. Was __classcell__ propagated to type.__new__?",
                               name, cls);
    if (!gi_same(content, cls))
        return gi_raise_status(ts, &gi_exc_TypeError, "__class__ set to %R defining %R as %R", content, name, cls);
    return GI_OK;
}

GI_FUNCTION(builtins, __build_class__, "(*args, **kwds)",
            "__build_class__(func, name, /, *bases, [metaclass], **kwds) -> class\n\nInternal helper function used by the "
            "class statement.") {
    if (a->args_count < 2) return gi_raise_ref(ts, &gi_exc_TypeError, "__build_class__: not enough arguments");
    GiVal name = a->args[1];
    if (!gi_is_exact(a->args[0], &gi_function_type))
        return gi_raise_ref(ts, &gi_exc_TypeError, "__build_class__: func must be a function");
    if (!gi_is_str(name)) return gi_raise_ref(ts, &gi_exc_TypeError, "__build_class__: name is not a string");
    GiRef orig = gi_tuple_from(ts, a->args + 2, a->args_count - 2);
    if (gi_is_null(orig)) return orig;
    GiRef bases = GI_NULL, meta = GI_NULL, ns = GI_NULL, cell = GI_NULL, cls = GI_NULL, kwargs = GI_NULL;
    bases = resolve_bases(ts, gi_val(orig));
    if (gi_is_null(bases)) goto done;
    if (!gi_is_null(a->kwds)) {
        kwargs = gi_dict_copy(ts, a->kwds);
        if (gi_is_null(kwargs)) goto done;
        meta = gi_dict_pop(ts, gi_val(kwargs), GI_N(metaclass));
        if (gi_is_null(meta) && gi_raised(ts)) goto done;
    }
    if (gi_is_null(meta))
        meta = gi_dup(ts, gi_tuple_len(bases) ? gi_type_val(gi_type_of(gi_tuple_get(gi_val(bases), 0)))
                                              : gi_type_val(&gi_type_type));
    if (gi_is_type(gi_val(meta))) {
        GiVal winner = winning_metaclass(ts, gi_val(meta), gi_val(bases));
        if (gi_is_null(winner)) goto done;
        GiRef held = gi_dup(ts, winner);
        gi_drop(ts, meta);
        meta = held;
    }
    ns = prepare(ts, gi_val(meta), name, gi_val(bases), gi_val(kwargs));
    if (gi_is_null(ns)) goto done;
    GiFunction *func = gi_function_of(a->args[0]);
    cell = gi_eval_code(ts, gi_val(func->code), gi_val(func->globals), gi_val(ns), gi_val(func->closure));
    if (gi_is_null(cell)) goto done;
    if (!gi_same(orig, bases) && gi_setitem(ts, gi_val(ns), GI_N(__orig_bases__), gi_val(orig)) < 0) goto done;
    GiRef args = gi_tuple_pack(ts, 3, name, gi_val(bases), gi_val(ns));
    if (gi_is_null(args)) goto done;
    cls = gi_call_ex(ts, gi_val(meta), gi_val(args), gi_val(kwargs));
    gi_drop(ts, args);
    if (!gi_is_null(cls) && gi_is_type(gi_val(cls)) && check_class_cell(ts, gi_val(cell), gi_val(cls), name) < 0) {
        gi_drop(ts, cls);
        cls = GI_NULL;
    }
done:
    gi_xdrop(ts, cell);
    gi_xdrop(ts, ns);
    gi_xdrop(ts, meta);
    gi_xdrop(ts, kwargs);
    gi_xdrop(ts, bases);
    gi_drop(ts, orig);
    return cls;
}

const GiMethodDef *const gi_builtins_code_functions = builtins_functions;
