/* _functools - reduce, partial, cmp_to_key and the caches behind lru_cache.
 *
 * LOCK: the list of a bounded cache and the counters are guarded by the cache object's byte lock,
 * which is never held while the key's __hash__ or __eq__, or the function, may run. The dict and the
 * list change one after the other, so that for a moment a link may be in one of them only; the list
 * has a reference of its own to each of its links.
 */
#include "memory/slots.h"
#include "modules/module.h"
#include "objects/container.h"
#include "objects/dict_table.h"
#include "objects/whole.h"

typedef struct Partial { GiObj obj; GiSlot func, args, kwargs; } Partial;
typedef struct Key { GiObj obj; GiSlot cmp, object; } Key;
typedef struct Link {
    GiObj obj;
    GiSlot key, result;
    int64_t hash;             /* of key: each use of the cache asks the arguments once */
    GiSlot next;              /* the one after it in the list */
    struct Link *prev;
    bool listed;
} Link;
typedef struct Counts {       /* of some of the threads, which do not share the line with others */
    _Atomic int64_t hits, misses;
    char rest[48];
} Counts;
enum { COUNTS = 8 };
typedef struct Cache {
    GiObj obj;
    GiSlot func, dict, info_type;
    GiSlot oldest;            /* the list */
    Link *newest;
    ssize_t maxsize;          /* -1: unbounded; 0: nothing is kept */
    bool typed;
    int64_t hits, misses;     /* under the GIL */
    Counts *counts;           /* without it: COUNTS of them, NULL until one is needed */
} Cache;


#include "_functools.gen.h"

/* ---- reduce ---- */

GI_FUNCTION(_functools, reduce, "(function, iterable, initial=<null>, /)",
            "reduce(function, iterable[, initial]) -> value\n\nApply a function of two arguments cumulatively to the items of a sequence\nor iterable, from left to right, so as to reduce the iterable to a single\nvalue.  For example, reduce(lambda x, y: x+y, [1, 2, 3, 4, 5]) calculates\n((((1+2)+3)+4)+5).  If initial is present, it is placed before the items\nof the iterable in the calculation, and serves as a default when the\niterable is empty.") {
    GiRef it = gi_iter_whole_for(ts, a->iterable, a->function);
    if (gi_is_null(it)) {
        if (gi_exc_matches(ts, &gi_exc_TypeError)) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_TypeError, "reduce() arg 2 must support iteration");
        }
        return GI_NULL;
    }
    GiRef result = gi_xdup(ts, a->initial);
    for (;;) {
        GiRef item = gi_next(ts, gi_val(it));
        if (gi_is_null(item)) break;
        if (gi_is_null(result)) {
            result = item;
            continue;
        }
        GiRef next = gi_call2(ts, a->function, gi_val(result), gi_val(item));
        gi_drop(ts, item);
        gi_drop(ts, result);
        result = next;
        if (gi_is_null(result)) break;
    }
    gi_drop(ts, it);
    if (gi_raised(ts)) {
        gi_xdrop(ts, result);
        return GI_NULL;
    }
    if (gi_is_null(result))
        gi_raise(ts, &gi_exc_TypeError, "reduce() of empty iterable with no initial value");
    return result;
}

/* ---- partial ---- */

#define PARTIAL(v) ((Partial *)gi_obj(v))
static GiType partial_type;

static GiStatus add_keywords(GiThread *ts, GiVal dict, GiVal kwnames, const GiVal *values) {
    size_t n = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    for (size_t i = 0; i < n; i++)
        if (gi_dict_set(ts, dict, gi_tuple_get(kwnames, i), values[i])) return GI_FAIL;
    return GI_OK;
}

static GiRef joined(GiThread *ts, GiVal first, const GiVal *more, size_t n) {
    size_t k = gi_is_null(first) ? 0 : gi_tuple_len(first);
    GiRef t = gi_tuple_new(ts, k + n);
    if (gi_is_null(t)) return t;
    for (size_t i = 0; i < k; i++) gi_tuple_init(t, i, gi_dup(ts, gi_tuple_get(first, i)));
    for (size_t i = 0; i < n; i++) gi_tuple_init(t, k + i, gi_dup(ts, more[i]));
    return t;
}

