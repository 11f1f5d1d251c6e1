/* _warnings.c - filtering and showing warnings.
 *
 * The filters are the list that module warnings shares; a per-module registry remembers what was
 * shown, and is forgotten when the filters' version changes.
 */
#include "modules/module.h"
#include "memory/slots.h"
#include "objects/exceptions.h"
#include "runtime/runtime.h"
#include "vm/frame.h"
#include "modules/_warnings.gen.h"

typedef struct WarningsState {
    GiSlot filters, once_registry, default_action;
    _Atomic int64_t version;
} WarningsState;
#define STATE(module) ((WarningsState *)gi_module_state(module))

/* An attribute of module warnings, if that has been imported (or `try_import`); null: none. */
static GiRef warnings_attr(GiThread *ts, const char *name, bool try_import) {
    GiRef held = gi_dict_get_cstr(ts, gi_val(ts->vm->modules), "warnings");
    if (gi_is_null(held)) {
        if (!try_import || __atomic_load_n(&ts->vm->finalizing, __ATOMIC_RELAXED)) return GI_NULL;
        held = gi_import(ts, "warnings");
        if (gi_is_null(held)) {
            if (gi_exc_matches(ts, &gi_exc_ImportError)) gi_exc_clear(ts);
            return GI_NULL;
        }
    }
    GiRef text = gi_intern_cstr(ts, name), r = GI_NULL;
    if (!gi_is_null(text) && gi_getattr_opt(ts, gi_val(held), gi_val(text), &r) < 0) r = GI_NULL;
    gi_xdrop(ts, text);
    gi_drop(ts, held);
    return r;
}

/* Does a filter's pattern (None, a str, or a compiled regular expression) match? */
static GiTruth pattern_matches(GiThread *ts, GiVal pattern, GiVal text) {
    if (gi_is_none(pattern)) return GI_TRUTH_YES;
    if (gi_is_str_exact(pattern)) return gi_compare_truth(ts, pattern, text, GI_EQ);
    GiRef r = gi_call_method_cstr(ts, pattern, "match", &text, 1);
    if (gi_is_null(r)) return GI_TRUTH_FAIL;
    GiTruth t = gi_truth(ts, gi_val(r));
    gi_drop(ts, r);
    return t;
}

static GiTruth filter_matches(GiThread *ts, GiVal filter, GiVal category, GiVal text, GiVal module, int lineno) {
    if (!gi_is_tuple(filter) || gi_tuple_len(filter) != 5) {
        gi_raise(ts, &gi_exc_ValueError, "_warnings.filters item isn't a 5-tuple");
        return GI_TRUTH_FAIL;
    }
    int64_t line;
    if (gi_as_i64(ts, gi_tuple_get(filter, 4), &line) < 0) return GI_TRUTH_FAIL;
    GiTruth t = gi_issubclass(ts, category, gi_tuple_get(filter, 2));
    if (t.value <= 0) return t;
    if (line != 0 && line != lineno) return GI_TRUTH_NO;
    t = pattern_matches(ts, gi_tuple_get(filter, 1), text);
    if (t.value <= 0) return t;
    return pattern_matches(ts, gi_tuple_get(filter, 3), module);
}

/* The action of the first filter that matches. */
static GiRef find_action(GiThread *ts, GiVal self, GiVal category, GiVal text, GiVal module, int lineno, GiRef *item) {
    GiRef filters = warnings_attr(ts, "filters", false);
    if (gi_is_null(filters)) {
        if (gi_raised(ts)) return filters;
        filters = gi_slot_load(ts, &STATE(self)->filters);
    } else if (__atomic_load_n(&STATE(self)->filters.bits, __ATOMIC_RELAXED) != filters.bits) {
        gi_slot_store(ts, &STATE(self)->filters, gi_dup(ts, gi_val(filters))); /* they stay when the attribute goes */
    }
    if (!gi_is_list(gi_val(filters))) {
        gi_drop(ts, filters);
        return gi_raise_ref(ts, &gi_exc_ValueError, "_warnings.filters must be a list");
    }
    *item = GI_REF_NONE;
    for (size_t i = 0;; i++) {
        GiRef filter = gi_list_get(ts, gi_val(filters), i);
        if (gi_is_null(filter)) break;
        GiTruth t = filter_matches(ts, gi_val(filter), category, text, module, lineno);
        if (t.value != 0) {
            gi_drop(ts, filters);
            if (t.value < 0) {
                gi_drop(ts, filter);
                return GI_NULL;
            }
            *item = filter;
            return gi_dup(ts, gi_tuple_get(gi_val(filter), 0));
        }
        gi_drop(ts, filter);
    }
    gi_drop(ts, filters);
    GiRef action = warnings_attr(ts, "defaultaction", false);
    if (gi_is_null(action) && !gi_raised(ts)) action = gi_slot_dup(ts, &STATE(self)->default_action);
    return action;
}

