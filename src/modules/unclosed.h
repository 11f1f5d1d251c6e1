/* unclosed.h - the warning that something ends which its program did not close. */
#ifndef GI_MODULES_UNCLOSED_H
#define GI_MODULES_UNCLOSED_H

#include "modules/module.h"

/* Warns that `thing` was left open, with the exception under way put aside. A filter may make the
 * warning an error, which is reported for `reporter`; other errors come of a program that ends, and are lost. */
static inline void gi_warn_unclosed(GiThread *ts, const char *what, GiVal thing, GiVal reporter) {
    GiRef raised = gi_exc_take(ts);
    if (gi_warn(ts, &gi_exc_ResourceWarning, 1, "unclosed %s%R", what, thing) < 0) {
        if (gi_exc_matches(ts, &gi_exc_Warning)) gi_unraisable(ts, reporter, NULL);
        else gi_exc_clear(ts);
    }
    if (!gi_is_null(raised)) gi_exc_restore(ts, raised);
}

#endif
