/* buffer.c - pickle.PickleBuffer: an object with a buffer that may be pickled out of band. */
#include "modules/_pickle/pickle.h"
#include "objects/container.h"

typedef struct GiPickleBuffer { GiObj obj; GiBuffer view; bool open; } GiPickleBuffer;
#include "modules/_pickle/buffer.gen.h"

#define PB(v) ((GiPickleBuffer *)gi_obj(v))

GiStatus gi_pickle_buffer_view(GiThread *ts, GiVal v, const GiBuffer **view) {
    if (!PB(v)->open) return gi_raise_status(ts, &gi_exc_ValueError, "operation forbidden on released PickleBuffer object");
    *view = &PB(v)->view;
    return GI_OK;
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
static void let_go(GiThread *ts, GiPickleBuffer *b) {
    if (!b->open) return;
    b->open = false;
    gi_buffer_release(ts, &b->view);
}
static void pickle_buffer_destroy(GiThread *ts, GiObj *obj) { let_go(ts, (GiPickleBuffer *)obj); }

GI_METHOD(pickle_buffer, release, "(self)", "Release the underlying buffer exposed by the PickleBuffer object.") {
    let_go(ts, PB(self));
    return GI_REF_NONE;
}
GI_METHOD(pickle_buffer, raw, "(self)", "Return a memoryview of the raw memory underlying this buffer.\nWill raise BufferError is the buffer isn't contiguous.") {
    const GiBuffer *view;
    if (gi_pickle_buffer_view(ts, self, &view) < 0) return GI_NULL;
    if (!gi_buffer_is_contiguous(view, 'A')) return gi_raise_ref(ts, &gi_exc_BufferError, "cannot extract raw buffer from non-contiguous buffer");
    /* A view of the exporter keeps its memory in place; the bytes of another layout are lent by it. */
    GiRef whole = gi_memoryview_from(ts, self);
    bool plain = view->ndim == 1 && view->item_size == 1 && (view->format == NULL || strcmp(view->format, "B") == 0);
    if (gi_is_null(whole) || plain) return whole;
    GiRef raw = gi_memoryview_over(ts, gi_val(whole), view->data, view->len, view->readonly);
    gi_drop(ts, whole);
    return raw;
}
static GiStatus pickle_buffer_get(GiThread *ts, GiVal self, GiBuffer *view, int flags) {
    const GiBuffer *own;
    if (gi_pickle_buffer_view(ts, self, &own) < 0) return GI_FAIL;
    return gi_buffer_get(ts, gi_val(own->owner), view, flags);
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