/* Function, arguments and keywords as they are in one moment: __setstate__ may replace them. */
static void partial_parts(GiThread *ts, GiVal self, GiRef parts[3]) {
    Partial *p = PARTIAL(self);
    parts[0] = gi_slot_load(ts, &p->func);
    parts[1] = gi_slot_load(ts, &p->args);
    parts[2] = gi_slot_load(ts, &p->kwargs);
}

static GiRef partial_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (nargs < 1) return gi_raise_ref(ts, &gi_exc_TypeError, "type 'partial' takes at least one argument");
    GiVal func = args[0], old_args = GI_NOVAL, old_kwargs = GI_NOVAL;
    GiRef of_inner[3] = {GI_NULL, GI_NULL, GI_NULL};
    if (!gi_is_callable(func)) return gi_raise_ref(ts, &gi_exc_TypeError, "the first argument must be callable");
    if (type == &partial_type && gi_is_exact(func, &partial_type)) { /* partial of a partial: one layer */
        const GiShape *shape = __atomic_load_n(&gi_attrs(gi_obj(func))->shape, __ATOMIC_ACQUIRE);
        if (!shape || (!shape->is_dict && shape->count == 0)) {
            partial_parts(ts, func, of_inner);
            func = gi_val(of_inner[0]);
            old_args = gi_val(of_inner[1]);
            old_kwargs = gi_val(of_inner[2]);
        }
    }
    GiRef self = gi_type_alloc(ts, type, 0);
    if (gi_is_null(self)) goto done;
    gi_slot_init(&PARTIAL(self)->func, gi_dup(ts, func));
    GiRef all = joined(ts, old_args, args + 1, nargs - 1);
    GiRef kwargs = gi_is_null(old_kwargs) ? gi_dict_new(ts) : gi_dict_copy(ts, old_kwargs);
    gi_slot_init(&PARTIAL(self)->args, all);
    gi_slot_init(&PARTIAL(self)->kwargs, kwargs);
    if (gi_is_null(all) || gi_is_null(kwargs) || add_keywords(ts, gi_val(kwargs), kwnames, args + nargs)) {
        gi_drop(ts, self);
        self = GI_NULL;
    }
done:
    gi_drop_all(ts, of_inner, 3);
    return self;
}

static GiRef partial_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiRef parts[3], r = GI_NULL;
    partial_parts(ts, self, parts);
    GiRef func = parts[0], stored = parts[1], kwargs = parts[2];
    size_t kw = gi_dict_len(gi_val(kwargs)), k = gi_tuple_len(gi_val(stored));
    size_t more = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    if (kw == 0 && k + nargs + more <= 32) {
        GiVal all[32];
        if (k) memcpy(all, gi_tuple_items(gi_val(stored)), k * sizeof *all);
        if (nargs + more) memcpy(all + k, args, (nargs + more) * sizeof *all);
        r = gi_call(ts, gi_val(func), all, k + nargs, kwnames);
    } else {
        GiRef all = joined(ts, gi_val(stored), args, nargs);
        GiRef dict = more ? gi_dict_copy(ts, gi_val(kwargs)) : gi_dup(ts, gi_val(kwargs));
        if (!gi_is_null(all) && !gi_is_null(dict) &&
            (!more || !add_keywords(ts, gi_val(dict), kwnames, args + nargs)))
            r = gi_call_ex(ts, gi_val(func), gi_val(all), gi_val(dict));
        gi_xdrop(ts, all);
        gi_xdrop(ts, dict);
    }
    gi_drop(ts, func);
    gi_drop(ts, stored);
    gi_drop(ts, kwargs);
    return r;
}

/* ", key=value" for each of them. */
static void partial_keywords(GiThread *ts, GiStrBuilder *sb, GiVal kwargs) {
    GiRef copy = gi_dict_copy(ts, kwargs); /* which nobody else changes */
    size_t pos = 0;
    GiVal key, value;
    while (!gi_is_null(copy) && gi_dict_next_peek(gi_val(copy), &pos, &key, &value)) {
        GiRef text = gi_str(ts, key);
        gi_sb_lit(sb, ", ");
        if (!gi_is_null(text)) gi_sb_str(sb, gi_val(text));
        else sb->failed = true;
        gi_sb_char(sb, '=');
        gi_sb_repr(sb, value);
        gi_xdrop(ts, text);
    }
    if (gi_is_null(copy)) sb->failed = true;
    gi_xdrop(ts, copy);
}