/* True when the key is in the registry already; `set` enters it. */
static GiTruth already_warned(GiThread *ts, GiVal self, GiVal registry, GiVal key, bool set) {
    GiRef version = gi_dict_get_cstr(ts, registry, "version");
    int64_t known = -1;
    bool none = gi_is_null(version);
    if (!none && gi_is_int(gi_val(version)) && gi_int_as_i64(gi_val(version), &known) != 0) known = -1;
    gi_xdrop(ts, version);
    int64_t now = atomic_load_explicit(&STATE(self)->version, memory_order_relaxed);
    if (none || known != now) {
        gi_dict_clear(ts, registry);
        if (gi_dict_set_cstr(ts, registry, "version", gi_smallint(now)) < 0) return GI_TRUTH_FAIL;
    } else {
        GiRef found;
        if (gi_dict_get(ts, registry, key, &found) < 0) return GI_TRUTH_FAIL;
        if (!gi_is_null(found)) {
            GiTruth t = gi_truth(ts, gi_val(found));
            gi_drop(ts, found);
            if (t.value != 0) return t;
        }
    }
    if (set && gi_dict_set(ts, registry, key, GI_TRUE) < 0) return GI_TRUTH_FAIL;
    return GI_TRUTH_NO;
}

/* Without module warnings: "file:line: Category: text" on stderr. */
static void show_plainly(GiThread *ts, GiVal filename, int lineno, GiVal text, GiVal category) {
    GiRef held = gi_sys_get(ts, "stderr");
    if (gi_is_null(held) || gi_is_none(held)) return;
    GiRef line = gi_str_format(ts, "%S:%d: %s: %S\n", filename, lineno, gi_type_short_name(gi_as_type(category)), text);
    GiRef source = gi_is_str(filename) ? gi_source_line(ts, filename, lineno) : GI_NULL;
    if (!gi_is_null(source) && !gi_is_null(line)) {
        GiRef both = gi_str_format(ts, "%U  %U\n", gi_val(line), gi_val(source));
        gi_drop(ts, line);
        line = both;
    }
    gi_xdrop(ts, source);
    if (!gi_is_null(line)) {
        GiVal arg = gi_val(line);
        GiRef r = gi_call_method_cstr(ts, gi_val(held), "write", &arg, 1);
        gi_xdrop(ts, r);
        gi_drop(ts, line);
    }
    gi_exc_clear(ts);
    gi_drop(ts, held);
}

static GiStatus show(GiThread *ts, GiVal category, GiVal text, GiVal message, GiVal filename, int lineno, GiVal source_line,
                     GiVal source) {
    GiRef show_fn = warnings_attr(ts, "_showwarnmsg", !gi_is_null(source) && !gi_is_none(source));
    if (gi_is_null(show_fn)) {
        if (gi_raised(ts)) return GI_FAIL;
        show_plainly(ts, filename, lineno, text, category);
        return GI_OK;
    }
    GiRef make = warnings_attr(ts, "WarningMessage", false);
    GiRef msg = GI_NULL, r = GI_NULL;
    if (gi_is_null(make)) {
        if (!gi_raised(ts)) gi_raise(ts, &gi_exc_RuntimeError, "unable to get warnings.WarningMessage");
    } else {
        GiVal args[7] = {message, category, filename, gi_smallint(lineno), GI_NONE, GI_NONE,
                         gi_is_null(source) ? GI_NONE : source};
        (void)source_line;
        msg = gi_call(ts, gi_val(make), args, 7, GI_NOVAL);
        gi_drop(ts, make);
    }
    if (!gi_is_null(msg)) {
        r = gi_call1(ts, gi_val(show_fn), gi_val(msg));
        gi_drop(ts, msg);
    }
    gi_drop(ts, show_fn);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}

