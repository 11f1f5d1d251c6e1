/* gila.h - embedding Gila: an interpreter inside another program.
 *
 *     Gila *gila = gila_start(0, NULL);
 *     if (gila) {
 *         gila_run_string(gila, "print('hello')");
 *         return gila_stop(gila);
 *     }
 *
 * Compile and link with `pkg-config --cflags --libs gila`. The thread that starts an interpreter is
 * attached to it: while it computes elsewhere or blocks for long it should detach, so that the
 * interpreter's other threads run. All functions but gila_start are called by that thread.
 *
 * What belongs to the process is the first interpreter's to choose: the locale for characters
 * (LC_CTYPE, from the environment), the seed of hashes, handlers of signals.
 */
#ifndef GILA_GILA_H
#define GILA_GILA_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct Gila Gila;

/* Starts an interpreter. The arguments are those of the command `gila`, argv[0] included, options
 * first: what is no option becomes sys.argv. argc 0 means none. NULL: the message is on stderr. */
Gila *gila_start(int argc, char **argv);

/* Runs program text (UTF-8) in the module __main__. Gives 0, or the exit status that the exception
 * asks for, which has been printed then. */
int gila_run_string(Gila *gila, const char *text);

/* Runs a file in the module __main__; as gila_run_string, and 2 when it cannot be read. */
int gila_run_file(Gila *gila, const char *path);

/* Lets the interpreter's other threads run until gila_attach; nothing of it may be used between. */
void gila_detach(Gila *gila);
void gila_attach(Gila *gila);

/* Called by the interpreter's threads themselves; each may be NULL. `thread` is the system's number
 * of the thread. They must be quick, and must not call the interpreter, attach, detach or wait. */
typedef struct GilaThreadHooks {
    void (*ready)(unsigned long thread, void *arg);     /* wants the lock and must wait */
    void (*resumed)(unsigned long thread, void *arg);   /* has the lock, and goes on */
    void (*suspended)(unsigned long thread, void *arg); /* lets the lock go: a call, its turn is over, its end */
    void *arg;
} GilaThreadHooks;

/* Sets the hooks (copied), or with NULL removes them. Another thread may be in one of them until the
 * caller has been detached once and attached again. Unset, they cost one test. */
void gila_set_thread_hooks(Gila *gila, const GilaThreadHooks *hooks);

/* Waits for threads, runs what atexit holds, takes everything down. Gives 0, or 120 when standard
 * output could not be written. Afterwards another interpreter may be started. */
int gila_stop(Gila *gila);

#ifdef __cplusplus
}
#endif

#endif