static GiRef partial_repr(GiThread *ts, GiVal self) {
    int entered = gi_repr_enter(ts, self);
    if (entered < 0) return GI_NULL;
    if (entered) return gi_str_from_cstr(ts, "...");
    GiRef parts[3], head;
    partial_parts(ts, self, parts);
    GiRef func = parts[0], args = parts[1], kwargs = parts[2];
    head = gi_is_exact(self, &partial_type) ? gi_str_from_cstr(ts, "functools.partial")
                                            : gi_getattr(ts, gi_type_val(gi_type_of(self)), GI_N(__qualname__));
    GiRef r = GI_NULL;
    if (!gi_is_null(head)) {
        GiStrBuilder sb;
        gi_sb_init(&sb, ts);
        gi_sb_str(&sb, gi_val(head));
        gi_sb_char(&sb, '(');
        gi_sb_repr(&sb, gi_val(func));
        for (size_t i = 0; i < gi_tuple_len(gi_val(args)); i++) {
            gi_sb_lit(&sb, ", ");
            gi_sb_repr(&sb, gi_tuple_get(gi_val(args), i));
        }
        partial_keywords(ts, &sb, gi_val(kwargs));
        gi_sb_char(&sb, ')');
        r = gi_sb_finish(&sb);
        gi_drop(ts, head);
    }
    gi_drop(ts, func);
    gi_drop(ts, args);
    gi_drop(ts, kwargs);
    gi_repr_leave(ts, self);
    return r;
}

GI_METHOD(partial, __reduce__, "(self, /)", "") {
    GiRef dict = gi_attrs_snapshot(ts, gi_obj(self)), parts[3];
    if (gi_is_null(dict)) return GI_NULL;
    partial_parts(ts, self, parts);
    if (gi_dict_len(gi_val(dict)) == 0) {
        gi_drop(ts, dict);
        dict = GI_REF_NONE;
    }
    GiVal func = gi_val(parts[0]);
    GiRef one = gi_tuple_from(ts, &func, 1), r = GI_NULL;
    GiRef state = gi_tuple_pack(ts, 4, func, gi_val(parts[1]), gi_val(parts[2]), gi_val(dict));
    if (!gi_is_null(one) && !gi_is_null(state))
        r = gi_tuple_pack(ts, 3, gi_type_val(gi_type_of(self)), gi_val(one), gi_val(state));
    gi_drop(ts, dict), gi_drop_all(ts, parts, 3);
    gi_xdrop(ts, one);
    gi_xdrop(ts, state);
    return r;
}

GI_METHOD(partial, __setstate__, "(self, state, /)", "") {
    GiVal s = a->state;
    bool good = gi_is_tuple(s) && gi_tuple_len(s) == 4 && gi_is_callable(gi_tuple_get(s, 0)) &&
                gi_is_tuple(gi_tuple_get(s, 1)) &&
                (gi_is_none(gi_tuple_get(s, 2)) || gi_is_dict(gi_tuple_get(s, 2)));
    if (!good) return gi_raise_ref(ts, &gi_exc_TypeError, "invalid partial state");
    Partial *p = PARTIAL(self);
    GiVal kw = gi_tuple_get(s, 2), dict = gi_tuple_get(s, 3);
    GiRef args = gi_is_tuple_exact(gi_tuple_get(s, 1))
                     ? gi_dup(ts, gi_tuple_get(s, 1))
                     : gi_tuple_from(ts, gi_tuple_items(gi_tuple_get(s, 1)), gi_tuple_len(gi_tuple_get(s, 1)));
    GiRef kwargs = gi_is_none(kw) ? gi_dict_new(ts) : gi_is_dict_exact(kw) ? gi_dup(ts, kw) : gi_dict_copy(ts, kw);
    if (gi_is_null(args) || gi_is_null(kwargs)) {
        gi_xdrop(ts, args);
        gi_xdrop(ts, kwargs);
        return GI_NULL;
    }
    gi_slot_store(ts, &p->func, gi_dup(ts, gi_tuple_get(s, 0)));
    gi_slot_store(ts, &p->args, args);
    gi_slot_store(ts, &p->kwargs, kwargs);
    if (!gi_is_none(dict)) return gi_setattr(ts, self, GI_N(__dict__), dict) ? GI_NULL : GI_REF_NONE;
    GiRef empty = gi_dict_new(ts);
    GiStatus status = gi_is_null(empty) ? GI_FAIL : gi_attrs_set_dict(ts, gi_obj(self), gi_val(empty));
    gi_xdrop(ts, empty);
    return status ? GI_NULL : GI_REF_NONE;
}