/* The module's name for a file without one: the name without .py. */
static GiRef normalize_module(GiThread *ts, GiVal filename) {
    size_t n = gi_str_len(filename);
    if (n == 0) return gi_str_from_cstr(ts, "<unknown>");
    if (n >= 3 && gi_str_char(filename, n - 3) == '.' && gi_str_char(filename, n - 2) == 'p' &&
        gi_str_char(filename, n - 1) == 'y')
        return gi_str_slice(ts, filename, 0, n - 3);
    return gi_dup(ts, filename);
}

static GiStatus act(GiThread *ts, GiVal self, GiVal action, GiVal category, GiVal text, GiVal message, GiVal key,
                    GiVal registry, bool *shown) {
    *shown = false;
    if (gi_str_equals_cstr(action, "error")) {
        gi_raise_object(ts, gi_dup(ts, message));
        return GI_FAIL;
    }
    if (gi_str_equals_cstr(action, "ignore")) return GI_OK;
    GiTruth known = GI_TRUTH_NO;
    bool has_registry = !gi_is_null(registry) && !gi_is_none(registry);
    if (gi_str_equals_cstr(action, "once")) {
        GiRef once = warnings_attr(ts, "onceregistry", false);
        if (gi_is_null(once)) {
            if (gi_raised(ts)) return GI_FAIL;
            once = gi_slot_dup(ts, &STATE(self)->once_registry);
        }
        GiRef pair = gi_tuple_pack(ts, 2, text, category);
        if (has_registry && !gi_is_null(pair) && gi_dict_set(ts, registry, key, GI_TRUE) < 0) known = GI_TRUTH_FAIL;
        if (known.value >= 0)
            known = gi_is_null(pair) ? GI_TRUTH_FAIL : already_warned(ts, self, gi_val(once), gi_val(pair), true);
        gi_xdrop(ts, pair);
        gi_drop(ts, once);
    } else if (gi_str_equals_cstr(action, "module")) {
        GiRef triple = gi_tuple_pack(ts, 3, text, category, gi_smallint(0));
        if (gi_is_null(triple)) return GI_FAIL;
        if (has_registry && gi_dict_set(ts, registry, key, GI_TRUE) < 0) known = GI_TRUTH_FAIL;
        else if (has_registry) known = already_warned(ts, self, registry, gi_val(triple), true);
        gi_drop(ts, triple);
    } else if (gi_str_equals_cstr(action, "default")) {
        if (has_registry && gi_dict_set(ts, registry, key, GI_TRUE) < 0) return GI_FAIL;
    } else if (!gi_str_equals_cstr(action, "always")) {
        return gi_raise_status(ts, &gi_exc_RuntimeError, "Unrecognized action (%R) in warnings.filters:\n %R", action, action);
    }
    if (known.value < 0) return GI_FAIL;
    *shown = !known.value;
    return GI_OK;
}

/* The whole way of one warning. message: text or Warning instance. module null: from the file. */
static GiStatus warn_explicit(GiThread *ts, GiVal self, GiVal category, GiVal message, GiVal filename, int lineno,
                              GiVal module, GiVal registry, GiVal source_line, GiVal source) {
    if (!gi_is_null(module) && gi_is_none(module)) return GI_OK;
    if (!gi_is_null(registry) && !gi_is_none(registry) && !gi_is_dict(registry))
        return gi_raise_status(ts, &gi_exc_TypeError, "'registry' must be a dict or None");
    GiRef mod = gi_is_null(module) ? normalize_module(ts, filename) : gi_dup(ts, module);
    GiRef text = GI_NULL, instance = GI_NULL, key = GI_NULL, action = GI_NULL, item = GI_REF_NONE;
    GiStatus status = GI_FAIL;
    if (gi_is_null(mod)) return GI_FAIL;
    GiTruth is_warning = gi_isinstance(ts, message, gi_type_val(&gi_exc_Warning));
    if (is_warning.value < 0) goto done;
    if (is_warning.value) {
        text = gi_str(ts, message);
        instance = gi_dup(ts, message);
        category = gi_type_val(gi_type_of(message));
    } else {
        text = gi_dup(ts, message);
        instance = gi_call1(ts, category, message);
    }
    if (gi_is_null(text) || gi_is_null(instance)) goto done;
    key = gi_tuple_pack(ts, 3, gi_val(text), category, gi_smallint(lineno));
    if (gi_is_null(key)) goto done;
    if (!gi_is_null(registry) && !gi_is_none(registry)) {
        GiTruth known = already_warned(ts, self, registry, gi_val(key), false);
        if (known.value != 0) {
            status = known.value < 0 ? GI_FAIL : GI_OK;
            goto done;
        }
    }
    action = find_action(ts, self, category, gi_val(text), gi_val(mod), lineno, &item);
    if (gi_is_null(action)) goto done;
    if (!gi_is_str(gi_val(action))) {
        gi_raise(ts, &gi_exc_TypeError, "action must be a string, not '%T'", gi_val(action));
        goto done;
    }
    bool shown;
    status = act(ts, self, gi_val(action), category, gi_val(text), gi_val(instance), gi_val(key), registry, &shown);
    if (status == GI_OK && shown)
        status = show(ts, category, gi_val(text), gi_val(instance), filename, lineno, source_line, source);
done:
    gi_drop(ts, item);
    gi_xdrop(ts, action);
    gi_xdrop(ts, key);
    gi_xdrop(ts, instance);
    gi_xdrop(ts, text);
    gi_drop(ts, mod);
    return status;
}

