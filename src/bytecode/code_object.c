/* code_object.c - the type `code`: what Python programs see of a code object.
 *
 * A code object is immutable to them. Its tables are shown in Gila's own encoding: co_code is the
 * instruction words (as the compiler wrote them), co_linetable an array of GiPosition,
 * co_exceptiontable an array of GiHandler; offsets that Python sees are two for each word, so that
 * tb_lasti // 2 indexes co_positions().
 */
#include "bytecode/code.h"
#include "bytecode/specialised.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include <stdlib.h>

#include "bytecode/code_object.gen.h"

uint64_t *gi_code_general_instrs(GiThread *ts, const GiCode *code) {
    uint64_t *words = gi_mem_alloc(ts, (code->instr_count + 1) * sizeof *words);
    if (words != NULL) gi_general_words(code->instrs, code->instr_count, words);
    return words;
}

static GiRef words_as_bytes(GiThread *ts, GiCode *code) {
    if (gi_code_load(ts, code) < 0) return GI_NULL;
    GiRef bytes = gi_bytes_from(ts, NULL, code->instr_count * sizeof(uint64_t));
    if (gi_is_null(bytes)) return bytes;
    uint64_t *words = malloc((code->instr_count + 1) * sizeof *words);
    if (words == NULL) {
        gi_drop(ts, bytes);
        return gi_raise_nomem(ts);
    }
    gi_general_words(code->instrs, code->instr_count, words);
    memcpy(gi_bytes_data(bytes), words, code->instr_count * sizeof *words);
    free(words);
    return bytes;
}

/* ---- Variables ---- */

static size_t argument_count(const GiCode *code) {
    return (size_t)code->arg_count + code->kwonly_count + !!(code->flags & GI_CO_VARARGS) +
           !!(code->flags & GI_CO_VARKEYWORDS);
}

static bool is_plain_variable(const GiCode *code, size_t i) { return !code->variable_is_cell[i] || i < argument_count(code); }

static GiRef variable_names(GiThread *ts, GiCode *code, bool cells) {
    if (gi_code_load(ts, code) < 0) return GI_NULL;
    GiRef tuple;
    size_t count = 0, at = 0;
    for (size_t i = 0; i < code->local_count; i++) count += cells ? code->variable_is_cell[i] : is_plain_variable(code, i);
    tuple = gi_tuple_new(ts, count);
    if (gi_is_null(tuple)) return tuple;
    for (size_t i = 0; i < code->local_count; i++)
        if (cells ? code->variable_is_cell[i] : is_plain_variable(code, i))
            gi_tuple_init(tuple, at++, gi_slot_dup(ts, &code->variables[i]));
    return tuple;
}

static GiRef slots_as_tuple(GiThread *ts, const GiSlot *slots, size_t count) {
    return gi_tuple_from(ts, (const GiVal *)slots, count);
}