GI_CLASSMETHOD(partial, __class_getitem__, "(cls, object, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->object);
}

static const GiField partial_fields[] = {GI_SLOT(Partial, func), GI_SLOT(Partial, args),
                                         GI_SLOT(Partial, kwargs), GI_FIELDS_END};
static const GiMemberDef partial_members[] = {
    {"func", GI_MEMBER_OBJECT, offsetof(Partial, func), true, "function object to use in future partial calls"},
    {"args", GI_MEMBER_OBJECT, offsetof(Partial, args), true, "tuple of arguments to future partial calls"},
    {"keywords", GI_MEMBER_OBJECT, offsetof(Partial, kwargs), true,
     "dictionary of keyword arguments to future partial calls"},
    {.name = NULL},
};
static GiType partial_type = {
    .obj = GI_TYPE_HEAD, .name = "partial", .module = "functools", .size = sizeof(Partial),
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_WEAKREF, .fields = partial_fields,
    .doc = "partial(func, *args, **keywords) - new function with partial application\n    of the given arguments "
           "and keywords.\n",
    .members = partial_members, .methods = partial_methods, .new_ = partial_new, .call = partial_call,
    .repr = partial_repr,
};

/* ---- cmp_to_key ---- */

#define KEY(v) ((Key *)gi_obj(v))
static GiType key_type;

static GiRef key_make(GiThread *ts, GiVal cmp, GiVal object) {
    GiRef self = gi_type_alloc(ts, &key_type, 0);
    if (gi_is_null(self)) return self;
    gi_slot_init(&KEY(self)->cmp, gi_dup(ts, cmp));
    gi_slot_init(&KEY(self)->object, gi_xdup(ts, object));
    return self;
}

GI_METHOD(K, K, "(self, obj)", "") { return key_make(ts, gi_val(KEY(self)->cmp), a->obj); }

static GiRef key_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    return gi_native_call(ts, &K_methods[0], self, args, nargs, kwnames);
}

static GiRef key_compare(GiThread *ts, GiVal x, GiVal y, GiCompareOp op) {
    if (!gi_is_exact(y, &key_type) || !gi_is_exact(x, &key_type))
        return gi_raise_ref(ts, &gi_exc_TypeError, "other argument must be K instance");
    GiRef p = gi_slot_load(ts, &KEY(x)->object), q = gi_slot_load(ts, &KEY(y)->object);
    if (gi_is_null(p) || gi_is_null(q)) {
        gi_xdrop(ts, p), gi_xdrop(ts, q);
        return gi_raise_ref(ts, &gi_exc_AttributeError, "object");
    }
    GiRef r = gi_call2(ts, gi_val(KEY(x)->cmp), gi_val(p), gi_val(q));
    gi_drop(ts, p);
    gi_drop(ts, q);
    if (gi_is_null(r)) return r;
    GiRef answer = gi_compare(ts, gi_val(r), gi_smallint(0), op);
    gi_drop(ts, r);
    return answer;
}

GI_FUNCTION(_functools, cmp_to_key, "(mycmp)", "Convert a cmp= function into a key= function.") {
    return key_make(ts, a->mycmp, GI_NOVAL);
}

