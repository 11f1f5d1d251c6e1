/* infinite.c - count, cycle and repeat. */
#include "modules/itertools/itertools.h"

typedef struct GiCount {
    GiObj obj;
    ssize_t fast;      /* the next number, while `number` is null; the step is then 1 */
    GiSlot number, step;
} GiCount;
typedef struct GiCycle {
    GiObj obj;
    GiTurn turn;
    GiSlot iter, saved; /* saved: list */
    size_t index;
    bool first_pass;    /* items are in `saved` already */
} GiCycle;
typedef struct GiRepeat {
    GiObj obj;
    GiSlot value;
    ssize_t left; /* -1: for ever */
} GiRepeat;

#include "modules/itertools/infinite.gen.h"

#define count_of(v) ((GiCount *)gi_obj(v))
#define cycle_of(v) ((GiCycle *)gi_obj(v))
#define repeat_of(v) ((GiRepeat *)gi_obj(v))

/* ---- count ---- */

static bool is_number(GiVal v) {
    GiType *t = gi_type_of(v);
    return t->index != NULL || t->to_int != NULL || t->to_float != NULL || gi_is_instance_of(v, &gi_complex_type);
}

GI_NEW(count, "(cls, start = 0, step = 1)", "") {
    GiVal start = gi_is_null(a->start) ? gi_smallint(0) : a->start;
    GiVal step = gi_is_null(a->step) ? gi_smallint(1) : a->step;
    if (!is_number(start) || !is_number(step))
        return gi_raise_ref(ts, &gi_exc_TypeError, "a number is required");
    GiRef ref = gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) return ref;
    GiCount *c = count_of(ref);
    int64_t fast;
    if (gi_is_int_exact(start) && gi_same(step, gi_smallint(1)) &&
        gi_int_as_i64(start, &fast) == 0 && fast != INT64_MAX) {
        c->fast = fast;
        return ref;
    }
    gi_slot_init(&c->number, gi_dup(ts, start));
    gi_slot_init(&c->step, gi_dup(ts, step));
    return ref;
}

/* From numbers of 64 bits to objects: number and step are made for `i`, the number that comes next. */
static GiStatus count_slow_mode(GiThread *ts, GiVal self, int64_t i) {
    GiCount *c = count_of(self);
    GiRef big = gi_int_from_i64(ts, i), rest = big;
    if (gi_is_null(big)) return GI_FAIL;
    GI_STEP(ts, self) {
        if (gi_is_null(c->number)) {
            gi_slot_init(&c->step, gi_smallint_ref(1));
            rest = gi_step_swap(&c->number, big);
        }
    }
    gi_xdrop(ts, rest);
    return GI_OK;
}

/* The number, and the step too where a place for it is given; null as long as they are not objects. */
static GiRef count_number(GiThread *ts, GiVal self, GiRef *step) {
    GiCount *c = count_of(self);
    GiRef number = GI_NULL;
    GI_STEP(ts, self) {
        number = gi_slot_dup(ts, &c->number);
        *step = gi_slot_dup(ts, &c->step);
    }
    return number;
}

static GiRef count_next_object(GiThread *ts, GiVal self) {
    GiCount *c = count_of(self);
    for (;;) {
        GiRef step, now = count_number(ts, self, &step);
        GiRef next = gi_binary(ts, GI_BIN_ADD, gi_val(now), gi_val(step));
        gi_drop(ts, step);
        if (gi_is_null(next)) {
            gi_drop(ts, now);
            return next;
        }
        bool counted = false; /* no if another thread has counted meanwhile */
        GI_STEP(ts, self) {
            counted = !ts->core.free_running || gi_same(c->number, now);
            if (counted) next = gi_step_swap(&c->number, next);
        }
        gi_drop(ts, next);
        if (counted) return now;
        gi_drop(ts, now);
    }
}

static GiRef count_next(GiThread *ts, GiVal self) {
    GiCount *c = count_of(self);
    while (GI_LIKELY(gi_slot_empty(&c->number))) {
        int64_t i = __atomic_load_n(&c->fast, __ATOMIC_RELAXED);
        if (GI_UNLIKELY(i >= INT64_MAX - 1)) {
            if (count_slow_mode(ts, self, i)) return GI_NULL;
        } else if (gi_claim(ts, self, &c->fast, i, i + 1)) {
            return GI_LIKELY(gi_fits_smallint(i)) ? gi_smallint_ref(i) : gi_int_from_i64(ts, i);
        }
    }
    return count_next_object(ts, self);
}

