/* fork.h - what surrounds a fork(), for posix and _posixsubprocess. */
#ifndef GI_MODULES_POSIX_FORK_H
#define GI_MODULES_POSIX_FORK_H

#include "modules/module.h"

/* Around fork(), by the attached thread: hooks of os.register_at_fork and the threading layer. */
void gi_fork_before(GiThread *ts);
void gi_fork_parent(GiThread *ts);
void gi_fork_child(GiThread *ts);
/* A NULL-terminated array of malloc'ed byte strings from a sequence of paths; NULL: raised. */
char **gi_strings_from(GiThread *ts, GiVal sequence);
void gi_strings_free(char **list);
/* The same of the "NAME=value" of a mapping. */
char **gi_environment_from(GiThread *ts, GiVal mapping);
/* argv is a list or tuple that is not empty; `what` begins the message. */
GI_NODISCARD GiStatus gi_check_argv(GiThread *ts, const char *what, GiVal argv);

#endif