GI_GETTER(code, co_code, NULL) { return words_as_bytes(ts, gi_code_of(self)); }
GI_GETTER(code, _co_code_adaptive, NULL) {
    GiCode *code = gi_code_of(self);
    if (gi_code_load(ts, code) < 0) return GI_NULL;
    GiRef bytes = gi_bytes_from(ts, NULL, code->instr_count * sizeof(uint64_t));
    if (gi_is_null(bytes)) return bytes;
    for (uint32_t i = 0; i < code->instr_count; i++) {
        uint64_t word = gi_word(&code->instrs[i]);
        memcpy(gi_bytes_data(bytes) + i * sizeof word, &word, sizeof word);
    }
    return bytes;
}
GI_GETTER(code, co_varnames, NULL) { return variable_names(ts, gi_code_of(self), false); }
GI_GETTER(code, co_cellvars, NULL) { return variable_names(ts, gi_code_of(self), true); }
GI_GETTER(code, co_freevars, NULL) {
    GiCode *code = gi_code_of(self);
    if (gi_code_load(ts, code) < 0) return GI_NULL;
    return slots_as_tuple(ts, code->variables + code->local_count, code->free_count);
}
GI_GETTER(code, co_names, NULL) {
    GiCode *code = gi_code_of(self);
    return gi_code_load(ts, code) < 0 ? GI_NULL : slots_as_tuple(ts, code->names, code->name_count);
}
GI_GETTER(code, co_consts, NULL) {
    GiCode *code = gi_code_of(self);
    return gi_code_load(ts, code) < 0 ? GI_NULL : slots_as_tuple(ts, code->consts, code->const_count);
}
GI_GETTER(code, co_argcount, NULL) { return gi_smallint_ref(gi_code_of(self)->arg_count); }
GI_GETTER(code, co_posonlyargcount, NULL) { return gi_smallint_ref(gi_code_of(self)->posonly_count); }
GI_GETTER(code, co_kwonlyargcount, NULL) { return gi_smallint_ref(gi_code_of(self)->kwonly_count); }
GI_GETTER(code, co_nlocals, NULL) {
    GiCode *code = gi_code_of(self);
    if (gi_code_load(ts, code) < 0) return GI_NULL;
    int64_t n = 0;
    for (size_t i = 0; i < code->local_count; i++) n += is_plain_variable(code, i);
    return gi_smallint_ref(n);
}
GI_GETTER(code, co_stacksize, NULL) {
    return gi_smallint_ref(gi_code_of(self)->register_count - gi_code_of(self)->local_count);
}
GI_GETTER(code, co_flags, NULL) { return gi_smallint_ref(gi_code_of(self)->flags); }
GI_GETTER(code, co_firstlineno, NULL) { return gi_smallint_ref(gi_code_of(self)->first_line); }
GI_GETTER(code, co_filename, NULL) { return gi_slot_dup(ts, &gi_code_of(self)->filename); }
GI_GETTER(code, co_name, NULL) { return gi_slot_dup(ts, &gi_code_of(self)->name); }
GI_GETTER(code, co_qualname, NULL) { return gi_slot_dup(ts, &gi_code_of(self)->qualname); }
GI_GETTER(code, co_linetable, NULL) {
    GiCode *code = gi_code_of(self);
    if (gi_code_load(ts, code) < 0) return GI_NULL;
    return gi_bytes_from(ts, code->positions, code->position_count * sizeof(GiPosition));
}
GI_GETTER(code, co_exceptiontable, NULL) {
    GiCode *code = gi_code_of(self);
    if (gi_code_load(ts, code) < 0) return GI_NULL;
    return gi_bytes_from(ts, code->handlers, code->handler_count * sizeof(GiHandler));
}

/* The historic table of (bytes, lines) pairs. */
GI_GETTER(code, co_lnotab, NULL) {
    GiCode *code = gi_code_of(self);
    if (gi_code_load(ts, code) < 0) return GI_NULL;
    GiRef out = gi_bytearray_from(ts, "", 0);
    if (gi_is_null(out)) return out;
    int line = code->first_line;
    uint32_t at = 0;
    for (size_t i = 0; i < code->position_count; i++) {
        const GiPosition *p = &code->positions[i];
        if (p->line == 0 || p->line == line) continue;
        int64_t distance = (int64_t)(p->start - at) * 2, lines = (int64_t)p->line - line;
        while (distance != 0 || lines != 0) {
            int64_t d = GI_MIN(distance, 254), l = d < distance ? 0 : lines < -128 ? -128 : GI_MIN(lines, 127);
            size_t n = ((GiByteArray *)gi_obj(out))->length;
            if (gi_bytearray_resize(ts, gi_val(out), n + 2) < 0) {
                gi_drop(ts, out);
                return GI_NULL;
            }
            ((GiByteArray *)gi_obj(out))->data[n] = (uint8_t)d;
            ((GiByteArray *)gi_obj(out))->data[n + 1] = (uint8_t)(int8_t)l;
            distance -= d;
            lines -= l;
        }
        at = p->start;
        line = p->line;
    }
    GiByteArray *array = (GiByteArray *)gi_obj(out);
    GiRef bytes = gi_bytes_from(ts, array->length ? array->data : (const uint8_t *)"", array->length);
    gi_drop(ts, out);
    return bytes;
}

