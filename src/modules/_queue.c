/* _queue.c - SimpleQueue: an unbounded FIFO queue whose put() may be called from destructors.
 *
 * Items stand in a ring under the object's byte lock. Who finds it empty waits by acquiring `gate`;
 * put() opens it. Whoever takes an item opens the gate again while items are left, so that a waiter
 * that was passed over wakes; a wake-up for nothing only looks again.
 */
#include "modules/seconds.h"
#include "objects/container.h"
#include "objects/exceptions.h"
#include "os/clock.h"

typedef struct GiQueue {
    GiObj obj;
    GiSlot *items;
    size_t capacity, head, count; /* capacity: 0 or a power of two */
    GiLock gate;
} GiQueue;

#include "modules/_queue.gen.h"

extern GiType gi_simplequeue_type, gi_queue_empty_type;

#define queue_of(v) ((GiQueue *)gi_obj(v))
#define ring_at(q, i) (&(q)->items[((q)->head + (i)) & ((q)->capacity - 1)])

/* Consumes item. */
static GiStatus queue_put(GiThread *ts, GiVal v, GiRef item) {
    GiQueue *q = queue_of(v);
    GiStatus status = GI_OK;
    gi_lock_obj(ts, v);
    if (q->count == q->capacity) {
        size_t capacity = q->capacity ? q->capacity * 2 : 8;
        GiSlot *items = gi_mem_alloc(ts, capacity * sizeof(GiSlot));
        if (items == NULL) {
            status = GI_FAIL;
        } else {
            for (size_t i = 0; i < q->count; i++) items[i] = *ring_at(q, i);
            gi_mem_retire(ts, q->items);
            q->items = items;
            q->capacity = capacity;
            q->head = 0;
        }
    }
    if (status == GI_OK) {
        q->count++;
        ring_at(q, q->count - 1)->bits = item.bits;
    }
    gi_unlock_obj(ts, v);
    if (status) {
        gi_drop(ts, item);
        return status;
    }
    if (gi_lock_is_held(&q->gate)) gi_lock_release(&q->gate);
    return GI_OK;
}

/* Null without exception when empty. */
static GiRef queue_take(GiThread *ts, GiVal v) {
    GiQueue *q = queue_of(v);
    GiRef item = GI_NULL;
    gi_lock_obj(ts, v);
    size_t left = 0;
    if (q->count) {
        item.bits = ring_at(q, 0)->bits;
        q->head = (q->head + 1) & (q->capacity - 1);
        left = --q->count;
    }
    gi_unlock_obj(ts, v);
    if (left && gi_lock_is_held(&q->gate)) gi_lock_release(&q->gate);
    return item;
}

static GiRef raise_empty(GiThread *ts) {
    gi_raise_none(ts, &gi_queue_empty_type);
    return GI_NULL;
}

/* The deadline that a timeout in seconds means. */
static GiStatus read_timeout(GiThread *ts, GiVal timeout, uint64_t *deadline) {
    *deadline = GI_NEVER;
    if (gi_is_null(timeout) || gi_is_none(timeout)) return GI_OK;
    int64_t ns = 0;
    if (gi_read_time(ts, timeout, GI_UNIT_S, gi_away_from_zero, &ns)) return GI_FAIL;
    if (ns < 0) return gi_raise_status(ts, &gi_exc_ValueError, "'timeout' must be a non-negative number");
    *deadline = gi_os_deadline((uint64_t)ns);
    return GI_OK;
}

static GiRef queue_get(GiThread *ts, GiVal self, bool block, GiVal timeout) {
    GiRef item;
    uint64_t deadline = 0;
    if (block && read_timeout(ts, timeout, &deadline)) return GI_NULL;
    for (;;) {
        item = queue_take(ts, self);
        if (!gi_is_null(item)) return item;
        if (!block) return raise_empty(ts);
        GiLockResult result = gi_lock_acquire_until(&ts->core, &queue_of(self)->gate, deadline);
        if (result == GI_LOCK_TIMEOUT) {
            item = queue_take(ts, self);
            return gi_is_null(item) ? raise_empty(ts) : item;
        }
        if (result == GI_LOCK_INTERRUPTED && gi_check_signals(ts)) return GI_NULL;
    }
}