static GiRef count_repr(GiThread *ts, GiVal self) {
    GiCount *c = count_of(self);
    GiType *type = gi_type_of(self);
    GiRef name = gi_getattr(ts, gi_type_val(type), GI_N(__name__)), text;
    if (gi_is_null(name)) return name;
    GiRef step, number = count_number(ts, self, &step);
    if (gi_is_null(number))
        text = gi_str_format(ts, "%S(%lld)", gi_val(name), (long long)gi_position(&c->fast));
    else if (gi_same(step, gi_smallint(1)))
        text = gi_str_format(ts, "%S(%R)", gi_val(name), gi_val(number));
    else
        text = gi_str_format(ts, "%S(%R, %R)", gi_val(name), gi_val(number), gi_val(step));
    gi_drop(ts, name), gi_xdrop(ts, number), gi_xdrop(ts, step);
    return text;
}

GI_METHOD(count, __reduce__, "(self)", "Return state information for pickling.") {
    GiRef step, args, number = count_number(ts, self, &step);
    if (gi_is_null(number)) {
        GiRef n = gi_int_from_i64(ts, gi_position(&count_of(self)->fast));
        args = gi_is_null(n) ? n : gi_tuple_steal(ts, &n, 1);
    } else {
        args = gi_tuple_steal(ts, (GiRef[]){number, step}, 2);
    }
    return gi_reduce_tuple(ts, gi_type_ref(ts, self), args, GI_NULL);
}

GiType gi_itertools_count_type = {
    .obj = GI_TYPE_HEAD,
    .name = "itertools.count",
    .module = "itertools",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiCount),
    .base = &gi_object_type,
    .doc = "count(start=0, step=1)\n--\n\nReturn a count object whose .__next__() method returns consecutive values.\n\nEquivalent "
           "to:\n    def count(firstval=0, step=1):\n        x = firstval\n        while 1:\n"
           "            yield x\n            x += step",
    .fields = (const GiField[]){GI_SLOT(GiCount, number), GI_SLOT(GiCount, step), GI_FIELDS_END},
    .methods = count_methods,
    .new_ = count_new,
    .repr = count_repr,
    .iter = gi_iter_self,
    .next = count_next,
};

/* ---- cycle ---- */

static GiRef cycle_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs_of(ts, type, &gi_itertools_cycle_type, "cycle", kwnames)) return GI_NULL;
    if (gi_check_args(ts, "cycle", nargs, 1, 1)) return GI_NULL;
    GiRef iter = gi_iter(ts, args[0]);
    if (gi_is_null(iter)) return iter;
    GiRef saved = gi_list_new(ts, 0);
    GiRef ref = gi_is_null(saved) ? saved : gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) {
        gi_drop(ts, iter), gi_xdrop(ts, saved);
        return ref;
    }
    gi_slot_init(&cycle_of(ref)->iter, iter);
    gi_turn_for(&cycle_of(ref)->turn, gi_val(iter));
    gi_slot_init(&cycle_of(ref)->saved, saved);
    return ref;
}

/* The next one of the items seen in the first pass. */
static GiRef cycle_again(GiThread *ts, GiVal self) {
    GiCycle *c = cycle_of(self);
    if (gi_is_private(ts, self)) {
        GiRef item = gi_list_get(ts, gi_val(c->saved), c->index);
        if (!gi_is_null(item)) c->index = c->index + 1 >= gi_list_len(c->saved) ? 0 : c->index + 1;
        return item;
    }
    for (;;) {
        GiRef saved = GI_NULL;
        size_t i = 0;
        GI_STEP(ts, self) {
            saved = gi_slot_dup(ts, &c->saved);
            i = c->index;
        }
        GiRef item = gi_list_get(ts, gi_val(saved), i);
        size_t next = i + 1 >= gi_list_len(saved) ? 0 : i + 1;
        bool taken = gi_is_null(item);
        if (!taken) GI_STEP(ts, self) {
            taken = c->index == i && gi_same(c->saved, saved);
            if (taken) c->index = next;
        }
        gi_drop(ts, saved);
        if (taken) return item;
        gi_drop(ts, item);
    }
}

