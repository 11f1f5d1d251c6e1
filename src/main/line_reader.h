/* line_reader.h - lines for the prompt: edited by libedit on a terminal, plain otherwise. */
#ifndef GI_MAIN_LINE_READER_H
#define GI_MAIN_LINE_READER_H

#include "objects/type.h"

typedef struct GiLineReader GiLineReader;

/* A reader of standard input. `globals`: what names are completed from. NULL: no memory. */
GiLineReader *gi_line_reader_new(GiVal globals);
void gi_line_reader_free(GiLineReader *reader);
/* The next line with its newline, from malloc. NULL: *ended tells of the end, otherwise an exception
 * is set (KeyboardInterrupt). Waits detached. */
char *gi_line_read(GiThread *ts, GiLineReader *reader, const char *prompt, bool *ended);

#endif
