/* buffer.c - pickle.PickleBuffer: an object with a buffer that may be pickled out of band.
 *
 * LOCK: `open` and the view are looked at and changed in steps (modules/step.h): another thread may release it.
 */
#include "modules/_pickle/pickle.h"
#include "modules/step.h"

typedef struct GiPickleBuffer { GiObj obj; GiBuffer view; bool open; } GiPickleBuffer;
#include "modules/_pickle/buffer.gen.h"

#define PB(v) ((GiPickleBuffer *)gi_obj(v))

static GiStatus released(GiThread *ts) {
    return gi_raise_status(ts, &gi_exc_ValueError, "operation forbidden on released PickleBuffer object");
}
GiStatus gi_pickle_buffer_look(GiThread *ts, GiVal v, GiPickleBufferLook *look) {
    bool open = false;
    GI_STEP(ts, v) {
        const GiBuffer *view = &PB(v)->view;
        open = PB(v)->open;
        if (!open) continue;
        look->data = view->data;
        look->len = view->len;
        look->readonly = view->readonly;
        look->contiguous = gi_buffer_is_contiguous(view, 'A');
        look->plain = view->ndim == 1 && view->item_size == 1 && (view->format == NULL || strcmp(view->format, "B") == 0);
    }
    return open ? GI_OK : released(ts);
}
GiRef gi_pickle_buffer_copy(GiThread *ts, GiVal v) {
    GiRef copy = GI_NULL;
    bool open = false;
    GI_STEP(ts, v) {
        open = PB(v)->open;
        if (open) copy = gi_bytes_from(ts, PB(v)->view.data, (size_t)PB(v)->view.len);
    }
    if (!open) (void)released(ts);
    return copy;
}
static GiRef pickle_buffer_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    size_t nkw = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    if (nkw) return gi_raise_ref(ts, &gi_exc_TypeError, "'%U' is an invalid keyword argument for PickleBuffer()", gi_tuple_get(kwnames, 0));
    if (nargs != 1) return gi_raise_ref(ts, &gi_exc_TypeError, "PickleBuffer() takes exactly 1 positional argument (%zu given)", nargs);
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    if (gi_buffer_get(ts, args[0], &PB(made)->view, GI_BUF_FULL_RO) < 0) {
        gi_drop(ts, made);
        return GI_NULL;
    }
    PB(made)->open = true;
    return made;
}
static void pickle_buffer_destroy(GiThread *ts, GiObj *obj) {
    GiPickleBuffer *b = (GiPickleBuffer *)obj;
    if (b->open) gi_buffer_release(ts, &b->view);
    b->open = false;
}

GI_METHOD(pickle_buffer, release, "(self)", "Release the underlying buffer exposed by the PickleBuffer object.") {
    bool mine = false;
    GI_STEP(ts, self) {
        mine = PB(self)->open;
        PB(self)->open = false;
    }
    if (mine) gi_buffer_release(ts, &PB(self)->view); /* nobody else looks at it now */
    return GI_REF_NONE;
}
GI_METHOD(pickle_buffer, raw, "(self)", "Return a memoryview of the raw memory underlying this buffer.\nWill raise BufferError is the buffer isn't contiguous.") {
    GiPickleBufferLook look;
    if (gi_pickle_buffer_look(ts, self, &look) < 0) return GI_NULL;
    if (!look.contiguous) return gi_raise_ref(ts, &gi_exc_BufferError, "cannot extract raw buffer from non-contiguous buffer");
    /* A view of the exporter keeps its memory in place; the bytes of another layout are lent by it. */
    GiRef whole = gi_memoryview_from(ts, self);
    if (gi_is_null(whole) || look.plain) return whole;
    GiRef raw = gi_memoryview_over(ts, gi_val(whole), look.data, look.len, look.readonly);
    gi_drop(ts, whole);
    return raw;
}
static GiStatus pickle_buffer_get(GiThread *ts, GiVal self, GiBuffer *view, int flags) {
    GiRef owner = GI_NULL;
    bool open = false;
    GI_STEP(ts, self) {
        open = PB(self)->open;
        if (open) owner = gi_slot_dup(ts, &PB(self)->view.owner);
    }
    if (!open) return released(ts);
    GiStatus status = gi_buffer_get(ts, gi_val(owner), view, flags);
    gi_xdrop(ts, owner);
    return status;
}
static void each_owner(GiObj *obj, GiVisit visit, void *arg) {
    GiPickleBuffer *b = (GiPickleBuffer *)obj;
    if (b->open && !gi_visit_empties(visit)) visit(&b->view.owner, arg);
}
GiType gi_pickle_buffer_type = {
    .obj = GI_TYPE_HEAD, .name = "pickle.PickleBuffer", .module = "pickle", .size = sizeof(GiPickleBuffer), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_WEAKREF, .fields = (const GiField[]){GI_CUSTOM(each_owner), GI_FIELDS_END},
    .methods = pickle_buffer_methods, .new_ = pickle_buffer_new, .destroy = pickle_buffer_destroy, .get_buffer = pickle_buffer_get,
    .doc = "Wrapper for potentially out-of-band buffers",
};