static const GiField key_fields[] = {GI_SLOT(Key, cmp), GI_SLOT(Key, object), GI_FIELDS_END};
static const GiMemberDef key_members[] = {
    {"obj", GI_MEMBER_OBJECT, offsetof(Key, object), false, "Value wrapped by a key function."},
    {.name = NULL},
};
static GiType key_type = {
    .obj = GI_TYPE_HEAD, .name = "KeyWrapper", .module = "functools", .size = sizeof(Key),
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = key_fields, .members = key_members, .call = key_call,
    .compare = key_compare,
};

/* ---- lru_cache ---- */

#define CACHE(v) ((Cache *)gi_obj(v))
static const GiField link_fields[] = {GI_SLOT(Link, key), GI_SLOT(Link, result), GI_SLOT(Link, next), GI_FIELDS_END};
static GiType link_type = {
    .obj = GI_TYPE_HEAD, .name = "_lru_list_elem", .module = "functools", .size = sizeof(Link),
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = link_fields,
};

static void lock(GiThread *ts, Cache *c) { gi_bytelock_lock(&ts->core, (GiByteLock *)gi_obj_lock_byte(&c->obj)); }
static void unlock(GiThread *ts, Cache *c) {
    gi_bytelock_unlock(&ts->core, (GiByteLock *)gi_obj_lock_byte(&c->obj));
}

static Link *link_in(const GiSlot *slot) { return gi_is_null(*slot) ? NULL : (Link *)gi_obj(*slot); }

/* Takes a link out of the list: the list's reference; null when it is not in it. */
static GiRef unlink_locked(Cache *c, Link *l) {
    if (!l->listed) return GI_NULL;
    GiSlot *at = l->prev ? &l->prev->next : &c->oldest;
    GiRef link = gi_slot_take(at);
    gi_slot_init(at, gi_slot_take(&l->next));
    Link *next = link_in(at);
    if (next) next->prev = l->prev;
    else __atomic_store_n(&c->newest, l->prev, __ATOMIC_RELAXED);
    l->prev = NULL;
    l->listed = false;
    return link;
}

/* Consumes the reference. */
static void append_locked(Cache *c, GiRef link) {
    Link *l = (Link *)gi_obj(link);
    l->prev = c->newest;
    l->listed = true;
    gi_slot_init(c->newest ? &c->newest->next : &c->oldest, link);
    __atomic_store_n(&c->newest, l, __ATOMIC_RELAXED);
}

/* Makes it the last that is to go. */
static void renew(GiThread *ts, Cache *c, Link *l) {
    if (__atomic_load_n(&c->newest, __ATOMIC_RELAXED) == l) return;
    lock(ts, c);
    GiRef link = unlink_locked(c, l);
    if (!gi_is_null(link)) append_locked(c, link);
    unlock(ts, c);
}

