/* runtime.h - start and end of an interpreter, and what its parts share.
 *
 * Start: gi_vm_start makes the VM, its main thread, types, builtins, sys, the import system, and
 * imports site. End: gi_vm_stop waits for threads, runs atexit, flushes, takes everything down.
 */
#ifndef GI_RUNTIME_RUNTIME_H
#define GI_RUNTIME_RUNTIME_H

#include "objects/hooks.h"
#include "objects/type.h"

/* Native modules by name: makes (and executes) it, or null without exception when there is none.
 * Supplied by the modules layer at start. */
typedef struct GiNativeModules {
    GiRef (*create)(GiThread *ts, GiVal name, GiVal spec, bool *exists);
    GiStatus (*exec)(GiThread *ts, GiVal module);
    const char *const *names; /* NULL-terminated */
    void (*release)(GiThread *ts); /* lets go of the modules whose state is kept; the VM ends */
} GiNativeModules;

/* What the command line and the environment decided. Strings are UTF-8 (surrogates escaped as the
 * file system encodes them) and live as long as the VM. */
typedef struct GiConfig {
    const char *program;        /* argv[0] as given */
    const char *executable;     /* absolute path by which it was started, or "" */
    const char *base_executable; /* in a virtual environment: the program that it is of */
    int orig_argc;
    char **orig_argv;
    int argc;                   /* sys.argv */
    char **argv;
    int optimize, verbose, inspect, interactive, quiet, unbuffered, bytes_warning, isolated, debug;
    bool no_site, no_user_site, ignore_environment, dont_write_bytecode, dev_mode, utf8_mode, safe_path, faulthandler;
    bool hash_seed_set;
    uint32_t hash_seed;         /* PYTHONHASHSEED; 0 disables randomisation */
    int int_max_str_digits;
    int warn_default_encoding;
    const char *pycache_prefix, *stdlib; /* NULL: default */
    const char *python_path;    /* PYTHONPATH or NULL */
    const char *check_hash_pycs; /* always, never; NULL: default */
    char **warn_options;
    int warn_option_count;
    char **x_options;           /* "name" or "name=value" */
    int x_option_count;
    GiWish gil;
    uint64_t lift_after_ns;      /* -X gil-lift-after; 0: default */
    GiPolicy policy;
    uint64_t switch_interval_ns; /* 0: default */
    bool import_time;            /* -X importtime */
    bool gil_stats;              /* a table of how threads fared with the lock, at the end */
    const char *gil_trace;       /* the file to record them in, or NULL */
    uint32_t debug_flags;        /* GI_DEBUG */
    uint64_t ledger_watch;       /* GI_DEBUG=ledger=N */
    int64_t alloc_fail;          /* GI_DEBUG=alloc:fail=N: the Nth allocation fails (hostile builds); 0: none */
    const GiNativeModules *natives;
} GiConfig;

typedef struct GiRuntime {
    int frozen_override;     /* for tests: 1 frozen modules are used, -1 they are not, 0 as configured */
    GiConfig config;
    GiSlot audit_hooks;          /* list or null */
    GiSlot compile_flags;        /* unused by the core: for the prompt's remembered future flags */
    GiSlot atexit_callbacks;     /* list of (func, args, kwargs), made by atexit */
    GiSlot unraisable_args;      /* the class of what sys.unraisablehook is called with */
    GiSlot fork_before, fork_parent, fork_child; /* lists, made by posix */
    /* Signal handlers and fork are installed by the native modules through these. */
    GiStatus (*run_signals)(GiThread *ts);       /* _signal: handlers of the signals that tripped */
    GiStatus (*run_pending)(GiThread *ts);
    void (*run_atexit)(GiThread *ts);
    void (*trip_signal)(GiThread *ts, int signum); /* as if the signal had come: interrupt_main */
    _Atomic bool gil_required;   /* gil.require(), or a script that says so */
    bool exited;                 /* gi_handle_exit met a SystemExit that ends the program */
    int exit_signal;             /* KeyboardInterrupt ended the program: kill ourselves with SIGINT */
    _Atomic uint64_t local_numbers; /* of _thread._local objects */
    _Atomic int64_t thread_count; /* started by _thread and not ended */
    uint32_t opcode_magic;        /* gi_opcode_magic(), computed once */
    size_t stack_size;            /* of new threads; 0: default */
    _Atomic(struct GiCrypto *) crypto; /* modules/_hashes/crypto.h; NULL until a hash is made */
    const GiNativeModules *natives;
} GiRuntime;

