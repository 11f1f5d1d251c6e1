/* Heap, counts, death of long chains, collection of cycles, weak references, failing allocations. */
#include "check.h"

#include "memory/heap_internal.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/shape.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/weakref.h"
#include "os/memory.h"

static GiVm *vm;
static GiThread *ts;

/* A container with one slot, attributes and weak references. */
typedef struct Node { GiObj obj; GiSlot next; int64_t number; } Node;
static int destroyed, finalized;
static GiSlot revived;
static void node_destroy(GiThread *t, GiObj *self) {
    (void)t;
    (void)self;
    destroyed++;
}
static void reviver_finalize(GiThread *t, GiVal self) {
    finalized++;
    gi_slot_set(t, &revived, gi_dup(t, self));
}
static const GiField node_fields[] = {GI_SLOT(Node, next), GI_FIELDS_END};
static GiType node_type = {.obj = GI_TYPE_HEAD, .name = "Node",
                           .flags = GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_WEAKREF, .size = sizeof(Node),
                           .base = &gi_object_type, .fields = node_fields, .destroy = node_destroy};
static GiType reviver_type = {.obj = GI_TYPE_HEAD, .name = "Reviver",
                              .flags = GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_WEAKREF, .size = sizeof(Node),
                              .base = &gi_object_type, .fields = node_fields, .destroy = node_destroy,
                              .finalize = reviver_finalize};

static GiRef node_new(GiType *type, GiRef next) {
    Node *n = (Node *)gi_heap_new(ts, type, sizeof *n);
    CHECK(n);
    gi_slot_init(&n->next, next);
    return gi_own_obj(n);
}

static void check_zeroed(void) {
    for (size_t size = sizeof(Node); size < 700; size += 24) {
        GiObj *objs[200];
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 200; i++) {
                objs[i] = gi_heap_new(ts, &node_type, size);
                CHECK(objs[i] && ((uintptr_t)objs[i] & 15) == 0);
                for (size_t k = 16; k < size; k++) CHECK(((char *)objs[i])[k] == 0);
                memset((char *)objs[i] + 16, 0, 8);
                memset((char *)objs[i] + 24, 0xAB, size - 24);
            }
            for (int i = 0; i < 200; i++) gi_drop(ts, gi_own_obj(objs[i]));
        }
    }
}

static void check_counts(void) {
    destroyed = 0;
    GiRef n = node_new(&node_type, GI_NULL);
    GiVal v = gi_val(n);
    CHECK(gi_is_unique(ts, v));
    for (int i = 0; i < 200000; i++) (void)gi_dup(ts, v);
    CHECK_INT(gi_refcount(gi_obj(v)), 200001);
    CHECK(gi_obj(v)->shared > 0);
    for (int i = 0; i < 200000; i++) gi_drop(ts, (GiRef){v.bits});
    CHECK_INT(gi_refcount(gi_obj(v)), 1);
    CHECK_INT(destroyed, 0);
    gi_drop(ts, n);
    CHECK_INT(destroyed, 1);
}

static void check_deep_chain(void) {
    destroyed = 0;
    GiRef chain = GI_NULL;
    for (int i = 0; i < 1000000; i++) chain = node_new(&node_type, chain);
    gi_drop(ts, chain);
    CHECK_INT(destroyed, 1000000);
    CHECK(ts->dealloc_depth == 0 && !ts->dealloc_queue);
    chain = gi_dup(ts, GI_NONE);
    for (int i = 0; i < 1000000; i++) {
        GiRef items[1] = {chain};
        chain = i & 1 ? gi_tuple_steal(ts, items, 1) : gi_list_new(ts, 1);
        CHECK(!gi_is_null(chain));
        if (!(i & 1)) CHECK(gi_list_append(ts, gi_val(chain), items[0]) == GI_OK);
    }
    gi_drop(ts, chain);
}