/* ---- Iterators over the tables ---- */

static GiRef iterate(GiThread *ts, GiRef list) {
    if (gi_is_null(list)) return list;
    GiRef it = gi_iter(ts, gi_val(list));
    gi_drop(ts, list);
    return it;
}

static GiStatus append(GiThread *ts, GiVal list, GiRef item) {
    return gi_is_null(item) ? GI_FAIL : gi_list_append(ts, list, item);
}

GI_METHOD(code, co_lines, "(self)", NULL) {
    GiCode *code = gi_code_of(self);
    if (gi_code_load(ts, code) < 0) return GI_NULL;
    GiRef list = gi_list_new(ts, 0);
    if (gi_is_null(list)) return list;
    /* PYSEM: the line of def or class counts as executable, though no instruction stands for it. */
    if (code->first_line > 0 && gi_code_position(code, 0).line != code->first_line &&
        !gi_str_equals_cstr(gi_val(code->name), "<module>")) {
        GiRef item = gi_tuple_pack(ts, 3, gi_smallint(0), gi_smallint(0), gi_smallint(code->first_line));
        if (append(ts, gi_val(list), item) < 0) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    }
    for (size_t i = 0; i < code->position_count;) {
        size_t end = i + 1;
        while (end < code->position_count && code->positions[end].line == code->positions[i].line) end++;
        uint32_t stop = end < code->position_count ? code->positions[end].start : code->instr_count;
        int line = code->positions[i].line;
        GiRef item = gi_tuple_pack(ts, 3, gi_smallint(2 * (int64_t)code->positions[i].start), gi_smallint(2 * (int64_t)stop),
                                   line ? gi_smallint(line) : GI_NONE);
        if (append(ts, gi_val(list), item) < 0) {
            gi_drop(ts, list);
            return GI_NULL;
        }
        i = end;
    }
    return iterate(ts, list);
}

static GiVal or_none(int32_t x, bool known) { return known ? gi_smallint(x) : GI_NONE; }

GI_METHOD(code, co_positions, "(self)", NULL) {
    GiCode *code = gi_code_of(self);
    if (gi_code_load(ts, code) < 0) return GI_NULL;
    GiRef list = gi_list_new(ts, code->instr_count);
    if (gi_is_null(list)) return list;
    for (size_t i = 0; i < code->position_count; i++) {
        const GiPosition *p = &code->positions[i];
        uint32_t next = i + 1 < code->position_count ? code->positions[i + 1].start : code->instr_count;
        uint32_t stop = GI_MIN(next, code->instr_count);
        GiRef item = gi_tuple_pack(ts, 4, or_none(p->line, p->line != 0), or_none(p->end_line, p->line != 0),
                                   or_none(p->col, p->col >= 0), or_none(p->end_col, p->end_col >= 0));
        for (uint32_t at = p->start; at < stop && !gi_is_null(item); at++) {
            if (gi_list_append(ts, gi_val(list), gi_dup(ts, gi_val(item))) < 0) {
                gi_drop(ts, item);
                item = GI_NULL;
            }
        }
        if (gi_is_null(item)) {
            gi_drop(ts, list);
            return GI_NULL;
        }
        gi_drop(ts, item);
    }
    return iterate(ts, list);
}

GI_METHOD(code, _varname_from_oparg, "(self, /, oparg: int)",
          "(internal-only) Return the local variable name for the given oparg.") {
    GiCode *code = gi_code_of(self);
    if (gi_code_load(ts, code) < 0) return GI_NULL;
    if (a->oparg < 0 || (size_t)a->oparg >= code->variable_count)
        return gi_raise_ref(ts, &gi_exc_IndexError, "tuple index out of range");
    return gi_slot_dup(ts, &code->variables[a->oparg]);
}

