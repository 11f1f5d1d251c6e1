/* arguments.c - binding arguments to the parameters of Python functions. */
#include "memory/slots.h"
#include "vm/frame.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/str.h"
#include "objects/tuple.h"

/* "'a'", "'a' and 'b'", "'a', 'b', and 'c'": the `count` parameters from `from` on without value, as
 * messages list names. */
static GiRef join_names(GiThread *ts, const GiCode *code, const GiSlot *regs, unsigned from, size_t count) {
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    for (size_t i = 0; i < count; i++, from++) {
        while (regs[from].bits != 0) from++;
        if (i > 0) {
            if (count > 2) gi_sb_lit(&sb, ",");
            gi_sb_lit(&sb, " ");
            if (i == count - 1) gi_sb_lit(&sb, "and ");
        }
        gi_sb_repr(&sb, gi_val(code->variables[from]));
    }
    return gi_sb_finish(&sb);
}

/* TypeError: the parameters [from, to) that have no value yet. */
static void raise_missing(GiThread *ts, GiFunction *func, const GiCode *code, const char *kind, const GiSlot *regs,
                          unsigned from, unsigned to) {
    size_t count = 0;
    for (unsigned i = from; i < to; i++) count += regs[i].bits == 0;
    GiRef text = join_names(ts, code, regs, from, count);
    if (gi_is_null(text)) return;
    gi_raise(ts, &gi_exc_TypeError, "%U() missing %zu required %s argument%s: %U", gi_val(func->qualname),
             count, kind, count == 1 ? "" : "s", gi_val(text));
    gi_drop(ts, text);
}

static void raise_too_many(GiThread *ts, GiFunction *func, GiCode *code, GiSlot *regs, size_t given,
                           size_t default_count) {
    size_t kwonly_given = 0;
    for (unsigned i = 0; i < code->kwonly_count; i++)
        if (regs[code->arg_count + i].bits != 0) kwonly_given++;
    GiRef accepted;
    bool plural;
    if (default_count > 0) {
        accepted = gi_str_format(ts, "from %zu to %zu", code->arg_count - default_count, (size_t)code->arg_count);
        plural = true;
    } else {
        accepted = gi_str_format(ts, "%zu", (size_t)code->arg_count);
        plural = code->arg_count != 1;
    }
    if (gi_is_null(accepted)) return;
    if (kwonly_given > 0) {
        gi_raise(ts, &gi_exc_TypeError,
                 "%U() takes %U positional argument%s but %zu positional argument%s (and %zu keyword-only "
                 "argument%s) were given",
                 gi_val(func->qualname), gi_val(accepted), plural ? "s" : "", given, given != 1 ? "s" : "",
                 kwonly_given, kwonly_given != 1 ? "s" : "");
    } else {
        gi_raise(ts, &gi_exc_TypeError, "%U() takes %U positional argument%s but %zu %s given",
                 gi_val(func->qualname), gi_val(accepted), plural ? "s" : "", given,
                 given == 1 ? "was" : "were");
    }
    gi_drop(ts, accepted);
}

/* The register of the parameter called `name` in [from, to), or -1. */
static int find_parameter(const GiCode *code, GiVal name, unsigned from, unsigned to) {
    for (unsigned i = from; i < to; i++)
        if (gi_same(code->variables[i], name)) return (int)i;
    for (unsigned i = from; i < to; i++)
        if (gi_str_equal(gi_val(code->variables[i]), name)) return (int)i;
    return -1;
}

/* A keyword that names no parameter: TypeError, also for positional-only ones given by name. */
static void raise_unexpected(GiThread *ts, GiFunction *func, GiCode *code, GiVal name, GiVal kwnames) {
    GiStrBuilder sb;
    size_t count = 0;
    gi_sb_init(&sb, ts);
    for (unsigned at = 0; at < code->posonly_count; at++) {
        for (size_t i = 0; i < gi_tuple_len(kwnames); i++) {
            GiVal kw = gi_tuple_get(kwnames, i);
            if (!gi_is_str(kw) || !gi_str_equal(kw, gi_val(code->variables[at]))) continue;
            if (count++ > 0) gi_sb_lit(&sb, ", ");
            gi_sb_str(&sb, kw);
        }
    }
    GiRef text = gi_sb_finish(&sb);
    if (gi_is_null(text)) return;
    if (count > 0) {
        gi_raise(ts, &gi_exc_TypeError,
                 "%U() got some positional-only arguments passed as keyword arguments: '%U'",
                 gi_val(func->qualname), gi_val(text));
        gi_drop(ts, text);
        return;
    }
    gi_drop(ts, text);
    gi_raise(ts, &gi_exc_TypeError, "%U() got an unexpected keyword argument '%S'", gi_val(func->qualname), name);
}