/* The counters that this thread uses without the GIL; NULL when there is no memory for them. */
static Counts *counts_of(GiThread *ts, Cache *c) {
    Counts *all = __atomic_load_n(&c->counts, __ATOMIC_ACQUIRE);
    if (GI_UNLIKELY(all == NULL)) {
        Counts *made = gi_mem_calloc(ts, COUNTS, sizeof(Counts));
        if (made == NULL) {
            gi_exc_clear(ts);
            return NULL;
        }
        if (__atomic_compare_exchange_n(&c->counts, &all, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) all = made;
        else gi_mem_free(made);
    }
    return &all[ts->core.serial % COUNTS];
}

static void count(GiThread *ts, Cache *c, bool hit) {
    if (GI_LIKELY(!ts->core.free_running)) {
        if (hit) c->hits++;
        else c->misses++;
        return;
    }
    Counts *mine = counts_of(ts, c);
    if (mine) atomic_fetch_add_explicit(hit ? &mine->hits : &mine->misses, 1, memory_order_relaxed);
}

static bool is_fast_key(GiVal v) { return gi_is_int_exact(v) || gi_is_str_exact(v); }

/* A lone int or str itself, else a tuple of arguments, mark, keywords, types. */
static GiRef key_of(GiThread *ts, bool typed, const GiVal *args, size_t nargs, GiVal kwnames) {
    size_t kw = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    if (!typed && kw == 0 && nargs == 1 && is_fast_key(args[0])) return gi_dup(ts, args[0]);
    size_t n = nargs + (kw ? 1 + 2 * kw : 0) + (typed ? nargs + kw : 0), i = 0;
    GiRef key = gi_tuple_new(ts, n);
    if (gi_is_null(key) || n == 0) return key;
    for (size_t k = 0; k < nargs; k++) gi_tuple_init(key, i++, gi_dup(ts, args[k]));
    if (kw) gi_tuple_init(key, i++, gi_dup(ts, gi_type_val(&link_type))); /* no argument can be this */
    for (size_t k = 0; k < kw; k++) {
        gi_tuple_init(key, i++, gi_dup(ts, gi_tuple_get(kwnames, k)));
        gi_tuple_init(key, i++, gi_dup(ts, args[nargs + k]));
    }
    for (size_t k = 0; typed && k < nargs + kw; k++)
        gi_tuple_init(key, i++, gi_dup(ts, gi_type_val(gi_type_of(args[k]))));
    return key;
}

/* The key of a call, with its hash. */
static GiRef make_key(GiThread *ts, bool typed, const GiVal *args, size_t nargs, GiVal kwnames, int64_t *hash) {
    GiRef key = key_of(ts, typed, args, nargs, kwnames);
    if (gi_is_null(key)) return key;
    *hash = gi_hash(ts, gi_val(key));
    if (*hash != -1) return key;
    gi_drop(ts, key);
    return GI_NULL;
}

static GiRef call_unbounded(GiThread *ts, Cache *c, const GiVal *args, size_t nargs, GiVal kwnames) {
    int64_t hash;
    GiRef key = make_key(ts, c->typed, args, nargs, kwnames, &hash), r;
    if (gi_is_null(key)) return GI_NULL;
    if (gi_dict_get_hashed(ts, gi_val(c->dict), gi_val(key), hash, &r)) {
        gi_drop(ts, key);
        return GI_NULL;
    }
    count(ts, c, !gi_is_null(r));
    if (gi_is_null(r)) {
        r = gi_call(ts, gi_val(c->func), args, nargs, kwnames);
        if (!gi_is_null(r) && gi_dict_set_hashed(ts, gi_val(c->dict), gi_val(key), hash, gi_dup(ts, gi_val(r)))) {
            gi_drop(ts, r);
            r = GI_NULL;
        }
    }
    gi_drop(ts, key);
    return r;
}

/* Takes the oldest link out when the cache has no room for so many results: the list's part of it, owned; or null. */
static GiRef take_oldest(GiThread *ts, Cache *c, ssize_t room) {
    GiRef oldest = GI_NULL;
    lock(ts, c);
    if ((ssize_t)gi_dict_len(gi_val(c->dict)) > c->maxsize - room && !gi_is_null(c->oldest))
        oldest = unlink_locked(c, link_in(&c->oldest));
    unlock(ts, c);
    return oldest;
}

/* Makes room for so many results (0 or 1). */
static GiStatus make_room(GiThread *ts, Cache *c, ssize_t room) {
    for (;;) {
        GiRef oldest = take_oldest(ts, c, room), listed = GI_NULL;
        if (gi_is_null(oldest)) return GI_OK;
        const Link *l = (const Link *)gi_obj(oldest);
        GiRef gone = gi_dict_pop_hashed(ts, gi_val(c->dict), gi_val(l->key), l->hash);
        bool more = gi_is_null(gone) && ts->core.free_running; /* another thread has emptied the dict, not yet the list */
        if (!gi_is_null(gone) && !gi_same(gone, oldest)) { /* one that came under the same key meanwhile */
            lock(ts, c);
            listed = unlink_locked(c, (Link *)gi_obj(gone));
            unlock(ts, c);
        }
        gi_drop(ts, oldest), gi_xdrop(ts, gone), gi_xdrop(ts, listed);
        if (gi_raised(ts)) return GI_FAIL;
        if (!more) return GI_OK;
    }
}

/* Stores a fresh result under key; makes room first. Consumes nothing. */
static GiStatus store(GiThread *ts, Cache *c, GiVal key, int64_t hash, GiVal result) {
    if (make_room(ts, c, 1)) return GI_FAIL;
    GiRef link = gi_type_alloc(ts, &link_type, 0);
    if (gi_is_null(link)) return GI_FAIL;
    Link *l = (Link *)gi_obj(link);
    gi_slot_init(&l->key, gi_dup(ts, key));
    gi_slot_init(&l->result, gi_dup(ts, result));
    l->hash = hash;
    GiRef kept = gi_dict_setdefault_hashed(ts, gi_val(c->dict), key, hash, gi_val(link));
    if (!gi_is_null(kept) && gi_same(kept, link)) {
        lock(ts, c);
        append_locked(c, link);
        unlock(ts, c);
    } else {
        gi_drop(ts, link);
    }
    if (gi_is_null(kept)) return GI_FAIL;
    gi_drop(ts, kept);
    return ts->core.free_running ? make_room(ts, c, 0) : GI_OK; /* others may have used the same room */
}

static GiRef call_bounded(GiThread *ts, Cache *c, const GiVal *args, size_t nargs, GiVal kwnames) {
    int64_t hash;
    GiRef key = make_key(ts, c->typed, args, nargs, kwnames, &hash), link, known, r = GI_NULL;
    if (gi_is_null(key)) return GI_NULL;
    if (gi_dict_get_hashed(ts, gi_val(c->dict), gi_val(key), hash, &link)) goto out;
    if (!gi_is_null(link)) {
        Link *l = (Link *)gi_obj(link);
        count(ts, c, true);
        renew(ts, c, l);
        r = gi_slot_dup(ts, &l->result);
        gi_drop(ts, link);
        goto out;
    }
    count(ts, c, false);
    r = gi_call(ts, gi_val(c->func), args, nargs, kwnames);
    if (gi_is_null(r)) goto out;
    /* The call may have filled the cache with this key meanwhile. */
    GiStatus status = gi_dict_get_hashed(ts, gi_val(c->dict), gi_val(key), hash, &known);
    if (status == GI_OK && gi_is_null(known)) status = store(ts, c, gi_val(key), hash, gi_val(r));
    else if (status == GI_OK) gi_drop(ts, known);
    if (status) {
        gi_drop(ts, r);
        r = GI_NULL;
    }
out:
    gi_drop(ts, key);
    return r;
}

static GiRef cache_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    Cache *c = CACHE(self);
    if (c->maxsize > 0) return call_bounded(ts, c, args, nargs, kwnames);
    if (c->maxsize < 0) return call_unbounded(ts, c, args, nargs, kwnames);
    count(ts, c, false);
    return gi_call(ts, gi_val(c->func), args, nargs, kwnames);
}