GI_METHOD(code, _gila_instructions, "(self, /, adaptive: bool = False)",
          "(internal-only) Gila's instructions, for module dis.") {
    return gi_code_load(ts, gi_code_of(self)) < 0 ? GI_NULL : gi_code_rows(ts, self, a->adaptive);
}

GI_METHOD(code, _gila_handlers, "(self)", "(internal-only) Gila's table of exception handlers, for module dis.") {
    return gi_code_load(ts, gi_code_of(self)) < 0 ? GI_NULL : gi_code_handlers(ts, self);
}

/* ---- Making code from parts ---- */

enum {
    PART_argcount, PART_posonlyargcount, PART_kwonlyargcount, PART_nlocals, PART_stacksize, PART_flags, PART_code,
    PART_consts, PART_names, PART_varnames, PART_filename, PART_name, PART_qualname, PART_firstlineno, PART_linetable,
    PART_exceptiontable, PART_freevars, PART_cellvars, PART_COUNT,
};
static const char *const part_names[PART_COUNT] = {
    "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals", "co_stacksize", "co_flags", "co_code",
    "co_consts", "co_names", "co_varnames", "co_filename", "co_name", "co_qualname", "co_firstlineno", "co_linetable",
    "co_exceptiontable", "co_freevars", "co_cellvars",
};

static void drop_parts(GiThread *ts, GiRef *parts) {
    for (int i = 0; i < PART_COUNT; i++) gi_xdrop(ts, parts[i]);
}

static GiStatus check_parts(GiThread *ts, const GiRef *parts) {
    for (int i = 0; i < PART_COUNT; i++) {
        GiVal v = gi_val(parts[i]);
        const char *wanted;
        bool good;
        switch (i) {
        case PART_code: case PART_linetable: case PART_exceptiontable: good = gi_is_bytes(v), wanted = "bytes"; break;
        case PART_consts: case PART_names: case PART_varnames: case PART_freevars: case PART_cellvars:
            good = gi_is_tuple(v), wanted = "tuple";
            break;
        case PART_filename: case PART_name: case PART_qualname: good = gi_is_str(v), wanted = "str"; break;
        default: good = gi_is_int(v), wanted = "int"; break;
        }
        if (!good)
            return gi_raise_status(ts, &gi_exc_TypeError, "code: %s must be %s, not %T", part_names[i], wanted, v);
        if (i == PART_names || i == PART_varnames || i == PART_freevars || i == PART_cellvars)
            for (size_t k = 0; k < gi_tuple_len(v); k++)
                if (!gi_is_str(gi_tuple_get(v, k)))
                    return gi_raise_status(ts, &gi_exc_TypeError, "name tuples must contain only strings, not '%T'",
                                           gi_tuple_get(v, k));
    }
    return GI_OK;
}

static GiStatus small_part(GiThread *ts, const GiRef *parts, int which, int64_t low, int64_t high, int64_t *out) {
    if (gi_int_as_i64(gi_val(parts[which]), out) != 0 || *out < low || *out > high)
        return gi_raise_status(ts, &gi_exc_ValueError, "code: %s out of range", part_names[which]);
    return GI_OK;
}

/* A copy of bytes as an array of items of `size` bytes. */
static GiStatus array_part(GiThread *ts, GiVal bytes, size_t size, void **out, size_t *count) {
    size_t n = gi_bytes_len(bytes);
    if (n % size != 0) return gi_raise_status(ts, &gi_exc_ValueError, "code: table of wrong length");
    *out = gi_mem_alloc(ts, n + 1);
    if (*out == NULL) return GI_FAIL;
    memcpy(*out, gi_bytes_data(bytes), n);
    *count = n / size;
    return GI_OK;
}