static GiRef simplequeue_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs,
                             GiVal kwnames) {
    if (type == &gi_simplequeue_type) {
        if (nargs)
            return gi_raise_ref(ts, &gi_exc_TypeError, "SimpleQueue() takes no positional arguments");
        if (gi_no_kwargs(ts, "SimpleQueue", kwnames)) return GI_NULL;
    }
    return gi_type_alloc(ts, type, 0);
}

GI_METHOD(simplequeue, put, "(self, item, block: bool = True, timeout = None)",
          "Put the item on the queue.\n\nThe optional 'block' and 'timeout' arguments are ignored, as "
          "this method\nnever blocks.  They are provided for compatibility with the Queue class.") {
    return queue_put(ts, self, gi_dup(ts, a->item)) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(simplequeue, put_nowait, "(self, item)",
          "Put an item into the queue without blocking.\n\nThis is exactly equivalent to `put(item)` "
          "and is only provided\nfor compatibility with the Queue class.") {
    return queue_put(ts, self, gi_dup(ts, a->item)) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(simplequeue, get, "(self, block: bool = True, timeout = None)",
          "Remove and return an item from the queue.\n\nIf optional args 'block' is true and 'timeout' "
          "is None (the default),\nblock if necessary until an item is available. If 'timeout' is\na "
          "non-negative number, it blocks at most 'timeout' seconds and raises\nthe Empty exception if "
          "no item was available within that time.\nOtherwise ('block' is false), return an item if "
          "one is immediately\navailable, else raise the Empty exception ('timeout' is ignored\nin "
          "that case).") {
    return queue_get(ts, self, a->block, a->timeout);
}

GI_METHOD(simplequeue, get_nowait, "(self)",
          "Remove and return an item from the queue without blocking.\n\nOnly get an item if one is "
          "immediately available. Otherwise\nraise the Empty exception.") {
    return queue_get(ts, self, false, GI_NOVAL);
}

GI_METHOD(simplequeue, empty, "(self)",
          "Return True if the queue is empty, False otherwise (not reliable!).") {
    return gi_bool_ref(queue_of(self)->count == 0);
}

GI_METHOD(simplequeue, qsize, "(self)", "Return the approximate size of the queue (not reliable!).") {
    return gi_smallint_ref((int64_t)queue_of(self)->count);
}

GI_CLASSMETHOD(simplequeue, __class_getitem__, "(cls, object, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->object);
}

static void queue_each(GiObj *obj, GiVisit visit, void *arg) {
    GiQueue *q = (GiQueue *)obj;
    for (size_t i = 0; i < q->count; i++) visit(ring_at(q, i), arg);
}

GiType gi_simplequeue_type = {
    .obj = GI_TYPE_HEAD,
    .name = "_queue.SimpleQueue",
    .module = "_queue",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_WEAKREF | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiQueue),
    .base = &gi_object_type,
    .doc = "Simple, unbounded, reentrant FIFO queue.",
    .fields = (const GiField[]){GI_CUSTOM(queue_each), GI_BUFFER_FIELD(GiQueue, items), GI_FIELDS_END},
    .methods = simplequeue_methods,
    .new_ = simplequeue_new,
};

GiType gi_queue_empty_type = {
    .obj = GI_TYPE_HEAD,
    .name = "_queue.Empty",
    .module = "_queue",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_EXCEPTION | GI_TYPE_WEAKREF | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiException),
    .base = &gi_exc_Exception,
    .doc = "Exception raised by Queue.get(block=0)/get_nowait().",
};

static GiStatus queue_exec(GiThread *ts, GiVal module) {
    if (gi_module_add_type(ts, module, &gi_queue_empty_type)) return GI_FAIL;
    return gi_module_add_type(ts, module, &gi_simplequeue_type);
}

const GiModuleDef gi_module__queue = {
    .name = "_queue",
    .doc = "C implementation of the Python queue module.\nThis module is an implementation detail, "
           "please do not use it directly.",
    .exec = queue_exec,
};