static bool is_internal(const GiFrame *frame) {
    GiVal file = gi_val(frame->code->filename);
    return gi_str_equals_cstr(file, "<frozen importlib._bootstrap>") ||
           gi_str_equals_cstr(file, "<frozen importlib._bootstrap_external>");
}
static GiFrame *next_frame(GiFrame *frame) {
    do frame = frame->back;
    while (frame && is_internal(frame));
    return frame;
}

GI_FUNCTION(_warnings, warn, "(message, category = None, stacklevel: ssize = 1, source = None)", "Issue a warning, or maybe ignore it or raise an exception.") {
    GiVal category = a->category;
    if (gi_is_exception(a->message) && gi_is_instance_of(a->message, &gi_exc_Warning))
        category = gi_type_val(gi_type_of(a->message));
    else if (gi_is_null(category) || gi_is_none(category))
        category = gi_type_val(&gi_exc_UserWarning);
    if (!gi_is_type(category) || !gi_is_subtype(gi_as_type(category), &gi_exc_Warning))
        return gi_raise_ref(ts, &gi_exc_TypeError, "category must be a Warning subclass, not '%T'",
                            gi_is_null(a->category) ? category : a->category);
    GiFrame *frame = ts->frame;
    ssize_t level = a->stacklevel;
    if (level <= 0 || (frame && is_internal(frame))) {
        while (--level > 0 && frame) frame = frame->back;
    } else {
        while (--level > 0 && frame) frame = next_frame(frame);
    }
    GiVal globals = frame ? gi_frame_globals(frame) : gi_val(ts->vm->sys_dict);
    GiRef filename = frame ? gi_slot_dup(ts, &frame->code->filename) : gi_str_from_cstr(ts, "sys");
    int lineno = frame ? gi_frame_line(frame) : 1;
    if (gi_is_null(filename)) return filename;
    GiRef registry, module;
    GiRef name = gi_intern_cstr(ts, "__warningregistry__");
    GiStatus status = gi_is_null(name) ? GI_FAIL : gi_dict_get(ts, globals, gi_val(name), &registry);
    if (status == GI_OK && gi_is_null(registry)) {
        registry = gi_dict_new(ts);
        status = gi_is_null(registry) ? GI_FAIL : gi_dict_set(ts, globals, gi_val(name), gi_val(registry));
    }
    gi_xdrop(ts, name);
    if (status == GI_OK) {
        status = gi_dict_get(ts, globals, GI_N(__name__), &module);
        if (status == GI_OK && (gi_is_null(module) || (!gi_is_none(module) && !gi_is_str(gi_val(module))))) {
            gi_xdrop(ts, module);
            module = gi_str_from_cstr(ts, "<string>");
            if (gi_is_null(module)) status = GI_FAIL;
        }
        if (status == GI_OK) {
            status = warn_explicit(ts, self, category, a->message, gi_val(filename), lineno, gi_val(module),
                                   gi_val(registry), GI_NOVAL, a->source);
            gi_drop(ts, module);
        }
        gi_xdrop(ts, registry);
    }
    gi_drop(ts, filename);
    return status < 0 ? GI_NULL : GI_REF_NONE;
}

