/* Lists, sorting, dicts, sets, tuples, ranges, views and iterators, against simple models. */
#include "check.h"

#include "memory/heap_internal.h"
#include "objects/container.h"
#include "objects/range.h"
#include "os/memory.h"

#include <stdlib.h>

static GiVm *vm;
static GiThread *ts;
static uint64_t seed = 88172645463325252u;

static uint64_t rnd(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}
static GiVal num(int64_t i) { return gi_smallint(i); }
static GiRef text(const char *s) {
    GiRef r = gi_str_from_cstr(ts, s);
    CHECK(!gi_is_null(r));
    return r;
}
static GiRef key_text(uint64_t n) {
    char buffer[32];
    snprintf(buffer, sizeof buffer, "k%llu", (unsigned long long)n);
    return text(buffer);
}
static void check_repr(GiRef v, const char *expected) {
    CHECK(!gi_is_null(v));
    GiRef r = gi_repr(ts, gi_val(v));
    CHECK(!gi_is_null(r));
    const char *got = gi_str_utf8(ts, gi_val(r), NULL);
    if (strcmp(got, expected) != 0) {
        fprintf(stderr, "repr is %s, not %s\n", got, expected);
        exit(1);
    }
    gi_drop(ts, r);
    gi_drop(ts, v);
}
static void check_raised(GiType *type) {
    CHECK(gi_raised(ts) && gi_exc_matches(ts, type));
    gi_exc_clear(ts);
}

static void check_lists(void) {
    GiRef list = gi_list_new(ts, 0);
    GiVal l = gi_val(list);
    for (int i = 0; i < 10; i++) CHECK(gi_list_append(ts, l, gi_imm(num(i))) == GI_OK);
    CHECK_INT(gi_list_len(l), 10);
    GiRef slice = gi_slice_new(ts, GI_NOVAL, GI_NOVAL, num(-3));
    check_repr(gi_getitem(ts, l, gi_val(slice)), "[9, 6, 3, 0]");
    CHECK(gi_delitem(ts, l, gi_val(slice)) == GI_OK);
    check_repr(gi_dup(ts, l), "[1, 2, 4, 5, 7, 8]");
    gi_drop(ts, slice);
    slice = gi_slice_new(ts, num(1), num(3), GI_NOVAL);
    CHECK(gi_setitem(ts, l, gi_val(slice), l) == GI_OK);
    check_repr(gi_dup(ts, l), "[1, 1, 2, 4, 5, 7, 8, 5, 7, 8]");
    gi_drop(ts, slice);
    CHECK(gi_list_insert(ts, l, -100, gi_imm(GI_NONE)) == GI_OK);
    CHECK(gi_list_insert(ts, l, 100, gi_imm(GI_TRUE)) == GI_OK);
    CHECK(gi_list_extend(ts, l, l) == GI_OK);
    CHECK_INT(gi_list_len(l), 24);
    CHECK(gi_is_null(gi_getitem(ts, l, num(24))));
    check_raised(&gi_exc_IndexError);
    CHECK(gi_list_append(ts, l, gi_dup(ts, l)) == GI_OK);
    GiRef r = gi_repr(ts, l);
    CHECK(strstr(gi_str_utf8(ts, gi_val(r), NULL), "True, [...]]") != NULL);
    gi_drop(ts, r);
    gi_list_clear(ts, l);
    check_repr(list, "[]");
}