static GiStatus slots_part(GiThread *ts, GiVal tuple, GiSlot **out, size_t *count) {
    size_t n = gi_tuple_len(tuple);
    *out = gi_mem_calloc(ts, n + 1, sizeof(GiSlot));
    if (*out == NULL) return GI_FAIL;
    for (size_t i = 0; i < n; i++) gi_slot_init(*out + i, gi_dup(ts, gi_tuple_get(tuple, i)));
    *count = n;
    return GI_OK;
}

static GiStatus intern_slots(GiThread *ts, GiSlot *slots, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!gi_is_str_exact(slots[i])) continue;
        GiRef s = gi_str_intern(ts, gi_slot_take(&slots[i]));
        if (gi_is_null(s)) return GI_FAIL;
        gi_slot_init(&slots[i], s);
    }
    return GI_OK;
}

/* Variables: registers of varnames, then of cells that are no parameter; then free ones. */
static GiStatus set_variables(GiThread *ts, GiCode *code, const GiRef *parts) {
    GiVal varnames = gi_val(parts[PART_varnames]), cells = gi_val(parts[PART_cellvars]), frees = gi_val(parts[PART_freevars]);
    size_t most = gi_tuple_len(varnames) + gi_tuple_len(cells) + gi_tuple_len(frees), n = 0;
    int64_t nlocals;
    if (gi_int_as_i64(gi_val(parts[PART_nlocals]), &nlocals) != 0 || nlocals != (int64_t)gi_tuple_len(varnames))
        return gi_raise_status(ts, &gi_exc_ValueError, "code: co_nlocals != len(co_varnames)");
    if (most > GI_REGISTER_MAX) return gi_raise_status(ts, &gi_exc_ValueError, "code: too many variables");
    code->variables = gi_mem_calloc(ts, most + 1, sizeof(GiSlot));
    code->variable_is_cell = gi_mem_calloc(ts, most + 1, 1);
    if (code->variables == NULL || code->variable_is_cell == NULL) return GI_FAIL;
    for (size_t i = 0; i < gi_tuple_len(varnames); i++)
        gi_slot_init(&code->variables[n++], gi_dup(ts, gi_tuple_get(varnames, i)));
    code->variable_count = n;
    size_t arguments = GI_MIN(argument_count(code), n);
    for (size_t i = 0; i < gi_tuple_len(cells); i++) {
        GiVal name = gi_tuple_get(cells, i);
        size_t at = 0;
        while (at < arguments && !gi_str_equal(gi_val(code->variables[at]), name)) at++;
        if (at == arguments) {
            at = n++;
            gi_slot_init(&code->variables[at], gi_dup(ts, name));
            code->variable_count = n;
        }
        code->variable_is_cell[at] = 1;
    }
    code->local_count = (uint16_t)n;
    for (size_t i = 0; i < gi_tuple_len(frees); i++) gi_slot_init(&code->variables[n++], gi_dup(ts, gi_tuple_get(frees, i)));
    code->variable_count = n;
    code->free_count = (uint16_t)gi_tuple_len(frees);
    return intern_slots(ts, code->variables, n);
}

