/* textio.h - the struct of TextIOWrapper, between textio.c (the object, writing, state) and
 * textio_read.c (decoding, lines, positions). See textio.c. */
#ifndef GI_MODULES_IO_TEXTIO_H
#define GI_MODULES_IO_TEXTIO_H

#include "modules/_io/io.h"

typedef enum { GI_TEXT_UTF8, GI_TEXT_ASCII, GI_TEXT_LATIN1, GI_TEXT_OBJECT } GiTextCodec;

typedef struct GiTextIO {
    GiObj obj;
    GiSlot buffer;    /* null: not initialised or detached */
    GiSlot encoding, errors;
    GiSlot encoder, decoder; /* GI_TEXT_OBJECT only */
    GiSlot decoded;   /* str, or null: text that was decoded and not all given out */
    size_t used;      /* characters of it that were given out */
    GiSlot snap_input;  /* bytes, or null: no snapshot. Decoding them from the state snap_flags gives `decoded` */
    uint64_t snap_flags;
    uint8_t *pending; /* encoded text that was not written */
    size_t pending_len, pending_cap;
    ssize_t chunk;
    double bytes_per_char;
    GiNewlines newlines;
    GiTextCodec codec;
    uint8_t tail[8];  /* native decoder: bytes of an incomplete character */
    uint8_t tail_len;
    char read_nl[3], write_nl[3]; /* read_nl "": universal, or none translated */
    bool ok, detached, can_read, can_write, read_universal, write_translate, line_buffering, write_through, seekable,
        telling, has_read1, finalizing;
    GiIoLock lock;
} GiTextIO;
#define TEXTIO(v) ((GiTextIO *)gi_obj(v))

/* ValueError unless initialised; and open. */
GI_NODISCARD GiStatus gi_textio_check(GiThread *ts, GiVal self);
GI_NODISCARD GiStatus gi_textio_check_open(GiThread *ts, GiVal self);
GI_NODISCARD GiStatus gi_textio_write_pending(GiThread *ts, GiVal self);
GI_NODISCARD GiStatus gi_textio_reset_encoder(GiThread *ts, GiVal self, bool at_start);
/* textio_read.c */
void gi_textio_forget(GiThread *ts, GiTextIO *t); /* decoded text and snapshot */
GI_NODISCARD GiStatus gi_textio_reset_decoder(GiThread *ts, GiVal self);
GI_NODISCARD GiRef gi_textio_next(GiThread *ts, GiVal self);
extern const GiMethodDef *const gi_textio_read_methods;
GI_NODISCARD GiRef gi_textio_read(GiThread *ts, GiVal self, ssize_t n);
GI_NODISCARD GiRef gi_textio_readline(GiThread *ts, GiVal self, ssize_t limit);
GI_NODISCARD GiRef gi_textio_tell(GiThread *ts, GiVal self);
GI_NODISCARD GiRef gi_textio_seek(GiThread *ts, GiVal self, GiVal cookie, int whence);

#endif
