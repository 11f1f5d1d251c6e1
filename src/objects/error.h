/* error.h - raising, asking for and handling exceptions from C.
 *
 * The exception being raised is ts->exc, always an instance. "Handled" exceptions (sys.exception())
 * are known to frames.
 */
#ifndef GI_OBJECTS_ERROR_H
#define GI_OBJECTS_ERROR_H

#include "objects/type.h"
#include <stdarg.h>

/* All exception types: gi_exc_ValueError, ... (objects/exceptions.def). */
#define GI_EXC(name, base) extern GiType gi_exc_##name;
#include "objects/exceptions.def"
#undef GI_EXC

/* Sets an exception with a formatted message. Format: printf's %d %u %ld %lu %lld %llu %zd %zu %x
 * %c %s %.*s %p %g %%, and for a GiVal argument: %R repr, %S str, %A ascii, %U str object,
 * %T name of its type, %N name of a GiType *. %.NR etc. truncates to N characters.
 * If making the message fails, that exception is set instead. */
void gi_raise(GiThread *ts, GiType *type, const char *format, ...);
/* The same, as an expression of the failing result. */
#define gi_raise_ref(ts, type, ...) (gi_raise(ts, type, __VA_ARGS__), GI_NULL)
#define gi_raise_status(ts, type, ...) (gi_raise(ts, type, __VA_ARGS__), GI_FAIL)
/* The formatter itself: a new str. */
GI_NODISCARD GiRef gi_str_format(GiThread *ts, const char *format, ...);
GI_NODISCARD GiRef gi_str_vformat(GiThread *ts, const char *format, va_list args);

void gi_raise_value(GiThread *ts, GiType *type, GiVal arg);  /* type(arg) */
void gi_raise_object(GiThread *ts, GiRef exc);               /* an instance; consumed */
void gi_raise_none(GiThread *ts, GiType *type);              /* type() */
GiRef gi_raise_nomem(GiThread *ts);                          /* MemoryError; allocates nothing */
GiRef gi_raise_errno(GiThread *ts, int errnum, GiVal filename);          /* OSError; filename or null */
GiRef gi_raise_errno2(GiThread *ts, int errnum, GiVal filename, GiVal filename2);
GiRef gi_raise_key(GiThread *ts, GiVal key);                 /* KeyError(key), tuple-safe */
void gi_raise_stop_iteration(GiThread *ts, GiVal value);     /* null or None: StopIteration() */
GiRef gi_raise_bad_call(GiThread *ts, const char *what);     /* SystemError: bad internal call */
/* TypeError "'%s' object %s" helpers keep messages in one place. */
GiRef gi_raise_type(GiThread *ts, const char *format_with_T, GiVal v);
/* As gi_raise with the arguments as a list. */
void gi_vraise(GiThread *ts, GiType *type, const char *format, va_list args);

static inline bool gi_raised(const GiThread *ts) { return !gi_is_null(ts->exc); }
static inline GiVal gi_exc_peek(const GiThread *ts) { return gi_val(ts->exc); }
bool gi_exc_matches(GiThread *ts, const GiType *type);       /* the raised one is an instance */
GiRef gi_exc_take(GiThread *ts);                             /* fetch and clear; null when none */
void gi_exc_restore(GiThread *ts, GiRef exc);                /* consumed; replaces what is raised */
void gi_exc_clear(GiThread *ts);
/* Makes `exc` (borrowed) the __cause__ / __context__ of what is raised now. */
void gi_exc_chain_context(GiThread *ts, GiRef context);      /* consumed */
void gi_raise_from_cause(GiThread *ts, GiType *type, const char *format, ...); /* raised becomes cause+context */
/* The exception being handled (sys.exception()), borrowed, null when none. */
GiVal gi_handled_peek(const GiThread *ts);

/* sys.unraisablehook: reports and clears the raised exception. `where` may be null. */
void gi_unraisable(GiThread *ts, GiVal where, const char *message);
/* Warnings (through _warnings): GI_FAIL when the filter turns it into an exception. */
GI_NODISCARD GiStatus gi_warn(GiThread *ts, GiType *category, int stack_level, const char *format, ...);
GI_NODISCARD GiStatus gi_warn_explicit(GiThread *ts, GiType *category, GiVal message, GiVal filename,
                                       int lineno, GiVal module, GiVal registry);

#endif