static void check_cycles(void) {
    gi_gc_collect(ts, 2);
    destroyed = 0;
    for (int i = 0; i < 100; i++) {
        GiRef a = node_new(&node_type, GI_NULL), b = node_new(&node_type, gi_dup(ts, gi_val(a)));
        gi_slot_set(ts, &((Node *)gi_obj(a))->next, gi_dup(ts, gi_val(b)));
        gi_drop(ts, a);
        gi_drop(ts, b);
    }
    /* One that hangs on a cycle, and one that is reached from outside. */
    GiRef loop = node_new(&node_type, GI_NULL);
    gi_slot_set(ts, &((Node *)gi_obj(loop))->next, gi_dup(ts, gi_val(loop)));
    GiRef list = gi_list_new(ts, 0);
    CHECK(gi_list_append(ts, gi_val(list), gi_dup(ts, gi_val(list))) == GI_OK);
    gi_drop(ts, list);
    CHECK_INT(destroyed, 0);
    CHECK_INT(gi_gc_collect(ts, 2), 201);
    CHECK_INT(destroyed, 200);
    GiRef name = gi_intern_cstr(ts, "attribute");
    CHECK(gi_attrs_set(ts, gi_obj(loop), gi_val(name), gi_dup(ts, gi_val(loop))) == GI_OK);
    CHECK_INT(gi_gc_collect(ts, 2), 0);
    gi_drop(ts, loop);
    CHECK_INT(gi_gc_collect(ts, 2), 1);
    CHECK_INT(destroyed, 201);
    /* Large objects take part. */
    GiRef big = gi_tuple_new(ts, 1000);
    GiRef holder = gi_list_new(ts, 1);
    for (size_t i = 0; i < 1000; i++) gi_tuple_init(big, i, gi_dup(ts, gi_val(holder)));
    CHECK(gi_list_append(ts, gi_val(holder), big) == GI_OK);
    gi_drop(ts, holder);
    CHECK_INT(gi_gc_collect(ts, 2), 2);
}

static void check_finalizers(void) {
    destroyed = finalized = 0;
    GiRef a = node_new(&reviver_type, GI_NULL);
    gi_drop(ts, a);
    CHECK(finalized == 1 && destroyed == 0);
    gi_slot_clear(ts, &revived);
    CHECK(finalized == 1 && destroyed == 1);
    /* In a cycle: revived by its finalizer once, collected the second time. */
    a = node_new(&reviver_type, GI_NULL);
    gi_slot_set(ts, &((Node *)gi_obj(a))->next, node_new(&node_type, gi_dup(ts, gi_val(a))));
    gi_drop(ts, a);
    destroyed = finalized = 0;
    CHECK_INT(gi_gc_collect(ts, 2), 0);
    CHECK(finalized == 1 && destroyed == 0 && !gi_is_null(revived));
    CHECK(gi_is_heap(((Node *)gi_obj(revived))->next));
    gi_slot_clear(ts, &revived);
    CHECK_INT(gi_gc_collect(ts, 2), 2);
    CHECK(finalized == 1 && destroyed == 2);
}

static void check_weakrefs(void) {
    GiRef a = node_new(&node_type, GI_NULL);
    GiRef r1 = gi_weakref_new(ts, &gi_weakref_type, gi_val(a), GI_NONE);
    GiRef r2 = gi_weakref_new(ts, &gi_weakref_type, gi_val(a), GI_NOVAL);
    CHECK(gi_same(r1, r2));
    GiRef list = gi_list_new(ts, 0);
    GiRef append = gi_getattr_cstr(ts, gi_val(list), "append");
    CHECK(!gi_is_null(append));
    GiRef r3 = gi_weakref_new(ts, &gi_weakref_type, gi_val(a), gi_val(append));
    CHECK_INT(gi_weakref_count(ts, gi_val(a)), 2);
    GiRef back = gi_weakref_get(ts, gi_val(r3));
    CHECK(gi_same(back, a));
    gi_drop(ts, back);
    gi_drop(ts, a);
    CHECK(gi_is_null(gi_weakref_get(ts, gi_val(r1))));
    CHECK_INT(gi_list_len(gi_val(list)), 1);
    CHECK(gi_same(gi_list_peek_locked(gi_val(list), 0), r3));
    /* In a cycle, found by the collector. */
    a = node_new(&node_type, GI_NULL);
    gi_slot_set(ts, &((Node *)gi_obj(a))->next, gi_dup(ts, gi_val(a)));
    GiRef r4 = gi_weakref_new(ts, &gi_weakref_type, gi_val(a), gi_val(append));
    gi_drop(ts, a);
    CHECK_INT(gi_gc_collect(ts, 2), 1);
    CHECK_INT(gi_list_len(gi_val(list)), 2);
    CHECK(gi_is_null(gi_weakref_get(ts, gi_val(r4))));
    gi_drop(ts, append);
    GiRef all[] = {list, r1, r2, r3, r4};
    for (size_t i = 0; i < GI_COUNTOF(all); i++) gi_drop(ts, all[i]);
    CHECK(gi_is_null(gi_weakref_new(ts, &gi_weakref_type, gi_smallint(1), GI_NONE)));
    CHECK(gi_exc_matches(ts, &gi_exc_TypeError));
    gi_exc_clear(ts);
}