typedef struct Pair { int64_t key, order; } Pair;
static int by_key(const void *x, const void *y) {
    const Pair *a = x, *b = y;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

/* Sorts n tuples (key, order) made in one of several patterns, by the whole or by the first item
 * (with a key whose equals must keep their order), and compares with qsort. */
static void check_sort_of(size_t n, int pattern, int kind, bool reverse) {
    Pair *model = malloc((n + 1) * sizeof(Pair));
    GiRef list = gi_list_new(ts, n);
    for (size_t i = 0; i < n; i++) {
        int64_t key = 0;
        switch (pattern) {
        case 0: key = (int64_t)(rnd() % (n + 1)); break;
        case 1: key = (int64_t)(rnd() % 4); break;
        case 2: key = (int64_t)i; break;
        case 3: key = (int64_t)(n - i); break;
        case 4: key = (int64_t)(i < n / 2 ? i * 2 : (i - n / 2) * 2 + 1); break;
        case 5: key = (int64_t)(i % 50); break;
        case 6: key = (int64_t)(rnd() % 20 ? i : rnd() % n); break;
        case 7: key = (int64_t)(i / 40 * (i & 1 ? 3 : 1)); break;
        }
        model[i] = (Pair){reverse ? -key : key, (int64_t)i};
        GiRef item;
        if (kind == 0) item = gi_imm(num(key));
        else if (kind == 1) item = gi_double_ref((double)key / 2);
        else if (kind == 2) item = gi_tuple_pack(ts, 2, num(key), reverse ? num(-(int64_t)i) : num((int64_t)i));
        else {
            char buffer[32];
            snprintf(buffer, sizeof buffer, kind == 3 ? "%09lld" : "\u20ac%09lld", (long long)key);
            item = text(buffer);
        }
        CHECK(gi_list_append(ts, gi_val(list), item) == GI_OK);
    }
    qsort(model, n, sizeof(Pair), by_key);
    CHECK(gi_list_sort(ts, gi_val(list), GI_NOVAL, reverse) == GI_OK);
    for (size_t i = 0; i < n; i++) {
        GiVal v = gi_list_peek_locked(gi_val(list), i);
        int64_t key = reverse ? -model[i].key : model[i].key;
        if (kind == 0) CHECK_INT(gi_smallint_value(v), key);
        else if (kind == 1) CHECK(gi_double_value(v) == (double)key / 2);
        else if (kind == 2) {
            CHECK_INT(gi_smallint_value(gi_tuple_get(v, 0)), key);
            CHECK_INT(gi_smallint_value(gi_tuple_get(v, 1)), reverse ? -model[i].order : model[i].order);
        } else CHECK_INT(strtoll(gi_str_utf8(ts, v, NULL) + (kind == 3 ? 0 : 3), NULL, 10), key);
    }
    gi_drop(ts, list);
    free(model);
}

/* Stability: doubles 0.0 and -0.0 are equal but distinct. */
static void check_stability(void) {
    GiRef list = gi_list_new(ts, 0);
    for (int i = 0; i < 1000; i++) {
        double d = (double)(rnd() % 3) - 1;
        if (d == 0 && (i & 1)) d = -0.0;
        CHECK(gi_list_append(ts, gi_val(list), gi_double_ref(d)) == GI_OK);
    }
    uint64_t zeros[1000];
    size_t n = 0;
    for (int i = 0; i < 1000; i++) {
        GiVal v = gi_list_peek_locked(gi_val(list), (size_t)i);
        if (gi_double_value(v) == 0) zeros[n++] = v.bits;
    }
    CHECK(gi_list_sort(ts, gi_val(list), GI_NOVAL, true) == GI_OK);
    size_t k = 0;
    for (int i = 0; i < 1000; i++) {
        GiVal v = gi_list_peek_locked(gi_val(list), (size_t)i);
        if (gi_double_value(v) == 0) CHECK(zeros[k++] == v.bits);
    }
    CHECK_INT(k, n);
    gi_drop(ts, list);
}

static void check_sorts(void) {
    static const size_t sizes[] = {0, 1, 2, 3, 15, 31, 32, 33, 63, 64, 65, 100, 257, 1000, 4099};
    for (size_t s = 0; s < GI_COUNTOF(sizes); s++)
        for (int pattern = 0; pattern < 8; pattern++)
            for (int kind = 0; kind < 5; kind++) check_sort_of(sizes[s], pattern, kind, (rnd() & 1) != 0);
    check_stability();
    /* A failing comparison keeps every item. */
    GiRef list = gi_list_new(ts, 0), word = text("word");
    for (int i = 0; i < 500; i++) {
        GiVal v = i == 400 ? gi_val(word) : num((int64_t)(rnd() % 1000));
        CHECK(gi_list_append(ts, gi_val(list), gi_dup(ts, v)) == GI_OK);
    }
    CHECK(gi_list_sort(ts, gi_val(list), GI_NOVAL, false) == GI_FAIL);
    check_raised(&gi_exc_TypeError);
    CHECK_INT(gi_list_len(list), 500);
    int words = 0;
    for (size_t i = 0; i < 500; i++) words += gi_is_str(gi_list_peek_locked(gi_val(list), i));
    CHECK_INT(words, 1);
    gi_drop(ts, list);
    gi_drop(ts, word);
}

/* Random operations on a dict and on an array of values by key number (-1: absent). */
static void check_dict_model(bool strings, int keys, int steps) {
    int64_t *model = malloc((size_t)keys * sizeof *model);
    GiRef *names = malloc((size_t)keys * sizeof *names);
    for (int i = 0; i < keys; i++) {
        model[i] = -1;
        names[i] = strings ? key_text((uint64_t)i) : gi_imm(num((int64_t)i * 64));
    }
    GiRef dict = gi_dict_new(ts);
    GiVal d = gi_val(dict);
    size_t live = 0;
    for (int step = 0; step < steps; step++) {
        int k = (int)(rnd() % (uint64_t)keys);
        GiVal key = gi_val(names[k]);
        GiRef v = GI_NULL;
        bool found;
        switch (rnd() % 8) {
        case 0:
        case 1:
        case 2:
            live += model[k] < 0;
            model[k] = step;
            CHECK(gi_dict_set(ts, d, key, num(step)) == GI_OK);
            break;
        case 3:
            CHECK(gi_dict_del(ts, d, key, &found) == GI_OK && found == (model[k] >= 0));
            live -= found;
            model[k] = -1;
            break;
        case 4: {
            GiRef last_key, last;
            gi_dict_popitem(ts, d, rnd() & 1, &last_key, &last);
            CHECK(gi_is_null(last_key) == (live == 0));
            if (gi_is_null(last_key)) break;
            int at = 0;
            while (!gi_same(names[at], last_key)) at++;
            CHECK_INT(model[at], gi_smallint_value(last));
            model[at] = -1;
            live--;
            gi_drop(ts, last_key);
            break;
        }
        case 5:
            CHECK(gi_dict_move_to_end(ts, d, key, rnd() & 1, &found) == GI_OK);
            CHECK(found == (model[k] >= 0));
            break;
        default:
            CHECK(gi_dict_get(ts, d, key, &v) == GI_OK);
            CHECK(gi_is_null(v) ? model[k] < 0 : gi_smallint_value(v) == model[k]);
        }
        CHECK_INT(gi_dict_len(d), live);
        if (step % 512 == 0) {
            size_t pos = 0, n = 0;
            GiVal kk, vv;
            while (gi_dict_next_peek(d, &pos, &kk, &vv)) n++;
            CHECK_INT(n, live);
            GiRef copy = gi_dict_copy(ts, d);
            CHECK(gi_compare_truth(ts, gi_val(copy), d, GI_EQ).value == 1);
            gi_drop(ts, copy);
        }
        if (step % 5000 == 4999) {
            gi_dict_clear(ts, d);
            live = 0;
            for (int i = 0; i < keys; i++) model[i] = -1;
        }
    }
    gi_drop(ts, dict);
    for (int i = 0; i < keys; i++) gi_drop(ts, names[i]);
    free(model);
    free(names);
}

static void check_dicts(void) {
    check_dict_model(true, 5, 3000);
    check_dict_model(true, 200, 30000);
    check_dict_model(true, 5000, 60000);
    check_dict_model(false, 7, 3000);
    check_dict_model(false, 3000, 60000);
    GiRef dict = gi_dict_new(ts), key = text("a"), other = text("b");
    GiVal d = gi_val(dict);
    uint32_t v0 = gi_dict_version(ts, d);
    CHECK(v0 != 0 && v0 == gi_dict_version(ts, d));
    CHECK(gi_dict_set(ts, d, gi_val(key), num(1)) == GI_OK);
    uint32_t v1 = gi_dict_version(ts, d);
    CHECK(v1 != v0);
    CHECK(gi_dict_set(ts, d, gi_val(key), num(2)) == GI_OK);
    CHECK(gi_dict_version(ts, d) == v1);
    CHECK_INT(gi_dict_entry_of(ts, d, gi_val(key)), 0);
    CHECK_INT(gi_dict_entry_of(ts, d, gi_val(other)), -1);
    CHECK(gi_same(gi_dict_get_cstr_peek(ts, d, "a"), num(2)));
    CHECK(gi_dict_set(ts, d, num(5), gi_val(other)) == GI_OK);
    CHECK(gi_same(gi_dict_get_str_peek(ts, d, gi_val(key)), num(2)));
    CHECK(gi_dict_set(ts, d, gi_double(5.0), GI_NONE) == GI_OK); /* equal to 5 */
    check_repr(gi_dup(ts, d), "{'a': 2, 5: None}");
    check_repr(gi_dict_items_list(ts, d), "[('a', 2), (5, None)]");
    check_repr(gi_call_method_cstr(ts, d, "keys", NULL, 0), "dict_keys(['a', 5])");
    check_repr(gi_dict_setdefault(ts, d, gi_val(other), num(7)), "7");
    check_repr(gi_dict_pop(ts, d, gi_val(key)), "2");
    check_repr(gi_mappingproxy_new(ts, d), "mappingproxy({5: None, 'b': 7})");
    GiRef list = gi_list_new(ts, 0);
    CHECK(gi_dict_set(ts, d, gi_val(list), GI_NONE) == GI_FAIL);
    check_raised(&gi_exc_TypeError);
    GiRef it = gi_iter(ts, d);
    gi_drop(ts, gi_next(ts, gi_val(it)));
    CHECK(gi_dict_set(ts, d, num(99), GI_NONE) == GI_OK);
    CHECK(gi_is_null(gi_next(ts, gi_val(it))));
    check_raised(&gi_exc_RuntimeError);
    gi_drop(ts, it);
    CHECK(gi_dict_set(ts, d, num(6), d) == GI_OK);
    check_repr(gi_dup(ts, d), "{5: None, 'b': 7, 99: None, 6: {...}}");
    gi_dict_clear(ts, d);
    gi_drop(ts, dict), gi_drop(ts, key), gi_drop(ts, other), gi_drop(ts, list);
}

static void check_set_model(int keys, int steps) {
    bool *model = calloc((size_t)keys, 1);
    GiRef set = gi_set_new(ts, GI_NOVAL);
    size_t live = 0;
    for (int step = 0; step < steps; step++) {
        int k = (int)(rnd() % (uint64_t)keys);
        bool found;
        GiVal key = k & 1 ? num((int64_t)k << 20) : gi_double(k * 0.5);
        switch (rnd() % 4) {
        case 0:
        case 1:
            CHECK(gi_set_add(ts, gi_val(set), key) == GI_OK);
            live += !model[k];
            model[k] = true;
            break;
        case 2:
            CHECK(gi_set_discard(ts, gi_val(set), key, &found) == GI_OK && found == model[k]);
            live -= found;
            model[k] = false;
            break;
        default: CHECK_INT(gi_set_contains(ts, gi_val(set), key).value, model[k]);
        }
        CHECK_INT(gi_set_len(gi_val(set)), live);
        if (step % 1000 == 0) {
            GiRef copy = gi_frozenset_new(ts, gi_val(set));
            CHECK(gi_compare_truth(ts, gi_val(copy), gi_val(set), GI_EQ).value == 1);
            size_t pos = 0, n = 0;
            GiVal item;
            while (gi_set_next_peek(gi_val(copy), &pos, &item)) n++;
            CHECK_INT(n, live);
            gi_drop(ts, copy);
        }
    }
    gi_drop(ts, set);
    free(model);
}

static GiRef set_of(int64_t first, int64_t last) {
    GiRef set = gi_set_new(ts, GI_NOVAL);
    for (int64_t i = first; i <= last; i++) CHECK(gi_set_add(ts, gi_val(set), num(i)) == GI_OK);
    return set;
}

static void check_sets(void) {
    check_set_model(6, 3000);
    check_set_model(300, 30000);
    check_set_model(20000, 100000);
    GiRef x = set_of(1, 5), y = set_of(4, 8);
    check_repr(gi_binary(ts, GI_BIN_OR, gi_val(x), gi_val(y)), "{1, 2, 3, 4, 5, 6, 7, 8}");
    check_repr(gi_binary(ts, GI_BIN_AND, gi_val(x), gi_val(y)), "{4, 5}");
    check_repr(gi_binary(ts, GI_BIN_SUB, gi_val(x), gi_val(y)), "{1, 2, 3}");
    check_repr(gi_binary(ts, GI_BIN_XOR, gi_val(x), gi_val(y)), "{1, 2, 3, 6, 7, 8}");
    GiRef f = gi_frozenset_new(ts, gi_val(x));
    CHECK(gi_hash(ts, gi_val(f)) != -1 && gi_hash(ts, gi_val(x)) == -1);
    check_raised(&gi_exc_TypeError);
    CHECK(gi_set_add(ts, gi_val(y), gi_val(f)) == GI_OK);
    CHECK(gi_set_contains(ts, gi_val(y), gi_val(x)).value == 1);
    gi_drop(ts, x), gi_drop(ts, y), gi_drop(ts, f);
}

static GiRef ranges(int64_t start, int64_t stop, int64_t step) {
    return gi_range_new(ts, num(start), num(stop), num(step));
}

static void check_others(void) {
    check_repr(gi_tuple_pack(ts, 1, num(1)), "(1,)");
    GiRef t = gi_tuple_pack(ts, 3, num(0), GI_NONE, GI_NONE);
    GiRef r = ranges(0, 0, 1);
    CHECK(gi_hash(ts, gi_val(r)) == gi_hash(ts, gi_val(t)));
    gi_drop(ts, r), gi_drop(ts, t);
    r = ranges(10, 0, -3);
    check_repr(gi_to_list(ts, gi_val(r)), "[10, 7, 4, 1]");
    GiRef back = gi_call1(ts, gi_type_val(&gi_reversed_type), gi_val(r));
    check_repr(gi_to_list(ts, gi_val(back)), "[1, 4, 7, 10]");
    gi_drop(ts, back);
    CHECK(gi_contains(ts, gi_val(r), num(4)).value == 1 && gi_contains(ts, gi_val(r), num(5)).value == 0);
    GiRef e = gi_call1(ts, gi_type_val(&gi_enumerate_type), gi_val(r));
    check_repr(gi_to_list(ts, gi_val(e)), "[(0, 10), (1, 7), (2, 4), (3, 1)]");
    GiRef z = gi_call2(ts, gi_type_val(&gi_zip_type), gi_val(r), gi_val(r));
    check_repr(gi_to_tuple(ts, gi_val(z)), "((10, 10), (7, 7), (4, 4), (1, 1))");
    check_repr(gi_dup(ts, gi_val(r)), "range(10, 0, -3)");
    gi_drop(ts, r), gi_drop(ts, e), gi_drop(ts, z);
    GiRef big = gi_int_from_text(ts, "1000000000000000000000000000000", 31, 10);
    r = gi_range_new(ts, num(0), gi_val(big), num(1));
    check_repr(gi_getitem(ts, gi_val(r), num(-1)), "999999999999999999999999999999");
    CHECK(gi_length(ts, gi_val(r)) == -1);
    check_raised(&gi_exc_OverflowError);
    gi_drop(ts, r), gi_drop(ts, big);

    /* Deep nesting. */
    GiRef x = gi_list_new(ts, 0), y = gi_list_new(ts, 0);
    for (int i = 0; i < 100000; i++) {
        GiRef a = gi_list_new(ts, 1), b = gi_list_new(ts, 1);
        CHECK(gi_list_append(ts, gi_val(a), x) == GI_OK && gi_list_append(ts, gi_val(b), y) == GI_OK);
        x = a, y = b;
    }
    CHECK(gi_compare_truth(ts, gi_val(x), gi_val(y), GI_EQ).value == -1);
    check_raised(&gi_exc_RecursionError);
    CHECK(gi_is_null(gi_repr(ts, gi_val(x))));
    check_raised(&gi_exc_RecursionError);
    gi_drop(ts, x), gi_drop(ts, y);
    x = gi_tuple_new(ts, 0);
    for (int i = 0; i < 100000; i++) x = gi_tuple_steal(ts, &x, 1);
    CHECK(gi_hash(ts, gi_val(x)) == -1);
    check_raised(&gi_exc_RecursionError);
    gi_drop(ts, x);

    static const GiStructField fields[] = {{"a", NULL}, {NULL, NULL}, {"b", NULL}, {"hidden", NULL}};
    GiRef type = gi_structseq_type(ts, "mod.point", "A point.", fields, 4, 3);
    CHECK(!gi_is_null(type));
    GiRef s = gi_structseq_new(ts, gi_val(type), (GiRef[]){gi_imm(num(1)), gi_imm(num(2)), gi_imm(num(3)), text("h")}, 4);
    check_repr(gi_dup(ts, gi_val(s)), "mod.point(a=1, b=2, hidden=3)");
    check_repr(gi_getattr_cstr(ts, gi_val(s), "hidden"), "'h'");
    check_repr(gi_getattr_cstr(ts, gi_val(s), "b"), "3");
    check_repr(gi_getattr_cstr(ts, gi_val(type), "__match_args__"), "('a', 'b')");
    CHECK_INT(gi_length(ts, gi_val(s)), 3);
    gi_drop(ts, s);
    gi_drop(ts, type);
}

int main(void) {
    vm = gi_os_aligned_zalloc(sizeof *vm, 64);
    CHECK(vm && gi_vm_memory_init(vm, GI_MODE_GIL) == GI_OK);
    ts = gi_thread_new(vm, NULL);
    CHECK(ts);
    gi_set_current_thread(ts);
    ts->recursion_limit = 1000;
    gi_core_bind(&ts->core);
    gi_attach(&ts->core);
    CHECK(gi_names_init(ts) == GI_OK);
    CHECK(gi_types_init(ts) == GI_OK);
    check_lists();
    check_sorts();
    check_dicts();
    check_sets();
    check_others();
    CHECK(!gi_raised(ts));
    return 0;
}