/* A VM with its main thread, attached to the calling thread. NULL: message is on stderr. */
GiThread *gi_vm_start(const GiConfig *config);
/* Ends it; gives the exit status that a failed flush of stdout asks for (120), else 0. */
int gi_vm_stop(GiThread *ts);
/* After gi_vm_stop: frees the VM and all its objects; *left is how many refused to die (counted in
 * hostile builds only). False, and nothing is freed, when daemon threads still exist. */
bool gi_vm_reclaim(GiThread *ts, size_t *left);
/* After PyErr_Print: exit status for the raised exception (SystemExit included), printing it. */
int gi_handle_exit(GiThread *ts);
/* Flushes sys.stderr and sys.stdout; what that raises is cleared. */
void gi_flush_standard(GiThread *ts);
/* Prints the raised exception through sys.excepthook and clears it. SystemExit is not special. */
void gi_print_exception(GiThread *ts);
/* Writes to a Python file what sys.excepthook shows of an exception, and flushes it. */
GI_NODISCARD GiStatus gi_display_exception(GiThread *ts, GiVal exc, GiVal file);
/* The same without chain and notes, with a traceback of its own: what sys.unraisablehook shows. */
GI_NODISCARD GiStatus gi_display_unchained(GiThread *ts, GiVal exc, GiVal traceback, GiVal file);

/* A line of a source file, without the blanks at its beginning: null (no exception) when there is none. */
GiRef gi_source_line(GiThread *ts, GiVal filename, int lineno);

/* Attaches a new Python thread's state to the calling OS thread; see modules/_thread.c. */
GI_NODISCARD GiThread *gi_thread_state_new(GiVm *vm, GiThread *parent);
/* By the new OS thread, before it attaches. */
void gi_thread_state_bind(GiThread *ts);

/* Source text (UTF-8) to a code object. mode: "exec", "eval", "single" or "func_type". */
enum {
    GI_PYCF_ONLY_AST = 0x400, GI_PYCF_IGNORE_COOKIE = 0x800, GI_PYCF_TYPE_COMMENTS = 0x1000,
    GI_PYCF_DONT_IMPLY_DEDENT = 0x200, GI_PYCF_TOP_LEVEL_AWAIT = 0x2000, GI_PYCF_ALLOW_INCOMPLETE = 0x4000,
    GI_PYCF_SOURCE_IS_UTF8 = 0x100,
    GI_PYCF_WHOLE_FILE = 1 << 30, /* a program's file, whose errors CPython words otherwise */
    GI_PYCF_SYMTABLE = 1 << 29, /* Gila's own: the table of symbols is wanted */
};
/* The filename argument of compile() as a str; TypeError. */
GI_NODISCARD GiRef gi_compile_filename(GiThread *ts, GiVal filename);
GI_NODISCARD GiRef gi_compile_source(GiThread *ts, const char *source, size_t len, GiVal filename,
                                     const char *mode, int flags, int optimize, int feature_version);
/* str, bytes-like: its source bytes as UTF-8 (cookie honoured). *owner keeps them alive. */
GI_NODISCARD GiStatus gi_source_text(GiThread *ts, GiVal source, const char *what, int *flags, GiVal filename,
                                     GiRef *owner, const char **text, size_t *len);

/* Module makers called in order at start. */
GI_NODISCARD GiStatus gi_builtins_init(GiThread *ts);
GI_NODISCARD GiStatus gi_sys_init(GiThread *ts, const GiConfig *config);
GI_NODISCARD GiStatus gi_import_init(GiThread *ts);   /* importlib */
GI_NODISCARD GiStatus gi_sys_init_streams(GiThread *ts);
extern const GiHooks gi_runtime_hooks;

/* sys attributes: null without exception when absent. (Borrowed, while no other thread can set them.) */
GiRef gi_sys_get(GiThread *ts, const char *name);
GiVal gi_sys_get_peek(GiThread *ts, const char *name);
GI_NODISCARD GiStatus gi_sys_set(GiThread *ts, const char *name, GiRef value); /* consumes */

/* import (runtime/import.c): importlib does the work. */
/* True if the innermost Python frame is one of the importer of files. */
bool gi_import_is_caller(GiThread *ts);
/* Waits until `module`, in sys.modules under `name`, is imported, if another thread is importing it. */
GI_NODISCARD GiStatus gi_import_wait(GiThread *ts, GiVal module, GiVal name);
GI_NODISCARD GiRef gi_import_module_level(GiThread *ts, GiVal name, GiVal globals, GiVal fromlist, int level);
void gi_set_native_modules(GiVm *vm, const GiNativeModules *modules);
const GiNativeModules *gi_native_modules(GiVm *vm);

/* The text of a file of the library with what it lacks (from malloc), *len grown; NULL for other files. */
char *gi_supplemented(GiThread *ts, GiVal filename, const char *source, size_t *len);

#endif
