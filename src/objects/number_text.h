/* number_text.h - reading numbers out of str and bytes objects: what float and complex share. */
#ifndef GI_OBJECTS_NUMBER_TEXT_H
#define GI_OBJECTS_NUMBER_TEXT_H

#include "objects/type.h"

/* The text of a str or bytes-like object without blanks around and without underscores, which must
 * stand between digits. */
typedef struct GiNumberText {
    const char *text;
    size_t len;
    bool had_underscore, bad_underscore; /* one before the first NUL; one out of place */
    char *owned;      /* to be freed, or NULL */
    char small[64];
} GiNumberText;

/* GI_FAIL: MemoryError. `text`..`len` need not be NUL-terminated. */
GI_NODISCARD GiStatus gi_number_text_clean(GiThread *ts, GiNumberText *t, const char *text, size_t len);
GI_NODISCARD GiStatus gi_number_text_of_str(GiThread *ts, GiNumberText *t, GiVal s);
void gi_number_text_free(GiNumberText *t);

/* OverflowError(34, 'Numerical result out of range'). */
GI_COLD GiRef gi_raise_range(GiThread *ts);

#endif