static void set_numbered(GiObj *obj, int i, int value) {
    char text[32];
    snprintf(text, sizeof text, "name%d", i);
    GiRef name = gi_str_from_cstr(ts, text);
    CHECK(gi_attrs_set(ts, obj, gi_val(name), gi_smallint_ref(value)) == GI_OK);
    gi_drop(ts, name);
}
static int64_t get_numbered(GiObj *obj, int i) {
    char text[32];
    snprintf(text, sizeof text, "name%d", i);
    GiRef name = gi_str_from_cstr(ts, text), value = gi_attrs_get(ts, obj, gi_val(name));
    gi_drop(ts, name);
    return gi_is_null(value) ? -1 : gi_smallint_value(value);
}

static void check_shapes(void) {
    for (int n = 1; n < 300; n = n * 2 + 1) {
        GiRef a = node_new(&node_type, GI_NULL), b = node_new(&node_type, GI_NULL);
        for (int i = 0; i < n; i++) {
            set_numbered(gi_obj(a), i, i);
            set_numbered(gi_obj(b), i, i + 1000);
        }
        CHECK(gi_attrs(gi_obj(a))->shape == gi_attrs(gi_obj(b))->shape);
        CHECK(gi_attrs(gi_obj(a))->shape->is_dict == (n > 128));
        for (int i = 0; i < n; i++) CHECK_INT(get_numbered(gi_obj(a), i), i);
        CHECK_INT(get_numbered(gi_obj(a), n), -1);
        for (int i = 0; i < n; i += 3) {
            bool found;
            char text[32];
            snprintf(text, sizeof text, "name%d", i);
            GiRef name = gi_str_from_cstr(ts, text);
            CHECK(gi_attrs_del(ts, gi_obj(b), gi_val(name), &found) == GI_OK && found);
            CHECK(gi_attrs_del(ts, gi_obj(b), gi_val(name), &found) == GI_OK && !found);
            gi_drop(ts, name);
        }
        for (int i = 0; i < n; i++) CHECK_INT(get_numbered(gi_obj(b), i), i % 3 ? i + 1000 : -1);
        GiRef snapshot = gi_attrs_snapshot(ts, gi_obj(a)), dict = gi_attrs_dict(ts, gi_obj(a));
        CHECK_INT(gi_dict_len(gi_val(snapshot)), n);
        CHECK_INT(gi_dict_len(gi_val(dict)), n);
        CHECK_INT(get_numbered(gi_obj(a), n - 1), n - 1);
        set_numbered(gi_obj(a), n + 5, 7);
        CHECK_INT(gi_dict_len(gi_val(dict)), n + 1);
        gi_drop(ts, snapshot);
        gi_drop(ts, dict);
        gi_drop(ts, a);
        gi_drop(ts, b);
    }
    /* Too many different names for one class: it goes on with dicts. */
    for (int i = 0; i < 3000; i++) {
        GiRef a = node_new(&node_type, GI_NULL);
        set_numbered(gi_obj(a), 1000 + i, i);
        CHECK_INT(get_numbered(gi_obj(a), 1000 + i), i);
        gi_drop(ts, a);
    }
}

static void check_errors(void) {
    gi_raise(ts, &gi_exc_ValueError, "%d %s %.3s %R %T %N %5d|%zu|%c|%x", 5, "text", "abcdef",
             GI_STR_LATIN1_CHAR('x'), GI_NONE, &gi_list_type, 42, (size_t)7, 'q', 255);
    GiRef exc = gi_exc_take(ts), text = gi_str(ts, gi_val(exc));
    size_t len;
    const char *utf8 = gi_str_utf8(ts, gi_val(text), &len);
    CHECK_TEXT(utf8, len, "5 text abc 'x' NoneType list    42|7|q|ff");
    gi_drop(ts, text);
    gi_drop(ts, exc);
    for (int i = 0; i < 100; i++) {
        (void)gi_raise_nomem(ts);
        CHECK(gi_exc_matches(ts, &gi_exc_MemoryError));
        gi_exc_clear(ts);
    }
    (void)gi_raise_errno(ts, 2, GI_NOVAL);
    CHECK(gi_exc_matches(ts, &gi_exc_FileNotFoundError));
    gi_exc_clear(ts);
}