static GiStatus bind_keywords(GiThread *ts, GiFunction *func, GiCode *code, GiSlot *regs, const GiVal *values,
                              GiVal kwnames, GiVal kwdict) {
    unsigned total = code->arg_count + code->kwonly_count;
    for (size_t i = 0; i < gi_tuple_len(kwnames); i++) {
        GiVal name = gi_tuple_get(kwnames, i);
        if (!gi_is_str(name))
            return gi_raise_status(ts, &gi_exc_TypeError, "%U() keywords must be strings", gi_val(func->qualname));
        int at = find_parameter(code, name, code->posonly_count, total);
        if (at >= 0) {
            if (regs[at].bits != 0)
                return gi_raise_status(ts, &gi_exc_TypeError, "%U() got multiple values for argument '%S'",
                                       gi_val(func->qualname), name);
            gi_slot_init(&regs[at], gi_dup(ts, values[i]));
            continue;
        }
        if (gi_is_null(kwdict)) {
            raise_unexpected(ts, func, code, name, kwnames);
            return GI_FAIL;
        }
        if (gi_dict_set(ts, kwdict, name, values[i]) < 0) return GI_FAIL;
    }
    return GI_OK;
}

static GiStatus fill_defaults(GiThread *ts, GiFunction *func, GiCode *code, GiSlot *regs, size_t given) {
    GiRef held = gi_slot_load(ts, &func->defaults);
    GiVal defaults = gi_val(held);
    size_t default_count = gi_is_null(defaults) ? 0 : gi_tuple_len(defaults);
    size_t arg_count = code->arg_count;
    if (default_count > arg_count) default_count = arg_count;
    size_t first = arg_count - default_count, missing = 0;
    size_t skip = gi_is_null(defaults) ? 0 : gi_tuple_len(defaults) - default_count;
    for (size_t i = given; i < arg_count; i++) {
        if (regs[i].bits != 0) continue;
        if (i < first)
            missing++;
        else
            gi_slot_init(&regs[i], gi_dup(ts, gi_tuple_get(defaults, skip + i - first)));
    }
    gi_xdrop(ts, held);
    if (missing == 0) return GI_OK;
    raise_missing(ts, func, code, "positional", regs, (unsigned)given, (unsigned)first);
    return GI_FAIL;
}

static GiStatus fill_kwonly(GiThread *ts, GiFunction *func, GiCode *code, GiSlot *regs) {
    GiRef defaults = gi_slot_load(ts, &func->kwdefaults); /* comparing keys may run code that sets others */
    GiStatus status = GI_OK;
    bool missing = false;
    unsigned end = (unsigned)code->arg_count + code->kwonly_count;
    for (unsigned i = code->arg_count; i < end && status == GI_OK; i++) {
        if (regs[i].bits != 0) continue;
        GiRef value = GI_NULL;
        if (!gi_is_null(defaults)) status = gi_dict_get(ts, gi_val(defaults), gi_val(code->variables[i]), &value);
        if (status < 0) break;
        if (gi_is_null(value)) missing = true;
        else gi_slot_init(&regs[i], value);
    }
    gi_xdrop(ts, defaults);
    if (status == GI_OK && missing) {
        raise_missing(ts, func, code, "keyword-only", regs, code->arg_count, end);
        status = GI_FAIL;
    }
    return status;
}

GiStatus gi_bind_arguments(GiThread *ts, GiFunction *func, GiCode *code, GiSlot *regs, const GiVal *args,
                           size_t nargs, GiVal kwnames) {
    size_t keywords = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    size_t given = nargs - keywords, arg_count = code->arg_count;
    unsigned next = code->arg_count + code->kwonly_count;
    size_t direct = GI_MIN(given, arg_count);
    for (size_t i = 0; i < direct; i++) gi_slot_init(&regs[i], gi_dup(ts, args[i]));
    if (code->flags & GI_CO_VARARGS) {
        GiRef rest = given > arg_count ? gi_tuple_from(ts, args + arg_count, given - arg_count) : gi_tuple_new(ts, 0);
        if (gi_is_null(rest)) return GI_FAIL;
        gi_slot_init(&regs[next++], rest);
    }
    GiVal kwdict = GI_NOVAL;
    if (code->flags & GI_CO_VARKEYWORDS) {
        GiRef dict = gi_dict_new(ts);
        if (gi_is_null(dict)) return GI_FAIL;
        gi_slot_init(&regs[next], dict);
        kwdict = gi_val(dict);
    }
    if (keywords > 0 && bind_keywords(ts, func, code, regs, args + given, kwnames, kwdict) < 0) return GI_FAIL;
    if (given > arg_count && !(code->flags & GI_CO_VARARGS)) {
        GiRef defaults = gi_slot_load(ts, &func->defaults);
        raise_too_many(ts, func, code, regs, given, gi_is_null(defaults) ? 0 : gi_tuple_len(gi_val(defaults)));
        gi_xdrop(ts, defaults);
        return GI_FAIL;
    }
    if (given < arg_count && fill_defaults(ts, func, code, regs, given) < 0) return GI_FAIL;
    if (code->kwonly_count > 0 && fill_kwonly(ts, func, code, regs) < 0) return GI_FAIL;
    return GI_OK;
}