/* Keeps an item of the first pass. Consumes it on failure. */
static GiRef cycle_keep(GiThread *ts, GiVal self, GiRef item) {
    GiCycle *c = cycle_of(self);
    GiRef saved = GI_NULL;
    GI_STEP(ts, self) if (!c->first_pass) saved = gi_slot_dup(ts, &c->saved);
    if (!gi_is_null(saved) && gi_list_append(ts, gi_val(saved), gi_dup(ts, gi_val(item)))) {
        gi_drop(ts, item);
        item = GI_NULL;
    }
    gi_xdrop(ts, saved);
    return item;
}

static GiRef cycle_step(GiThread *ts, GiVal self) {
    GiCycle *c = cycle_of(self);
    GiRef iter = GI_NULL, gone = GI_NULL;
    if (!gi_slot_empty(&c->iter)) GI_STEP(ts, self) iter = gi_slot_dup(ts, &c->iter);
    if (gi_is_null(iter)) return cycle_again(ts, self);
    GiRef item = gi_next(ts, gi_val(iter));
    if (!gi_is_null(item)) {
        gi_drop(ts, iter);
        return cycle_keep(ts, self, item);
    }
    if (!gi_raised(ts)) {
        GI_STEP(ts, self) gone = gi_step_take_if(&c->iter, gi_val(iter));
        item = cycle_again(ts, self);
    }
    gi_drop(ts, iter), gi_xdrop(ts, gone);
    return item;
}

/* PERF: as the step, for an iterator that only this thread can reach. */
static GiRef cycle_plain(GiThread *ts, GiVal self) {
    GiCycle *c = cycle_of(self);
    if (!gi_is_null(c->iter)) return cycle_step(ts, self);
    GiRef item = gi_list_get(ts, gi_val(c->saved), c->index);
    if (!gi_is_null(item)) c->index = c->index + 1 >= gi_list_len(c->saved) ? 0 : c->index + 1;
    return item;
}

static GiRef cycle_next(GiThread *ts, GiVal self) {
    if (gi_is_private(ts, self)) return cycle_plain(ts, self);
    GiRef item = GI_NULL;
    GI_TURN(ts, self, &cycle_of(self)->turn) item = cycle_step(ts, self);
    return item;
}

GI_METHOD(cycle, __reduce__, "(self)", "Return state information for pickling.") {
    GiCycle *c = cycle_of(self);
    GiRef iter = GI_NULL, saved = GI_NULL, args = GI_NULL;
    size_t at = 0;
    bool first_pass = false;
    GI_STEP(ts, self) {
        iter = gi_slot_dup(ts, &c->iter);
        saved = gi_slot_dup(ts, &c->saved);
        at = c->index;
        first_pass = c->first_pass;
    }
    bool replaying = gi_is_null(iter);
    if (replaying) {
        iter = gi_iter(ts, gi_val(saved));
        if (!gi_is_null(iter) && at) {
            GiVal index = gi_smallint((int64_t)at);
            GiRef none = gi_call_method_cstr(ts, gi_val(iter), "__setstate__", &index, 1);
            if (gi_is_null(none)) {
                gi_drop(ts, iter);
                iter = none;
            }
            gi_xdrop(ts, none);
        }
    }
    if (!gi_is_null(iter)) args = gi_tuple_steal(ts, &iter, 1);
    if (gi_is_null(args)) {
        gi_drop(ts, saved);
        return args;
    }
    GiRef state = gi_tuple_steal(ts, (GiRef[]){saved, gi_bool_ref(replaying || first_pass)}, 2);
    if (gi_is_null(state)) {
        gi_drop(ts, args);
        return state;
    }
    return gi_reduce_tuple(ts, gi_type_ref(ts, self), args, state);
}

