/* container.c - helpers that the container types and their iterators share. No state. */
#include "objects/container.h"
#include "objects/bytes.h"

#include "objects/dict_table.h"
#include "objects/range.h"
#include "objects/set_table.h"
#include "objects/whole.h"

GiRef gi_builtin(GiThread *ts, const char *name) {
    GiRef v = GI_NULL;
    if (!gi_is_null(ts->vm->builtins_dict)) v = gi_dict_get_cstr(ts, gi_val(ts->vm->builtins_dict), name);
    if (gi_is_null(v) && !gi_raised(ts)) gi_raise(ts, &gi_exc_AttributeError, "%s", name);
    return v;
}

GiRef gi_reduce_tuple(GiThread *ts, GiRef function, GiRef args, GiRef state) {
    if (gi_is_null(function) || gi_is_null(args)) {
        gi_xdrop(ts, function), gi_xdrop(ts, args), gi_xdrop(ts, state);
        return GI_NULL;
    }
    return gi_tuple_steal(ts, (GiRef[]){function, args, state}, gi_is_null(state) ? 2 : 3);
}

GiRef gi_reduce_iter(GiThread *ts, const char *builtin, GiVal sequence, ssize_t index,
                     bool with_index) {
    /* The builtin is fetched first: looking it up may run code that exhausts the iterator. */
    GiRef seq = gi_xdup(ts, sequence);
    GiRef function = gi_builtin(ts, builtin);
    if (gi_is_null(function)) {
        gi_xdrop(ts, seq);
        return GI_NULL;
    }
    if (gi_is_null(seq)) {
        seq = gi_tuple_new(ts, 0);
        with_index = false;
    }
    GiRef args = gi_tuple_steal(ts, &seq, 1), state = GI_NULL;
    if (with_index) {
        state = gi_int_from_i64(ts, index);
        if (gi_is_null(state)) {
            gi_drop(ts, function), gi_xdrop(ts, args);
            return GI_NULL;
        }
    }
    return gi_reduce_tuple(ts, function, args, state);
}

static GiStatus items_copy(GiThread *ts, const GiVal *from, size_t n, GiItems *out) {
    out->items = gi_mem_alloc(ts, GI_MAX(n, 1) * sizeof(GiRef));
    if (out->items == NULL) return GI_FAIL;
    out->count = n;
    for (size_t i = 0; i < n; i++) out->items[i] = gi_dup(ts, from[i]);
    return GI_OK;
}

static GiStatus items_of_list(GiThread *ts, GiVal list, GiItems *out) {
    gi_lock_obj(ts, list);
    GiStatus status = items_copy(ts, (const GiVal *)gi_list_of(list)->items, gi_list_len(list), out);
    gi_unlock_obj(ts, list);
    return status;
}

GiStatus gi_items_of(GiThread *ts, GiVal iterable, GiItems *out, const char *message) {
    if (gi_is_list_exact(iterable)) return items_of_list(ts, iterable, out);
    if (gi_is_tuple_exact(iterable))
        return items_copy(ts, gi_tuple_items(iterable), gi_tuple_len(iterable), out);
    bool listed;
    GiRef it = gi_iter_listed(ts, iterable, &listed);
    if (gi_is_null(it)) {
        if (message != NULL && gi_exc_matches(ts, &gi_exc_TypeError)) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_TypeError, "%s", message);
        }
        return GI_FAIL;
    }
    if (GI_UNLIKELY(listed)) {
        GiStatus status = items_of_list(ts, gi_val(it), out);
        gi_drop(ts, it);
        return status;
    }
    ssize_t hint = gi_length_hint(ts, gi_val(it), 8);
    if (hint < 0) {
        gi_drop(ts, it);
        return GI_FAIL;
    }
    size_t capacity = hint < 1 ? 1 : hint > 1 << 20 ? 1 << 20 : (size_t)hint;
    *out = (GiItems){gi_mem_alloc(ts, capacity * sizeof(GiRef)), 0};
    if (out->items == NULL) goto fail;
    for (;;) {
        GiRef item = gi_next(ts, gi_val(it));
        if (gi_is_null(item)) {
            if (gi_raised(ts)) goto fail;
            break;
        }
        if (out->count == capacity) {
            capacity += capacity / 2 + 8;
            GiRef *more = gi_mem_realloc(ts, out->items, capacity * sizeof(GiRef));
            if (more == NULL) {
                gi_drop(ts, item);
                goto fail;
            }
            out->items = more;
        }
        out->items[out->count++] = item;
    }
    gi_drop(ts, it);
    return GI_OK;
fail:
    gi_drop(ts, it);
    gi_items_drop(ts, out);
    return GI_FAIL;
}

/* A container that only the caller can reach; what its views and iterators reach others may reach, too. */
static bool is_own(GiThread *ts, GiVal v) {
    return gi_has_flag(v, GI_TYPE_LIST | GI_TYPE_DICT | GI_TYPE_SET) && gi_is_unique(ts, v);
}

bool gi_gives_natively(GiThread *ts, GiVal v) {
    if (!gi_is_heap(v)) return false;
    const GiType *type = gi_type_of(v);
    return type == &gi_tuple_type || type == &gi_range_type || type == &gi_frozenset_type || type == &gi_str_type ||
           type == &gi_bytes_type ||
           ((type == &gi_list_type || type == &gi_dict_type || type == &gi_set_type) && gi_is_unique(ts, v));
}

static const GiRest *rest_of(GiVal it) {
    const GiType *type = gi_type_of(it);
    return type->flags & GI_TYPE_HEAP || type->next == NULL ? NULL : type->native;
}

bool gi_is_container_iterator(GiVal it) {
    const GiRest *rest = rest_of(it);
    return rest != NULL && rest->list != NULL;
}

