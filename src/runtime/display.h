/* display.h - how uncaught exceptions are shown: what sys.excepthook writes. */
#ifndef GI_RUNTIME_DISPLAY_H
#define GI_RUNTIME_DISPLAY_H

#include "objects/str.h"
#include "objects/type.h"

/* One display: the text made so far, and the source file looked into last. */
typedef struct GiDisplay {
    GiThread *ts;
    GiStrBuilder out;
    GiRef seen;          /* set of the addresses of exceptions that were shown */
    int depth;           /* of nested exception groups */
    bool need_close;     /* the box of a group's members is open */
    GiRef file, owner;   /* file name; what keeps `text` alive. Null: none yet */
    const char *text;    /* NULL: the file cannot be read */
    size_t len;
} GiDisplay;

/* Writes what begins a line inside exception groups. */
void gi_display_margin(GiDisplay *d);
/* Writes "Traceback (most recent call last):" in the form that fits, and the entries. GI_FAIL: an
 * exception is set. */
GI_NODISCARD GiStatus gi_display_traceback(GiDisplay *d, GiVal traceback, bool group);
/* The name that the user may have meant, or null (no exception is left set). */
GiRef gi_suggestion(GiThread *ts, GiVal exc);

#endif