/* A bit of everything that allocates; true when it was done. */
static bool workload(void) {
    GiRef dict = GI_NULL, list = gi_list_new(ts, 0), text = GI_NULL, tuple = GI_NULL;
    bool done = false;
    if (gi_is_null(list)) goto end;
    for (int i = 0; i < 40; i++) {
        if (gi_list_append(ts, gi_val(list), gi_str_format(ts, "item %d of %R", i, gi_smallint(i)))) goto end;
        if (gi_is_null(gi_list_peek_locked(gi_val(list), (size_t)i))) goto end;
    }
    dict = gi_dict_new(ts);
    if (gi_is_null(dict)) goto end;
    for (int i = 0; i < 40; i++)
        if (gi_dict_set(ts, gi_val(dict), gi_list_peek_locked(gi_val(list), (size_t)i), GI_NONE)) goto end;
    tuple = gi_to_tuple(ts, gi_val(list));
    if (gi_is_null(tuple)) goto end;
    text = gi_repr(ts, gi_val(dict));
    if (gi_is_null(text)) goto end;
    done = true;
end:
    gi_xdrop(ts, dict);
    gi_xdrop(ts, list);
    gi_xdrop(ts, text);
    gi_xdrop(ts, tuple);
    return done;
}

#ifdef GI_HOSTILE
static void check_failures(void) {
    for (int64_t n = 1;; n++) {
        gi_hostile_fail(n, false);
        bool done = workload();
        bool failed = gi_hostile_left() == 0;
        gi_hostile_fail(0, false);
        CHECK(done == !gi_raised(ts));
        if (!done) CHECK(gi_exc_matches(ts, &gi_exc_MemoryError));
        gi_exc_clear(ts);
        if (!failed) break;
    }
}
#else
static void check_failures(void) { CHECK(workload()); }
#endif

/* Buffers of every size: room for what was asked, contents kept by growing and shrinking, and given
 * back by a thread that is none of Python's. */
static void *free_all(void *arg) {
    for (void **b = arg; *b; b++) gi_mem_free(*b);
    return NULL;
}

static void check_buffers(void) {
    static const size_t sizes[] = {0, 1, 16, 17, 100, 511, 512, 513, 4000, 100, 16, 1};
    unsigned char *block = NULL;
    size_t before = 0;
    for (size_t i = 0; i < GI_COUNTOF(sizes); i++) {
        block = gi_mem_realloc(ts, block, sizes[i]);
        CHECK(block && ((uintptr_t)block & 15) == 0);
        for (size_t k = 0; k < GI_MIN(before, sizes[i]); k++) CHECK(block[k] == (k & 255));
        for (size_t k = 0; k < sizes[i]; k++) block[k] = (unsigned char)k;
        before = sizes[i];
    }
    gi_mem_free(block);
    gi_mem_free(NULL);
    CHECK(!gi_mem_alloc(ts, SIZE_MAX) && gi_exc_matches(ts, &gi_exc_MemoryError));
    gi_exc_clear(ts);
    CHECK(!gi_mem_calloc(ts, SIZE_MAX / 4, 8) && gi_exc_matches(ts, &gi_exc_MemoryError));
    gi_exc_clear(ts);
    void *blocks[201] = {0};
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < 200; i++) {
            blocks[i] = gi_mem_calloc(ts, i, 3);
            CHECK(blocks[i]);
            for (size_t k = 0; k < i * 3; k++) CHECK(((char *)blocks[i])[k] == 0);
            memset(blocks[i], 0xEE, i * 3);
        }
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, free_all, blocks) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
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
    vm->debug_flags = GI_DEBUG_VALIDATE;
    CHECK(gi_names_init(ts) == GI_OK);
    CHECK(gi_types_init(ts) == GI_OK);
    CHECK(gi_type_ready(ts, &node_type) == GI_OK && gi_type_ready(ts, &reviver_type) == GI_OK);
    check_zeroed();
    check_buffers();
    check_counts();
    check_deep_chain();
    check_cycles();
    check_finalizers();
    check_weakrefs();
    check_shapes();
    check_errors();
    check_failures();
    CHECK(!gi_raised(ts));
    return 0;
}
