/* rwpair.c - BufferedRWPair: a BufferedReader and a BufferedWriter over two raw streams. */
#include "modules/_io/io.h"

#include "memory/slots.h"

typedef struct GiRWPair { GiObj obj; GiSlot reader, writer; } GiRWPair;
#define RWPAIR(v) ((GiRWPair *)gi_obj(v))

#include "modules/_io/rwpair.gen.h"

static GiRef forward(GiThread *ts, GiVal self, const GiSlot *part, const char *name, const GiVal *args, size_t nargs) {
    (void)self;
    GiRef to = gi_slot_load(ts, part);
    if (gi_is_null(to)) return gi_raise_ref(ts, &gi_exc_ValueError, "I/O operation on uninitialized object");
    GiRef method = gi_getattr_cstr(ts, gi_val(to), name);
    GiRef r = gi_is_null(method) ? GI_NULL : gi_call(ts, gi_val(method), args, nargs, GI_NOVAL);
    gi_xdrop(ts, method);
    gi_drop(ts, to);
    return r;
}
#define READER(name) forward(ts, self, &RWPAIR(self)->reader, name, NULL, 0)
#define WRITER(name) forward(ts, self, &RWPAIR(self)->writer, name, NULL, 0)

static GiRef rwpair_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                        GiVal kwnames GI_UNUSED) {
    return gi_type_alloc(ts, type, 0);
}
GI_INIT(rwpair, "(self, reader, writer, buffer_size: ssize = 8192, /)") {
    if (gi_io_check_readable(ts, a->reader) < 0 || gi_io_check_writable(ts, a->writer) < 0) return GI_FAIL;
    GiRef size = gi_int_from_i64(ts, a->buffer_size);
    if (gi_is_null(size)) return GI_FAIL;
    GiRef reader = gi_call2(ts, gi_type_val(&gi_buffered_reader_type), a->reader, gi_val(size));
    GiRef writer = gi_is_null(reader) ? GI_NULL : gi_call2(ts, gi_type_val(&gi_buffered_writer_type), a->writer, gi_val(size));
    gi_drop(ts, size);
    if (gi_is_null(writer)) {
        gi_xdrop(ts, reader);
        return GI_FAIL;
    }
    gi_slot_store(ts, &RWPAIR(self)->reader, reader);
    gi_slot_store(ts, &RWPAIR(self)->writer, writer);
    return GI_OK;
}
GI_METHOD(rwpair, read, "(self, *args)", NULL) { return forward(ts, self, &RWPAIR(self)->reader, "read", a->args, a->args_count); }
GI_METHOD(rwpair, peek, "(self, *args)", NULL) { return forward(ts, self, &RWPAIR(self)->reader, "peek", a->args, a->args_count); }
GI_METHOD(rwpair, read1, "(self, *args)", NULL) { return forward(ts, self, &RWPAIR(self)->reader, "read1", a->args, a->args_count); }
GI_METHOD(rwpair, readinto, "(self, *args)", NULL) { return forward(ts, self, &RWPAIR(self)->reader, "readinto", a->args, a->args_count); }
GI_METHOD(rwpair, readinto1, "(self, *args)", NULL) { return forward(ts, self, &RWPAIR(self)->reader, "readinto1", a->args, a->args_count); }
GI_METHOD(rwpair, write, "(self, *args)", NULL) { return forward(ts, self, &RWPAIR(self)->writer, "write", a->args, a->args_count); }
GI_METHOD(rwpair, flush, "(self)", NULL) { return WRITER("flush"); }
GI_METHOD(rwpair, readable, "(self)", NULL) { return READER("readable"); }
GI_METHOD(rwpair, writable, "(self)", NULL) { return WRITER("writable"); }
GI_METHOD(rwpair, close, "(self)", NULL) {
    GiRef r = WRITER("close");
    GiRef first = gi_is_null(r) ? gi_exc_take(ts) : GI_NULL;
    gi_xdrop(ts, r);
    r = READER("close");
    gi_io_chain(ts, first);
    if (!gi_raised(ts)) return r;
    gi_xdrop(ts, r);
    return GI_NULL;
}
GI_METHOD(rwpair, isatty, "(self)", NULL) {
    GiRef r = WRITER("isatty");
    if (gi_is_null(r) || !gi_is_false(r)) return r;
    return READER("isatty");
}
GI_GETTER(rwpair, closed, NULL) {
    GiRef writer = gi_slot_load(ts, &RWPAIR(self)->writer);
    if (gi_is_null(writer))
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "the BufferedRWPair object is being garbage-collected");
    GiRef r = gi_getattr(ts, gi_val(writer), GI_N(closed));
    gi_drop(ts, writer);
    return r;
}

static const GiField rwpair_fields[] = {GI_SLOT(GiRWPair, reader), GI_SLOT(GiRWPair, writer), GI_FIELDS_END};
GiType gi_buffered_rwpair_type = {
    .obj = GI_TYPE_HEAD, .name = "_io.BufferedRWPair", .module = "_io", .size = sizeof(GiRWPair),
    .base = &gi_bufferediobase_type, .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_WEAKREF,
    .fields = rwpair_fields, .methods = rwpair_methods, .getset = rwpair_getset, .new_ = rwpair_new, .init = rwpair_init,
    .doc = "BufferedRWPair(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)\n--\n\nA buffered reader and writer object together.\n\nA buffered reader object and buffered writer object put together to\nform a sequential IO object that can read and write. This is typically\nused with a socket or two-way pipe.\n\nreader and writer are RawIOBase objects that are readable and\nwriteable respectively. If the buffer_size is omitted it defaults to\nDEFAULT_BUFFER_SIZE.",
};