GI_NEW(lru_cache, "(cls, user_function, maxsize, typed: bool, cache_info_type)", "") {
    if (!gi_is_callable(a->user_function))
        return gi_raise_ref(ts, &gi_exc_TypeError, "the first argument must be callable");
    ssize_t maxsize = -1;
    if (!gi_is_none(a->maxsize)) {
        if (!gi_type_of(a->maxsize)->index)
            return gi_raise_ref(ts, &gi_exc_TypeError, "maxsize should be integer or None");
        if (gi_as_ssize(ts, a->maxsize, true, &maxsize)) return GI_NULL;
        if (maxsize < 0) maxsize = 0;
    }
    GiRef dict = gi_dict_new(ts);
    if (gi_is_null(dict)) return GI_NULL;
    GiRef self = gi_type_alloc(ts, type, 0);
    if (gi_is_null(self)) {
        gi_drop(ts, dict);
        return GI_NULL;
    }
    Cache *c = CACHE(self);
    gi_slot_init(&c->func, gi_dup(ts, a->user_function));
    gi_slot_init(&c->dict, dict);
    gi_slot_init(&c->info_type, gi_dup(ts, a->cache_info_type));
    c->maxsize = maxsize;
    c->typed = a->typed;
    return self;
}

GI_METHOD(cache, cache_info, "(self, /)", "Report cache statistics") {
    Cache *c = CACHE(self);
    int64_t hits = c->hits, misses = c->misses;
    Counts *counts = __atomic_load_n(&c->counts, __ATOMIC_ACQUIRE);
    for (int i = 0; counts && i < COUNTS; i++) {
        hits += atomic_load_explicit(&counts[i].hits, memory_order_relaxed);
        misses += atomic_load_explicit(&counts[i].misses, memory_order_relaxed);
    }
    GiRef args[4] = {gi_int_from_i64(ts, hits), gi_int_from_i64(ts, misses),
                     c->maxsize < 0 ? GI_REF_NONE : gi_int_from_i64(ts, c->maxsize),
                     gi_int_from_i64(ts, (int64_t)gi_dict_len(gi_val(c->dict)))};
    GiRef r = gi_call(ts, gi_val(c->info_type), (const GiVal *)args, 4, GI_NOVAL);
    for (int i = 0; i < 4; i++) gi_xdrop(ts, args[i]);
    return r;
}