GI_METHOD(cycle, __setstate__, "(self, state, /)", "Set state information for unpickling.") {
    if (gi_check_state(ts, a->state, 2, 2)) return GI_NULL;
    GiVal saved = gi_tuple_get(a->state, 0);
    int flag;
    if (!gi_is_list(saved))
        return gi_raise_ref(ts, &gi_exc_TypeError, "argument 1 must be list, not %T", saved);
    if (gi_as_int(ts, gi_tuple_get(a->state, 1), &flag)) return GI_NULL;
    GiCycle *c = cycle_of(self);
    GiRef old = GI_NULL;
    GI_STEP(ts, self) {
        old = gi_step_swap(&c->saved, gi_dup(ts, saved));
        c->first_pass = flag != 0;
        c->index = 0;
    }
    gi_drop(ts, old);
    return GI_REF_NONE;
}

GiType gi_itertools_cycle_type = {
    .obj = GI_TYPE_HEAD,
    .name = "itertools.cycle",
    .module = "itertools",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiCycle),
    .base = &gi_object_type,
    .doc = "cycle(iterable, /)\n--\n\nReturn elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.",
    .fields = (const GiField[]){GI_SLOT(GiCycle, iter), GI_SLOT(GiCycle, saved), GI_FIELDS_END},
    .methods = cycle_methods,
    .new_ = cycle_new,
    .iter = gi_iter_self,
    .next = cycle_next,
};

/* ---- repeat ---- */

GI_NEW(repeat, "(cls, object, times = <unrepresentable>)", "") {
    ssize_t left = -1;
    if (!gi_is_null(a->times)) {
        if (gi_as_ssize(ts, a->times, false, &left)) return GI_NULL;
        if (left < 0) left = 0;
    }
    GiRef ref = gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) return ref;
    gi_slot_init(&repeat_of(ref)->value, gi_dup(ts, a->object));
    repeat_of(ref)->left = left;
    return ref;
}

static GiRef repeat_next(GiThread *ts, GiVal self) {
    GiRepeat *r = repeat_of(self);
    for (;;) {
        ssize_t left = __atomic_load_n(&r->left, __ATOMIC_RELAXED);
        if (left == 0) return GI_NULL;
        if (left < 0 || gi_claim(ts, self, &r->left, left, left - 1)) return gi_slot_dup(ts, &r->value);
    }
}

static GiRef repeat_repr(GiThread *ts, GiVal self) {
    GiRepeat *r = repeat_of(self);
    ssize_t left = gi_position(&r->left);
    GiRef name = gi_getattr(ts, gi_type_val(gi_type_of(self)), GI_N(__name__)), text;
    if (gi_is_null(name)) return name;
    if (left < 0) text = gi_str_format(ts, "%S(%R)", gi_val(name), gi_val(r->value));
    else text = gi_str_format(ts, "%S(%R, %zd)", gi_val(name), gi_val(r->value), left);
    gi_drop(ts, name);
    return text;
}

GI_METHOD(repeat, __length_hint__, "(self)", "Private method returning an estimate of len(list(it)).") {
    GiRepeat *r = repeat_of(self);
    ssize_t left = gi_position(&r->left);
    if (left < 0) return gi_raise_ref(ts, &gi_exc_TypeError, "len() of unsized object");
    return gi_int_from_i64(ts, left);
}

GI_METHOD(repeat, __reduce__, "(self)", "Return state information for pickling.") {
    GiRepeat *r = repeat_of(self);
    ssize_t left = gi_position(&r->left);
    GiRef args;
    if (left < 0) args = gi_tuple_pack(ts, 1, gi_val(r->value));
    else args = gi_tuple_steal(ts, (GiRef[]){gi_slot_dup(ts, &r->value), gi_int_from_i64(ts, left)}, 2);
    return gi_reduce_tuple(ts, gi_type_ref(ts, self), args, GI_NULL);
}

GiType gi_itertools_repeat_type = {
    .obj = GI_TYPE_HEAD,
    .name = "itertools.repeat",
    .module = "itertools",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiRepeat),
    .base = &gi_object_type,
    .doc = "repeat(object [,times]) -> create an iterator which returns the object\nfor the specified "
           "number of times.  If not specified, returns the object\nendlessly.",
    .fields = (const GiField[]){GI_SLOT(GiRepeat, value), GI_FIELDS_END},
    .methods = repeat_methods,
    .new_ = repeat_new,
    .repr = repeat_repr,
    .iter = gi_iter_self,
    .next = repeat_next,
};