static GiStatus fill_from_parts(GiThread *ts, GiCode *code, const GiRef *parts) {
    int64_t args, posonly, kwonly, stack, flags, line;
    if (small_part(ts, parts, PART_argcount, 0, 0x7FFF, &args) < 0 ||
        small_part(ts, parts, PART_posonlyargcount, 0, args, &posonly) < 0 ||
        small_part(ts, parts, PART_kwonlyargcount, 0, 0x7FFF, &kwonly) < 0 ||
        small_part(ts, parts, PART_stacksize, 0, 0x7FFF, &stack) < 0 ||
        small_part(ts, parts, PART_flags, 0, INT32_MAX, &flags) < 0 ||
        small_part(ts, parts, PART_firstlineno, INT32_MIN, INT32_MAX, &line) < 0)
        return GI_FAIL;
    code->arg_count = (uint16_t)args;
    code->posonly_count = (uint16_t)posonly;
    code->kwonly_count = (uint16_t)kwonly;
    code->flags = (uint32_t)flags;
    code->first_line = (int32_t)line;
    code->simple_args = kwonly == 0 && !(flags & (GI_CO_VARARGS | GI_CO_VARKEYWORDS));
    size_t words;
    if (array_part(ts, gi_val(parts[PART_code]), sizeof(uint64_t), (void **)&code->instrs, &words) < 0) return GI_FAIL;
    code->instr_count = (uint32_t)words;
    if (array_part(ts, gi_val(parts[PART_linetable]), sizeof(GiPosition), (void **)&code->own_positions, &code->position_count) < 0 ||
        array_part(ts, gi_val(parts[PART_exceptiontable]), sizeof(GiHandler), (void **)&code->handlers, &code->handler_count) < 0 ||
        slots_part(ts, gi_val(parts[PART_consts]), &code->consts, &code->const_count) < 0 ||
        slots_part(ts, gi_val(parts[PART_names]), &code->names, &code->name_count) < 0 ||
        intern_slots(ts, code->names, code->name_count) < 0 || set_variables(ts, code, parts) < 0)
        return GI_FAIL;
    code->positions = code->own_positions;
    if (code->local_count + stack > GI_REGISTER_MAX)
        return gi_raise_status(ts, &gi_exc_ValueError, "code: co_stacksize out of range");
    code->register_count = (uint16_t)(code->local_count + stack);
    gi_slot_set(ts, &code->filename, gi_dup(ts, gi_val(parts[PART_filename])));
    gi_slot_set(ts, &code->name, gi_dup(ts, gi_val(parts[PART_name])));
    gi_slot_set(ts, &code->qualname, gi_dup(ts, gi_val(parts[PART_qualname])));
    if ((flags & GI_CO_OPTIMIZED) && code->const_count > 0 && gi_is_str_exact(code->consts[0]))
        gi_slot_set(ts, &code->doc, gi_slot_dup(ts, &code->consts[0]));
    return gi_code_verify(ts, code);
}

static GiRef code_from_parts(GiThread *ts, const GiRef *parts) {
    if (check_parts(ts, parts) < 0) return GI_NULL;
    GiRef code = gi_code_new(ts);
    if (gi_is_null(code)) return code;
    if (fill_from_parts(ts, gi_code_of(code), parts) < 0 || gi_code_seal(ts, gi_val(code)) < 0) {
        gi_drop(ts, code);
        return GI_NULL;
    }
    return code;
}

static GiRef get_part(GiThread *ts, GiVal self, int which) {
    for (const GiGetSetDef *def = code_getset; def->name != NULL; def++)
        if (strcmp(def->name, part_names[which]) == 0) return def->get(ts, self);
    return gi_raise_ref(ts, &gi_exc_SystemError, "no such part of code");
}

GI_METHOD(code, replace, "(self, /, **kwargs)", "Return a copy of the code object with new values for the specified fields.") {
    GiRef parts[PART_COUNT] = {{0}};
    bool kept_consts = true;
    size_t given = 0;
    for (int i = 0; i < PART_COUNT; i++) {
        GiRef value = GI_NULL;
        if (!gi_is_null(a->kwargs)) {
            GiVal found = gi_dict_get_cstr_peek(ts, a->kwargs, part_names[i]);
            if (!gi_is_null(found)) {
                value = gi_dup(ts, found);
                given++;
                if (i == PART_consts) kept_consts = false;
            }
        }
        parts[i] = gi_is_null(value) ? get_part(ts, self, i) : value;
        if (gi_is_null(parts[i])) {
            drop_parts(ts, parts);
            return GI_NULL;
        }
    }
    GiRef result = GI_NULL;
    if (!gi_is_null(a->kwargs) && given != gi_dict_len(a->kwargs)) {
        gi_raise(ts, &gi_exc_TypeError, "replace() got an unexpected keyword argument");
    } else {
        result = code_from_parts(ts, parts);
        if (!gi_is_null(result)) {
            gi_code_of(result)->self_attrs = gi_code_of(self)->self_attrs;
            if (kept_consts) gi_slot_set(ts, &gi_code_of(result)->doc, gi_slot_dup(ts, &gi_code_of(self)->doc));
        }
    }
    drop_parts(ts, parts);
    return result;
}