GI_METHOD(cache, cache_clear, "(self, /)", "Clear the cache and cache statistics") {
    Cache *c = CACHE(self);
    lock(ts, c);
    c->hits = c->misses = 0;
    Counts *counts = __atomic_load_n(&c->counts, __ATOMIC_ACQUIRE);
    for (int i = 0; counts && i < COUNTS; i++) counts[i].hits = counts[i].misses = 0;
    GiRef links = gi_slot_take(&c->oldest); /* still chained by `next` */
    __atomic_store_n(&c->newest, NULL, __ATOMIC_RELAXED);
    for (Link *l = gi_is_null(links) ? NULL : (Link *)gi_obj(links); l; l = link_in(&l->next)) {
        l->prev = NULL;
        l->listed = false;
    }
    unlock(ts, c);
    gi_xdrop(ts, links);
    gi_dict_clear(ts, gi_val(c->dict));
    return GI_REF_NONE;
}

GI_METHOD(cache, __reduce__, "(self, /)", "") { return gi_getattr(ts, self, GI_N(__qualname__)); }
GI_METHOD(cache, __copy__, "(self, /)", "") { return gi_dup(ts, self); }
GI_METHOD(cache, __deepcopy__, "(self, memo, /)", "") { return gi_dup(ts, self); }

static GiRef cache_descr_get(GiThread *ts, GiVal self, GiVal obj, GiVal type GI_UNUSED) {
    if (gi_is_null(obj) || gi_is_none(obj)) return gi_dup(ts, self);
    return gi_bound_method_new(ts, self, obj);
}

static const GiField cache_fields[] = {GI_SLOT(Cache, func), GI_SLOT(Cache, dict), GI_SLOT(Cache, info_type),
                                       GI_SLOT(Cache, oldest), GI_BUFFER_FIELD(Cache, counts), GI_FIELDS_END};
static GiType cache_type = {
    .obj = GI_TYPE_HEAD, .name = "_lru_cache_wrapper", .module = "functools", .size = sizeof(Cache),
    .inline_attrs = 9,
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_WEAKREF | GI_TYPE_METHOD_DESCR,
    .doc = "Create a cached callable that wraps another function.\n\nuser_function:      the function being "
           "cached\n\nmaxsize:  0         for no caching\n          None      for unlimited cache size\n          n  "
           "       for a bounded cache\n\ntyped:    False     cache f(3) and f(3.0) as identical calls\n          "
           "True      cache f(3) and f(3.0) as distinct calls\n\ncache_info_type:    namedtuple class with the "
           "fields:\n                        hits misses currsize maxsize\n",
    .fields = cache_fields, .methods = cache_methods, .new_ = lru_cache_new, .call = cache_call,
    .descr_get = cache_descr_get,
};

static GiStatus functools_exec(GiThread *ts, GiVal module) {
    if (gi_type_ready(ts, &key_type) || gi_type_ready(ts, &link_type) ||
        gi_module_add_type(ts, module, &partial_type) || gi_module_add_type(ts, module, &cache_type))
        return GI_FAIL;
    return GI_OK;
}

const GiModuleDef gi_module__functools = {
    .name = "_functools",
    .doc = "Tools that operate on functions.",
    .functions = _functools_functions,
    .exec = functools_exec,
};
