/* exceptions.h - the structs of exception instances, and what the VM does with them.
 *
 * Every exception begins with GiException and has attributes; __notes__ is one of those.
 */
#ifndef GI_OBJECTS_EXCEPTIONS_H
#define GI_OBJECTS_EXCEPTIONS_H

#include "objects/error.h"

typedef struct GiException {
    GiObj obj;
    GiSlot args;       /* tuple */
    GiSlot traceback;  /* null or a traceback */
    GiSlot context, cause; /* null or exceptions */
    bool suppress_context;
} GiException;

typedef struct GiStopIteration { GiException base; GiSlot value; } GiStopIteration;
typedef struct GiSystemExit { GiException base; GiSlot code; } GiSystemExit;
typedef struct GiImportError { GiException base; GiSlot msg, name, path; } GiImportError;
typedef struct GiNameError { GiException base; GiSlot name; } GiNameError;
typedef struct GiAttributeError { GiException base; GiSlot name, object; } GiAttributeError;
typedef struct GiOSError {
    GiException base;
    GiSlot errno_, strerror, filename, filename2;
    ssize_t written; /* -1: not set */
} GiOSError;
typedef struct GiSyntaxError {
    GiException base;
    GiSlot msg, filename, lineno, offset, end_lineno, end_offset, text, print_file_and_line;
} GiSyntaxError;
typedef struct GiUnicodeError {
    GiException base;
    GiSlot encoding, object, reason;
    ssize_t start, end;
} GiUnicodeError;
typedef struct GiExceptionGroup { GiException base; GiSlot message, exceptions; } GiExceptionGroup;

#define gi_is_exception(v) gi_has_flag(v, GI_TYPE_EXCEPTION)
#define gi_exception_of(v) ((GiException *)gi_obj(v))
/* A class that derives from BaseException. */
static inline bool gi_is_exception_class(GiVal v) {
    return gi_is_type(v) && (gi_as_type(v)->flags & GI_TYPE_EXCEPTION);
}

/* Readies all exception types, bases first. */
GI_NODISCARD GiStatus gi_exceptions_init(GiThread *ts);
/* The VM's spare MemoryErrors (gi_raise_nomem). */
GI_NODISCARD GiStatus gi_errors_vm_init(GiThread *ts);
void gi_errors_vm_end(GiThread *ts);

/* An instance of an exception type with one argument, or none (arg null), as type(arg) makes it. */
GI_NODISCARD GiRef gi_exception_new(GiThread *ts, GiType *type, GiVal arg);
/* The statement `raise exc from cause`: exc is a class or an instance; cause null: no `from`. */
void gi_raise_statement(GiThread *ts, GiVal exc, GiVal cause);
/* Sets __context__ of what is raised to the handled exception, unless that makes a cycle. */
void gi_set_implicit_context(GiThread *ts, GiVal raised);
/* str(exc) without running what a subclass overrides: for messages of last resort. */
GI_NODISCARD GiRef gi_base_exception_str(GiThread *ts, GiVal exc);
/* Consumed; null or None clears. */
void gi_exception_set_cause(GiThread *ts, GiVal exc, GiRef cause);
void gi_exception_set_context(GiThread *ts, GiVal exc, GiRef context);
void gi_exception_set_traceback(GiThread *ts, GiVal exc, GiRef traceback);
GI_NODISCARD GiStatus gi_exception_add_note(GiThread *ts, GiVal exc, GiVal note);

/* AttributeError / NameError / ImportError with the fields that suggestions and tools use. */
void gi_raise_attribute(GiThread *ts, GiVal object, GiVal name, const char *format, ...);
void gi_raise_name(GiThread *ts, GiType *type, GiVal name, const char *format, ...);
void gi_raise_import(GiThread *ts, GiType *type, GiRef message, GiVal name, GiVal path);
/* SyntaxError with its place; filename, text null: None; lineno, end_lineno 0: None. */
void gi_raise_syntax(GiThread *ts, GiType *type, const char *message, GiVal filename, int lineno,
                     int offset, GiVal text, int end_lineno, int end_offset);

/* Exception groups. A new group, of which class depends on the members. */
GI_NODISCARD GiRef gi_exception_group_new(GiThread *ts, GiVal message, GiVal exceptions);
/* What original.derive(members) makes, a group for sure, with original's traceback, context, cause and
 * notes. Null without exception when the list of members is empty. */
GI_NODISCARD GiRef gi_exception_group_subset(GiThread *ts, GiVal original, GiVal members);

#endif