/* Of an iterator that takes from others, and is the caller's alone, like those: what these have left is taken at one
 * moment. Those with positions (gi_row_position) meet no error when what they go over changes, and stay. */
static GiStatus settle_parts(GiThread *ts, GiVal it, int depth) {
    const GiRest *rest = rest_of(it);
    GiSlot *part;
    for (size_t i = 0; (part = rest->part(it, i)) != NULL; i++) {
        GiVal inner = gi_slot_peek(part);
        if (!gi_is_heap(inner) || !gi_is_unique(ts, inner) || gi_row_position(inner) != NULL) continue;
        const GiRest *of = rest_of(inner);
        if (of == NULL) continue;
        if (of->part != NULL) {
            if (depth > 0 && settle_parts(ts, inner, depth - 1)) return GI_FAIL;
            continue;
        }
        GiRef list = of->list(ts, inner, true);
        if (gi_is_null(list)) return GI_FAIL;
        GiRef over = gi_iter_of_list(ts, list);
        if (gi_is_null(over)) return GI_FAIL;
        gi_slot_set(ts, part, over);
    }
    return GI_OK;
}

GI_COLD GiRef gi_iter_listed_free(GiThread *ts, GiVal v, bool *listed) {
    enum { DEEPEST = 8 };
    *listed = false;
    if (!gi_is_heap(v) || is_own(ts, v)) return gi_iter(ts, v);
    if (gi_is_list_exact(v)) {
        *listed = true;
        return gi_list_slice(ts, v, 0, PTRDIFF_MAX);
    }
    bool own = gi_is_unique(ts, v);
    GiRef it = gi_iter(ts, v);
    if (gi_is_null(it)) return it;
    const GiRest *rest = rest_of(gi_val(it));
    if (rest == NULL) return it;
    if (rest->part != NULL) {
        if (!own || !gi_same(gi_val(it), v) || settle_parts(ts, v, DEEPEST) == GI_OK) return it;
        gi_drop(ts, it);
        return GI_NULL;
    }
    *listed = true;
    /* Python code may have given one that others have, too. */
    bool fresh = !gi_same(gi_val(it), v) && gi_is_unique(ts, gi_val(it));
    GiRef list = rest->list(ts, gi_val(it), fresh);
    gi_drop(ts, it);
    return list;
}

GiRef gi_iter_of_list(GiThread *ts, GiRef list) {
    GiRef it = gi_iter(ts, gi_val(list));
    gi_drop(ts, list);
    return it;
}

GI_COLD GiRef gi_iter_whole_free(GiThread *ts, GiVal v) {
    bool listed;
    GiRef it = gi_iter_listed_free(ts, v, &listed);
    return listed && !gi_is_null(it) ? gi_iter_of_list(ts, it) : it;
}

bool gi_is_native_callable(GiVal callable) {
    return gi_is_exact(callable, &gi_native_type) ||
           (gi_is_type(callable) && !(gi_as_type(callable)->flags & GI_TYPE_HEAP));
}

GiRef gi_iter_whole_for(GiThread *ts, GiVal v, GiVal callable) {
    return gi_is_null(callable) || gi_is_native_callable(callable) ? gi_iter_whole(ts, v) : gi_iter(ts, v);
}

void gi_items_drop(GiThread *ts, GiItems *items) {
    if (items->items == NULL) return;
    gi_drop_all(ts, items->items, items->count);
    gi_mem_free(items->items);
    *items = (GiItems){NULL, 0};
}

static GiRef empty_like(GiThread *ts, GiVal v) {
    return gi_is_list(v) ? gi_list_new(ts, 0) : gi_is_dict(v) ? gi_dict_new(ts) : gi_set_new(ts, GI_NOVAL);
}

static GiStatus clone_locked(GiThread *ts, GiRef to, GiVal from) {
    if (gi_is_list(from)) return gi_list_clone_locked(ts, gi_list_of(to), gi_list_of(from));
    if (gi_is_dict(from)) return gi_dict_clone_locked(ts, gi_dict_of(to), gi_dict_of(from));
    return gi_set_clone_locked(ts, gi_set_of(to), gi_set_of(from));
}

GiStatus gi_copy_both(GiThread *ts, GiVal x, GiVal y, GiRef out[2]) {
    out[0] = empty_like(ts, x);
    out[1] = gi_is_null(out[0]) ? GI_NULL : empty_like(ts, y);
    GiStatus status = GI_FAIL;
    if (!gi_is_null(out[1])) {
        gi_bytelock_lock2(&ts->core, GI_OBJ_LOCK(x), GI_OBJ_LOCK(y));
        status = clone_locked(ts, out[0], x);
        if (status == GI_OK) status = clone_locked(ts, out[1], y);
        gi_bytelock_unlock2(&ts->core, GI_OBJ_LOCK(x), GI_OBJ_LOCK(y));
    }
    if (status == GI_OK) return GI_OK;
    gi_xdrop(ts, out[0]), gi_xdrop(ts, out[1]);
    return GI_FAIL;
}

bool gi_is_plain_slow(GiVal v, unsigned depth) {
    if (!gi_is_heap(v) || gi_is_str_exact(v) || gi_is_exact(v, &gi_int_type)) return true;
    const GiType *type = gi_obj_type(gi_obj(v));
    if (!(type->flags & GI_TYPE_HEAP) && type->compare == gi_object_type.compare) return true;
    if (!gi_is_tuple_exact(v) || depth == 0) return false;
    for (size_t i = 0; i < gi_tuple_len(v); i++)
        if (!gi_is_plain_slow(gi_tuple_get(v, i), depth - 1)) return false;
    return true;
}