GI_NEW(code,
       "(cls, argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags, codestring, constants, names, "
       "varnames, filename, name, qualname, firstlineno, linetable, exceptiontable, freevars=(), cellvars=(), /)",
       "Create a code object.  Not for mere mortals.") {
    (void)type;
    const GiVal given[PART_COUNT] = {a->argcount, a->posonlyargcount, a->kwonlyargcount, a->nlocals, a->stacksize,
                                     a->flags, a->codestring, a->constants, a->names, a->varnames, a->filename, a->name,
                                     a->qualname, a->firstlineno, a->linetable, a->exceptiontable, a->freevars,
                                     a->cellvars};
    GiRef parts[PART_COUNT] = {{0}};
    for (int i = 0; i < PART_COUNT; i++) {
        parts[i] = gi_is_null(given[i]) ? gi_tuple_new(ts, 0) : gi_dup(ts, given[i]);
        if (gi_is_null(parts[i])) {
            drop_parts(ts, parts);
            return GI_NULL;
        }
    }
    GiRef result = code_from_parts(ts, parts);
    drop_parts(ts, parts);
    return result;
}

/* ---- Protocol ---- */

static GiRef code_repr(GiThread *ts, GiVal self) {
    GiCode *code = gi_code_of(self);
    return gi_str_format(ts, "<code object %S at %p, file \"%S\", line %d>", gi_val(code->name), (void *)code,
                         gi_val(code->filename), code->first_line);
}

/* Constants are equal if their types are, too. */
static GiTruth const_equal(GiThread *ts, GiVal x, GiVal y) {
    if (gi_same(x, y)) return GI_TRUTH_YES;
    if (gi_type_of(x) != gi_type_of(y)) return GI_TRUTH_NO;
    if (gi_is_tuple(x)) {
        if (gi_tuple_len(x) != gi_tuple_len(y)) return GI_TRUTH_NO;
        if (gi_enter_recursive(ts, " in comparison") < 0) return GI_TRUTH_FAIL; /* marshal makes tuples that hold themselves */
        GiTruth t = GI_TRUTH_YES;
        for (size_t i = 0; t.value == 1 && i < gi_tuple_len(x); i++)
            t = const_equal(ts, gi_tuple_get(x, i), gi_tuple_get(y, i));
        gi_leave_recursive(ts);
        return t;
    }
    if (gi_is_double(x)) return GI_TRUTH_NO; /* other bits: 0.0 and -0.0 differ */
    return gi_compare_truth(ts, x, y, GI_EQ);
}

static GiTruth slots_equal(GiThread *ts, const GiSlot *x, size_t nx, const GiSlot *y, size_t ny) {
    if (nx != ny) return GI_TRUTH_NO;
    for (size_t i = 0; i < nx; i++) {
        GiTruth t = const_equal(ts, gi_val(x[i]), gi_val(y[i]));
        if (t.value != 1) return t;
    }
    return GI_TRUTH_YES;
}

static GiTruth words_equal(GiThread *ts, GiCode *x, GiCode *y) {
    if (x->instr_count != y->instr_count) return GI_TRUTH_NO;
    GiRef a = words_as_bytes(ts, x);
    if (gi_is_null(a)) return GI_TRUTH_FAIL;
    GiRef b = words_as_bytes(ts, y);
    if (gi_is_null(b)) {
        gi_drop(ts, a);
        return GI_TRUTH_FAIL;
    }
    bool same = memcmp(gi_bytes_data(a), gi_bytes_data(b), gi_bytes_len(a)) == 0;
    gi_drop(ts, a);
    gi_drop(ts, b);
    return gi_truth_of(same);
}

