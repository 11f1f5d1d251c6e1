/* buffer.c - getting and releasing buffer views. See buffer.h. */
#include "objects/buffer.h"

#include "objects/error.h"

bool gi_has_buffer(GiVal v) { return gi_type_of(v)->get_buffer != NULL; }

GiStatus gi_buffer_get(GiThread *ts, GiVal v, GiBuffer *view, int flags) {
    GiType *type = gi_type_of(v);
    memset(view, 0, sizeof *view);
    if (!type->get_buffer)
        return gi_raise_status(ts, &gi_exc_TypeError, "a bytes-like object is required, not '%.100T'", v);
    return type->get_buffer(ts, v, view, flags);
}

void gi_buffer_release(GiThread *ts, GiBuffer *view) {
    if (gi_is_null(view->owner)) return;
    GiVal owner = gi_slot_peek(&view->owner);
    GiType *type = gi_type_of(owner);
    if (type->release_buffer) type->release_buffer(ts, owner, view);
    gi_xdrop(ts, gi_slot_take(&view->owner));
    view->data = NULL;
}

GiStatus gi_buffer_fill(GiThread *ts, GiBuffer *view, GiVal owner, void *data, ssize_t len, bool readonly,
                        int flags) {
    if ((flags & GI_BUF_WRITABLE) && readonly) {
        gi_slot_init(&view->owner, GI_NULL);
        return gi_raise_status(ts, &gi_exc_BufferError, "Object is not writable.");
    }
    view->data = data;
    view->len = len;
    view->item_size = 1;
    view->readonly = readonly;
    view->ndim = 1;
    view->format = flags & GI_BUF_FORMAT ? "B" : NULL;
    view->shape_inline[0] = len;
    view->shape_inline[1] = 1;
    view->shape = flags & GI_BUF_ND ? &view->shape_inline[0] : NULL;
    view->strides = (flags & GI_BUF_STRIDES) == GI_BUF_STRIDES ? &view->shape_inline[1] : NULL;
    view->suboffsets = NULL;
    view->internal = NULL;
    gi_slot_init(&view->owner, gi_dup(ts, owner));
    return GI_OK;
}
