/* buffer.h - the buffer protocol (PEP 3118) and its views.
 *
 * A view holds a reference to its exporter; gi_buffer_release drops it exactly once.
 */
#ifndef GI_OBJECTS_BUFFER_H
#define GI_OBJECTS_BUFFER_H

#include "objects/type.h"
#include <sys/types.h>

enum { /* flags of a request, as in PEP 3118 */
    GI_BUF_SIMPLE = 0, GI_BUF_WRITABLE = 1, GI_BUF_FORMAT = 4, GI_BUF_ND = 8, GI_BUF_STRIDES = 0x18,
    GI_BUF_C_CONTIGUOUS = 0x38, GI_BUF_F_CONTIGUOUS = 0x58, GI_BUF_ANY_CONTIGUOUS = 0x98,
    /* Not in PEP 3118: the view is released before any code runs that could ask for it; what changes in
     * other threads meanwhile need not be seen, nor hindered. */
    GI_BUF_BRIEF = 0x1000,
    GI_BUF_INDIRECT = 0x118, GI_BUF_FULL_RO = 0x11c, GI_BUF_FULL = 0x11d,
};

struct GiBuffer {
    void *data;
    GiSlot owner;         /* exporter; null when the view is empty or released */
    ssize_t len;          /* bytes */
    ssize_t item_size;
    bool readonly;
    int ndim;
    const char *format;   /* NULL means "B" */
    ssize_t *shape, *strides, *suboffsets; /* NULL when not asked for */
    ssize_t shape_inline[2]; /* storage for one-dimensional exporters: shape and stride */
    void *internal;       /* the exporter's */
};

/* Gets a view; raises TypeError "a bytes-like object is required, not '...'" or BufferError. */
GI_NODISCARD GiStatus gi_buffer_get(GiThread *ts, GiVal v, GiBuffer *view, int flags);
void gi_buffer_release(GiThread *ts, GiBuffer *view);
bool gi_has_buffer(GiVal v);
/* Contiguity of a view, order 'C', 'F' or 'A' (either). */
bool gi_buffer_is_contiguous(const GiBuffer *view, char order);
/* Copies the items of any view into `to` (view->len bytes) in order 'C', 'F' or 'A' (F only if the
 * view is F-contiguous and not C-contiguous). */
void gi_buffer_to_contiguous(const GiBuffer *view, void *to, char order);
/* For exporters: fills a one-dimensional byte view and takes a reference to owner. */
GI_NODISCARD GiStatus gi_buffer_fill(GiThread *ts, GiBuffer *view, GiVal owner, void *data, ssize_t len,
                        bool readonly, int flags);
GI_NODISCARD GiRef gi_memoryview_from(GiThread *ts, GiVal v);
/* A view over memory that stays valid as long as owner lives. */
GI_NODISCARD GiRef gi_memoryview_over(GiThread *ts, GiVal owner, void *data, ssize_t len, bool readonly);
extern GiType gi_memoryview_type, gi_memoryview_iter_type, gi_managedbuffer_type;

#endif