static GiTruth codes_equal(GiThread *ts, GiCode *x, GiCode *y) {
    if (gi_code_load(ts, x) < 0 || gi_code_load(ts, y) < 0) return GI_TRUTH_FAIL;
    if (!gi_str_equal(gi_val(x->name), gi_val(y->name)) || x->arg_count != y->arg_count ||
        x->posonly_count != y->posonly_count || x->kwonly_count != y->kwonly_count || x->flags != y->flags ||
        x->first_line != y->first_line || x->local_count != y->local_count || x->position_count != y->position_count ||
        x->handler_count != y->handler_count ||
        memcmp(x->positions, y->positions, x->position_count * sizeof *x->positions) != 0 ||
        memcmp(x->handlers, y->handlers, x->handler_count * sizeof *x->handlers) != 0)
        return GI_TRUTH_NO;
    GiTruth t = words_equal(ts, x, y);
    if (t.value == 1) t = slots_equal(ts, x->names, x->name_count, y->names, y->name_count);
    if (t.value == 1) t = slots_equal(ts, x->variables, x->variable_count, y->variables, y->variable_count);
    if (t.value == 1) t = slots_equal(ts, x->consts, x->const_count, y->consts, y->const_count);
    return t;
}

static GiRef code_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    if ((op != GI_EQ && op != GI_NE) || !gi_is_exact(other, &gi_code_type)) return GI_REF_NOTIMPLEMENTED;
    GiTruth t = gi_same(self, other) ? GI_TRUTH_YES : codes_equal(ts, gi_code_of(self), gi_code_of(other));
    if (t.value < 0) return GI_NULL;
    return gi_bool_ref((t.value == 1) == (op == GI_EQ));
}

static int64_t code_hash(GiThread *ts, GiVal self) {
    GiCode *code = gi_code_of(self);
    if (code->hash != 0) return code->hash;
    if (gi_code_load(ts, code) < 0) return -1;
    uint64_t hash = (uint64_t)gi_str_hash(ts, gi_val(code->name)) ^ (uint64_t)code->first_line << 20 ^ code->instr_count;
    hash = hash * 31 + code->const_count;
    hash = hash * 31 + code->name_count;
    for (size_t i = 0; i < code->name_count; i++) hash = hash * 1000003 ^ (uint64_t)gi_str_hash(ts, gi_val(code->names[i]));
    int64_t h = (int64_t)hash;
    if (h == -1 || h == 0) h = -2;
    return code->hash = h;
}

GiType gi_code_type = {
    .obj = GI_TYPE_HEAD,
    .name = "code",
    .flags = GI_TYPE_IMMUTABLE | GI_TYPE_WEAKREF,
    .size = sizeof(GiCode),
    .base = &gi_object_type,
    .doc = "Create a code object.  Not for mere mortals.",
    .fields = (const GiField[]){GI_ARRAY(GiCode, consts, const_count), GI_ARRAY(GiCode, names, name_count),
                                GI_ARRAY(GiCode, variables, variable_count), GI_BUFFER_FIELD(GiCode, instrs),
                                GI_BUFFER_FIELD(GiCode, variable_is_cell), GI_BUFFER_FIELD(GiCode, handlers),
                                GI_BUFFER_FIELD(GiCode, own_positions), GI_SLOT(GiCode, filename), GI_SLOT(GiCode, name),
                                GI_SLOT(GiCode, qualname), GI_SLOT(GiCode, doc), GI_SLOT(GiCode, extra),
                                GI_SLOT(GiCode, source), GI_FIELDS_END},
    .methods = code_methods,
    .getset = code_getset,
    .new_ = code_new,
    .repr = code_repr,
    .hash = code_hash,
    .compare = code_compare,
};