GI_FUNCTION(_warnings, warn_explicit, "(message, category, filename: str, lineno: int, module = None, registry = None, module_globals = None, source = None)", "Issue a warning, or maybe ignore it or raise an exception.") {
    if (!gi_is_null(a->module_globals) && !gi_is_none(a->module_globals) && !gi_is_dict(a->module_globals))
        return gi_raise_ref(ts, &gi_exc_TypeError, "module_globals must be a dict, not '%T'", a->module_globals);
    if (!gi_is_type(a->category) || !gi_is_subtype(gi_as_type(a->category), &gi_exc_Warning))
        if (!(gi_is_exception(a->message) && gi_is_instance_of(a->message, &gi_exc_Warning)))
            return gi_raise_ref(ts, &gi_exc_TypeError, "category must be a Warning subclass, not '%T'", a->category);
    GiVal module = gi_is_null(a->module) || gi_is_none(a->module) ? GI_NOVAL : a->module;
    return warn_explicit(ts, self, a->category, a->message, a->filename, a->lineno, module, a->registry, GI_NOVAL,
                         a->source) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(_warnings, _filters_mutated, "()", NULL) {
    STATE(self)->version++;
    return GI_REF_NONE;
}

static GiRef filter(GiThread *ts, GiType *category, const char *action, const char *module) {
    GiRef a = gi_intern_cstr(ts, action), m = module ? gi_intern_cstr(ts, module) : GI_REF_NONE;
    GiRef t = gi_is_null(a) || gi_is_null(m) ? GI_NULL
        : gi_tuple_pack(ts, 5, gi_val(a), GI_NONE, gi_type_val(category), gi_val(m), gi_smallint(0));
    gi_xdrop(ts, a);
    gi_xdrop(ts, m);
    return t;
}
static GiStatus _warnings_exec(GiThread *ts, GiVal module) {
    static const struct { GiType *category; const char *action, *module; } rows[] = {
        {&gi_exc_DeprecationWarning, "default", "__main__"}, {&gi_exc_DeprecationWarning, "ignore", NULL},
        {&gi_exc_PendingDeprecationWarning, "ignore", NULL}, {&gi_exc_ImportWarning, "ignore", NULL},
        {&gi_exc_ResourceWarning, "ignore", NULL}};
    WarningsState *state = STATE(module);
    GiRef filters = gi_list_new(ts, 5);
    if (gi_is_null(filters)) return GI_FAIL;
    gi_slot_init(&state->filters, filters);
    for (size_t i = 0; i < GI_COUNTOF(rows); i++) {
        GiRef f = filter(ts, rows[i].category, rows[i].action, rows[i].module);
        if (gi_is_null(f) || gi_list_append(ts, gi_val(filters), f) < 0) return GI_FAIL;
    }
    GiRef once = gi_dict_new(ts), action = gi_intern_cstr(ts, "default");
    if (gi_is_null(once) || gi_is_null(action)) return GI_FAIL;
    gi_slot_init(&state->once_registry, once);
    gi_slot_init(&state->default_action, action);
    if (gi_module_add(ts, module, "filters", gi_dup(ts, gi_val(filters))) < 0 ||
        gi_module_add(ts, module, "_onceregistry", gi_dup(ts, gi_val(once))) < 0)
        return GI_FAIL;
    if (gi_module_add(ts, module, "_defaultaction", gi_dup(ts, gi_val(action))) < 0) return GI_FAIL;
    /* What the interpreter itself warns by, up to its end (runtime/hooks.c). */
    static const char *const kept[] = {"warn", "warn_explicit"};
    for (size_t i = 0; i < GI_COUNTOF(kept); i++) {
        if (ts->vm->warnings_state[i].bits) continue;
        GiRef f = gi_getattr_cstr(ts, module, kept[i]);
        if (gi_is_null(f)) return GI_FAIL;
        gi_slot_init(&ts->vm->warnings_state[i], f);
    }
    return GI_OK;
}
static const GiField warnings_state_fields[] = {GI_SLOT(WarningsState, filters), GI_SLOT(WarningsState, once_registry),
                                                GI_SLOT(WarningsState, default_action), GI_FIELDS_END};
const GiModuleDef gi_module__warnings = {
    .name = "_warnings", .doc = "_warnings provides basic warning filtering support.\nIt is a helper module to speed up interpreter start-up.",
    .functions = _warnings_functions, .exec = _warnings_exec, .state_size = sizeof(WarningsState),
    .state_fields = warnings_state_fields};
