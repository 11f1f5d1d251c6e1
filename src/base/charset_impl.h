/* charset_impl.h - what the codec cores share among themselves. */
#ifndef GI_BASE_CHARSET_IMPL_H
#define GI_BASE_CHARSET_IMPL_H

#include "base/charset.h"

/* Reports an error at [start, end) of the input: runs the callback and sets *pos to where to go
 * on. */
GiCodecStatus gi_decoder_error(GiDecoder *d, size_t start, size_t end, const char *reason,
                               size_t *pos) GI_NODISCARD;

/* The same for an encoder; what the callback gave in exchange is in fix_bytes or fix_text. */
GiCodecStatus gi_encoder_error(GiEncoder *e, size_t start, size_t end, const char *reason,
                               size_t *pos) GI_NODISCARD;

/* Ends an encoder that has written into its buffer directly: terminates it, gives the status. */
GiCodecStatus gi_encoder_end(GiEncoder *e) GI_NODISCARD;

/* Leaves the enclosing function with a status that is not OK. */
#define GI_CODEC_TRY(expression)                                                                   \
    do {                                                                                           \
        GiCodecStatus codec_status_ = (expression);                                                \
        if (GI_UNLIKELY(codec_status_ != GI_CODEC_OK)) return codec_status_;                       \
    } while (0)

/* Appends a code point, leaving the enclosing function when out of memory. */
#define GI_CODEC_PUT(d, c)                                                                         \
    do {                                                                                           \
        if (GI_UNLIKELY(gi_u32buf_push(&(d)->out, (c)) != GI_OK)) return GI_CODEC_NO_MEMORY;       \
    } while (0)

/* Makes room in an encoder's output, giving the place to write, or leaves with NO_MEMORY. */
#define GI_CODEC_ROOM(e, more)                                                                     \
    do {                                                                                           \
        if (GI_UNLIKELY(gi_strbuf_reserve(&(e)->out, (more)) != GI_OK)) return GI_CODEC_NO_MEMORY; \
    } while (0)

#endif
