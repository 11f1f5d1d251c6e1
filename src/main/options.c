/* options.c - the command line and the environment, as CPython reads them, and Gila's own -X. */
#include "compile/compile.h"
#include "main/options.h"
#include "main/program_path.h"
#include "os/process.h"
#include "threads/count.h"
#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef GI_LIBRARY
#define GI_LIBRARY "/usr/lib/python3.11"
#endif

static const char help_text[] =
    "usage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...\n"
    "Options (and corresponding environment variables):\n"
    "-b     : issue warnings about str(bytes_instance), str(bytearray_instance)\n"
    "         and comparing bytes/bytearray with str. (-bb: issue errors)\n"
    "-B     : don't write compiled code into the cache; also PYTHONDONTWRITEBYTECODE=x\n"
    "-c cmd : program passed in as string (terminates option list)\n"
    "-d     : accepted and ignored\n"
    "-E     : ignore PYTHON* environment variables (such as PYTHONPATH)\n"
    "-h     : print this help message and exit (also -? or --help)\n"
    "-i     : inspect interactively after running script; forces a prompt even\n"
    "         if stdin does not appear to be a terminal; also PYTHONINSPECT=x\n"
    "-I     : isolate Gila from the user's environment (implies -E and -s)\n"
    "-m mod : run library module as a script (terminates option list)\n"
    "-O     : remove assert and __debug__-dependent statements; also PYTHONOPTIMIZE=x\n"
    "-OO    : do -O changes and also discard docstrings\n"
    "-P     : don't prepend a potentially unsafe path to sys.path\n"
    "-q     : don't print version and copyright messages on interactive startup\n"
    "-s     : don't add user site directory to sys.path; also PYTHONNOUSERSITE\n"
    "-S     : don't imply 'import site' on initialization\n"
    "-u     : force the stdout and stderr streams to be unbuffered;\n"
    "         this option has no effect on stdin; also PYTHONUNBUFFERED=x\n"
    "-v     : verbose (trace import statements); also PYTHONVERBOSE=x\n"
    "-V     : print the Python version number and exit (also --version)\n"
    "         when given twice, print more information about the build\n"
    "-W arg : warning control; arg is action:message:category:module:lineno\n"
    "         also PYTHONWARNINGS=arg\n"
    "-x     : skip first line of source, allowing use of non-Unix forms of #!cmd\n"
    "-X opt : set implementation-specific option\n"
    "--check-hash-based-pycs always|default|never:\n"
    "         control how Python invalidates hash-based .pyc files\n"
    "--help-env      : print help about Python environment variables and exit\n"
    "--help-xoptions : print help about implementation-specific -X options and exit\n"
    "--help-all      : print complete help information and exit\n"
    "file   : program read from script file\n"
    "-      : program read from stdin (default; interactive mode if a tty)\n"
    "arg ...: arguments passed to program in sys.argv[1:]\n"
    "\n"
    "Gila speaks Python 3.11 on the unmodified library of Debian's libpython3.11-stdlib.\n";

static const char help_xoptions[] =
    "The following implementation-specific options are available:\n"
    "-X gil=1                  one lock around the interpreter (the default)\n"
    "-X gil=0                  no lock: threads run in parallel; also PYTHON_GIL=0\n"
    "-X gil=auto               lift the lock when threads that compute wait for it\n"
    "-X gil-lift-after=SECONDS how long they wait, within twenty times as long, until it is lifted\n"
    "                          (0.02)\n"
    "-X gil-policy=cpython     hand the lock over as CPython does, for comparison;\n"
    "                          also PYTHON_GIL_POLICY (the default is budget)\n"
    "-X switch-interval=S      how many seconds a thread may hold the lock while another waits;\n"
    "                          also PYTHON_SWITCH_INTERVAL (the default is 0.005)\n"
    "-X gil-stats              say at the end, on stderr, how each thread fared with the lock;\n"
    "                          also PYTHON_GIL_STATS=1\n"
    "-X gil-trace=FILE         record what the threads do with the lock, for Perfetto or\n"
    "                          gila -m gil; %p in FILE is the process's number;\n"
    "                          also PYTHON_GIL_TRACE\n"
    "-X dev                    development mode; also PYTHONDEVMODE=1\n"
    "-X faulthandler           enable faulthandler\n"
    "-X int_max_str_digits=N   limit of int <-> str conversions\n"
    "-X utf8[=0|1]             UTF-8 mode\n"
    "-X pycache_prefix=PATH    where compiled code is kept\n"
    "-X warn_default_encoding  warn when a text file is opened without encoding\n"
    "-X frozen_modules=on|off  import start-up modules without searching the path\n"
    "-X no_debug_ranges        compile without the columns that tracebacks mark\n"
    "-X importtime             show on stderr how long each import took; also PYTHONPROFILEIMPORTTIME=1\n"
    "-X tracemalloc            accepted\n";

static const char help_environment[] =
    "Environment variables that change behavior:\n"
    "PYTHONSTARTUP   : file executed on interactive startup (no default)\n"
    "PYTHONPATH      : ':'-separated list of directories prefixed to the\n"
    "                  default module search path.  The result is sys.path.\n"
    "PYTHONHOME      : alternate <prefix> directory; <prefix>/lib/python3.11 is the library\n"
    "PYTHONSAFEPATH  : don't prepend a potentially unsafe path to sys.path (-P)\n"
    "PYTHONOPTIMIZE  : if set to N, -O given N times\n"
    "PYTHONDONTWRITEBYTECODE : don't write compiled code into the cache (-B)\n"
    "PYTHONPYCACHEPREFIX: where compiled code is kept (-X pycache_prefix)\n"
    "PYTHONUNBUFFERED: force stdout and stderr to be unbuffered (-u)\n"
    "PYTHONINSPECT   : inspect interactively after running script (-i)\n"
    "PYTHONNOUSERSITE: don't add user site directory to sys.path (-s)\n"
    "PYTHONVERBOSE   : trace import statements (-v)\n"
    "PYTHONWARNINGS=arg : warning control, comma-separated list of -W arguments\n"
    "PYTHONIOENCODING: Encoding[:errors] used for stdin/stdout/stderr.\n"
    "PYTHONUTF8      : control the UTF-8 mode (-X utf8)\n"
    "PYTHONCOERCECLOCALE: if set to 0, the C locale is not replaced by C.UTF-8\n"
    "PYTHONHASHSEED  : if set to 'random', a random value is used to seed the hashes\n"
    "                  of str and bytes objects; an integer in the range [0,4294967295]\n"
    "                  gives hashes that are the same in every run\n"
    "PYTHONINTMAXSTRDIGITS: limits the number of digits in int <-> str conversions (-X int_max_str_digits)\n"
    "PYTHONBREAKPOINT: the function that breakpoint() calls; 0 disables it\n"
    "PYTHONDEVMODE   : enable the development mode (-X dev)\n"
    "PYTHONFAULTHANDLER: dump the Python traceback on fatal errors (-X faulthandler)\n"
    "PYTHONWARNDEFAULTENCODING: warn when a text file is opened without encoding\n"
    "PYTHON_GIL      : 1, 0 or auto: with the lock around the interpreter, without, until threads\n"
    "                  wait for it (-X gil)\n"
    "PYTHON_GIL_POLICY: budget or cpython (-X gil-policy)\n"
    "PYTHON_SWITCH_INTERVAL: how many seconds a thread may hold the lock (-X switch-interval)\n"
    "PYTHON_GIL_STATS: how each thread fared with the lock is shown at the end (-X gil-stats)\n"
    "PYTHON_GIL_TRACE: the file that what threads do with the lock is recorded in (-X gil-trace);\n"
    "                  with %p in it, programs that this one starts are recorded too\n"
    "XDG_CACHE_HOME  : compiled code is kept in $XDG_CACHE_HOME/gila, else in ~/.cache/gila\n";

/* --help with what stands behind it; false: unknown. */
static bool show_help(const char *topic, const char *program) {
    bool all = strcmp(topic, "-all") == 0, env = strcmp(topic, "-env") == 0, x = strcmp(topic, "-xoptions") == 0;
    if (*topic && !all && !env && !x) return false;
    if (*topic == 0 || all) printf(help_text, program);
    if (all) putchar('\n');
    if (env || all) fputs(help_environment, stdout);
    if (all) putchar('\n');
    if (x || all) fputs(help_xoptions, stdout);
    return true;
}

static const char *environment(const GiOptions *o, const char *name) {
    if (o->config.ignore_environment) return NULL;
    const char *value = getenv(name);
    return value && value[0] ? value : NULL;
}

static int environment_number(const GiOptions *o, const char *name) {
    const char *value = environment(o, name);
    if (value == NULL) return 0;
    char *end;
    long n = strtol(value, &end, 10);
    return *end || n < 0 ? 1 : (int)n;
}

static void add(char ***list, int *count, char *item) {
    char **grown = realloc(*list, (size_t)(*count + 1) * sizeof *grown);
    if (grown == NULL) abort();
    *list = grown;
    grown[(*count)++] = item;
}

/* Says how to use the program; exit status 2. */
static int usage_error(const char *program) {
    fprintf(stderr, "usage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `%s -h' for more information.\n",
            program, program);
    return 2;
}

/* The value of an -X option that stands as name=value, or NULL. */
static const char *x_value(const char *option, const char *name) {
    size_t n = strlen(name);
    return strncmp(option, name, n) == 0 && option[n] == '=' ? option + n + 1 : NULL;
}

/* Whether an -X option with that name and a value was given. */
static bool x_given(const GiConfig *c, const char *name) {
    for (int i = 0; i < c->x_option_count; i++)
        if (x_value(c->x_options[i], name)) return true;
    return false;
}

static bool parse_digits(const char *text, int *out) {
    char *end;
    long n = strtol(text, &end, 10);
    if (*text == 0 || *end || n < 0 || n > INT32_MAX || (n != 0 && n < 640)) return false;
    *out = (int)n;
    return true;
}

/* A value that the option could have had, NULL when it needs none. */
static const char *example_value(const char *option) {
    static const struct { const char *name, *value; } examples[] = {
        {"gil", "0"}, {"gil-lift-after", "0.05"}, {"gil-policy", "budget"}, {"gil-trace", "FILE"}, {"switch-interval", "0.005"}};
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        if (strcmp(option, examples[i].name) == 0) return examples[i].value;
    return NULL;
}

/* Settings of the lock, from -X or the environment (`from`): -1, or the exit status of a bad one. */
static int set_policy(GiConfig *c, const char *from, const char *value) {
    bool cpython = strcmp(value, "cpython") == 0;
    if (!cpython && strcmp(value, "budget") != 0) {
        fprintf(stderr, "gila: %s=%s: the policies are budget and cpython\n", from, value);
        return 2;
    }
    c->policy = cpython ? GI_POLICY_CPYTHON : GI_POLICY_BUDGET;
    return -1;
}
static int set_interval(GiConfig *c, const char *from, const char *value) {
    char *end;
    double seconds = strtod(value, &end);
    if (*value == 0 || *end || !(seconds > 0)) {
        fprintf(stderr, "gila: %s=%s: a positive number of seconds is needed\n", from, value);
        return 2;
    }
    c->switch_interval_ns = seconds > 1e9 ? (uint64_t)1e18 : GI_MAX((uint64_t)(seconds * 1e9), 1);
    return -1;
}
static int set_gil(GiConfig *c, const char *from, const char *value) {
    static const struct { const char *text; GiWish wish; } known[] = {
        {"1", GI_WISH_KEEP}, {"0", GI_WISH_NONE}, {"auto", GI_WISH_AUTO}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(value, known[i].text) == 0) {
            c->gil = known[i].wish;
            return -1;
        }
    fprintf(stderr, "gila: %s=%s: it is 1 (with the lock), 0 (without), or auto (lifted when threads wait for it)\n", from, value);
    return 2;
}
static int set_lift_after(GiConfig *c, const char *value) {
    char *end;
    double seconds = strtod(value, &end);
    if (*value == 0 || *end || !(seconds > 0)) {
        fprintf(stderr, "gila: -X gil-lift-after=%s: a positive number of seconds is needed\n", value);
        return 2;
    }
    c->lift_after_ns = seconds > 1e9 ? (uint64_t)1e18 : GI_MAX((uint64_t)(seconds * 1e9), 1);
    return -1;
}
static int set_trace(GiConfig *c, const char *value) {
    if (*value == 0) {
        fprintf(stderr, "gila: -X gil-trace=: the name of a file is needed\n");
        return 2;
    }
    c->gil_trace = value;
    return -1;
}

static int apply_x(GiOptions *o, char *option) {
    GiConfig *c = &o->config;
    const char *value;
    if (strcmp(option, "faulthandler") == 0) c->faulthandler = true;
    if (strcmp(option, "importtime") == 0) c->import_time = true;
    if (strcmp(option, "no_debug_ranges") == 0) c->debug_flags |= GI_VM_NO_COLUMNS;
    if (strcmp(option, "dev") == 0) c->dev_mode = c->faulthandler = true;
    else if (strcmp(option, "utf8") == 0) o->utf8 = 1;
    else if (strcmp(option, "warn_default_encoding") == 0) c->warn_default_encoding = 1;
    else if ((value = x_value(option, "utf8")) != NULL) {
        if (strcmp(value, "0") != 0 && strcmp(value, "1") != 0) {
            fprintf(stderr, "Fatal Python error: preconfig_init_utf8_mode: invalid -X utf8 option value\n");
            return 1;
        }
        o->utf8 = *value == '1';
    } else if ((value = x_value(option, "int_max_str_digits")) != NULL || strcmp(option, "int_max_str_digits") == 0) {
        if (value == NULL || !parse_digits(value, &c->int_max_str_digits)) {
            fprintf(stderr, "Fatal Python error: config_init_int_max_str_digits: -X int_max_str_digits: invalid limit; must be >= 640 or 0 for unlimited.\n");
            return 1;
        }
    } else if ((value = x_value(option, "frozen_modules")) != NULL && *value && strcmp(value, "on") != 0 &&
               strcmp(value, "off") != 0) {
        fprintf(stderr, "Fatal Python error: bad value for option -X frozen_modules (expected \"on\" or \"off\")\n");
        return 1;
    } else if ((value = x_value(option, "pycache_prefix")) != NULL) {
        c->pycache_prefix = *value ? value : NULL;
    } else if ((value = x_value(option, "gil")) != NULL) {
        return set_gil(c, "-X gil", value);
    } else if ((value = x_value(option, "gil-lift-after")) != NULL) {
        return set_lift_after(c, value);
    } else if ((value = x_value(option, "gil-policy")) != NULL) {
        return set_policy(c, "-X gil-policy", value);
    } else if ((value = x_value(option, "switch-interval")) != NULL) {
        return set_interval(c, "-X switch-interval", value);
    } else if ((value = x_value(option, "gil-trace")) != NULL) {
        return set_trace(c, value);
    } else if ((value = example_value(option)) != NULL) {
        fprintf(stderr, "gila: -X %s: a value is needed, as in -X %s=%s\n", option, option, value);
        return 2;
    } else if (strcmp(option, "gil-stats") == 0) {
        c->gil_stats = true;
    } else {
        static const char *const known[] = {"faulthandler", "importtime", "tracemalloc", "showrefcount", "no_debug_ranges", "frozen_modules"};
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            size_t n = strlen(known[i]);
            if (strncmp(option, known[i], n) == 0 && (option[n] == 0 || option[n] == '=')) return -1;
        }
        /* As CPython: any other -X option is kept in sys._xoptions for the program. */
    }
    return -1;
}

static int apply_letter(GiOptions *o, char letter) {
    GiConfig *c = &o->config;
    switch (letter) {
    case 'b': c->bytes_warning++; break;
    case 'B': c->dont_write_bytecode = true; break;
    case 'd': c->debug++; break;
    case 'E': c->ignore_environment = true; break;
    case 'i': c->inspect++, c->interactive++; break;
    case 'I': c->isolated = 1, c->ignore_environment = c->no_user_site = c->safe_path = true; break;
    case 'O': c->optimize++; break;
    case 'P': c->safe_path = true; break;
    case 'q': c->quiet++; break;
    case 's': c->no_user_site = true; break;
    case 'S': c->no_site = true; break;
    case 't': break;
    case 'u': c->unbuffered = 1; break;
    case 'v': c->verbose++; break;
    case 'x': o->skip_first_line = true; break;
    case 'R': o->randomise = true; break;
    default: return 0;
    }
    return 1;
}

static int show_version(int times) {
    if (times > 1) printf("Python 3.11.2 (gila " GI_VERSION ", " __DATE__ ", " __TIME__ ") [GCC " __VERSION__ "]\n");
    else printf("Python 3.11.2 (gila " GI_VERSION ")\n");
    return 0;
}

/* GI_DEBUG=gc:every,alloc:fail=N,switch:every,yield:SEED,validate,cache:off,leaks,ledger,ledger=N */
static void read_debug(GiConfig *c, const char *text) {
    static const struct { const char *word; uint32_t flag; } words[] = {
        {"gc:every", GI_DEBUG_GC_EVERY}, {"switch:every", GI_DEBUG_SWITCH_EVERY},
        {"validate", GI_DEBUG_VALIDATE}, {"cache:off", GI_DEBUG_CACHE_OFF},
        {"ledger", GI_DEBUG_LEDGER}, {"leaks", GI_DEBUG_LEAKS},
    };
    while (text && *text) {
        size_t n = strcspn(text, ",");
        for (size_t i = 0; i < GI_COUNTOF(words); i++)
            if (strlen(words[i].word) == n && strncmp(text, words[i].word, n) == 0) c->debug_flags |= words[i].flag;
        if (strncmp(text, "alloc:fail=", 11) == 0) c->alloc_fail = strtoll(text + 11, NULL, 10);
        if (strncmp(text, "yield:", 6) == 0) gi_points_begin(strtoull(text + 6, NULL, 10));
        if (strncmp(text, "ledger=", 7) == 0) {
            c->ledger_watch = strtoull(text + 7, NULL, 10);
            c->debug_flags |= GI_DEBUG_LEDGER;
        }
        text += n + (text[n] == ',');
    }
}

/* Fills what the command line left open from PYTHON* variables. */
static int read_environment(GiOptions *o, int first_warn) {
    GiConfig *c = &o->config;
    const char *value;
    read_debug(c, getenv("GI_DEBUG"));
    c->python_path = environment(o, "PYTHONPATH");
    if (environment(o, "PYTHONDONTWRITEBYTECODE")) c->dont_write_bytecode = true;
    if (environment(o, "PYTHONNOUSERSITE")) c->no_user_site = true;
    if (environment(o, "PYTHONUNBUFFERED")) c->unbuffered = 1;
    if (environment(o, "PYTHONINSPECT")) c->inspect = GI_MAX(c->inspect, 1);
    if (environment(o, "PYTHONSAFEPATH")) c->safe_path = true;
    c->debug = GI_MAX(c->debug, environment_number(o, "PYTHONDEBUG"));
    if (environment(o, "PYTHONDEVMODE")) c->dev_mode = c->faulthandler = true;
    if (environment(o, "PYTHONFAULTHANDLER")) c->faulthandler = true;
    if (environment(o, "PYTHONNODEBUGRANGES")) c->debug_flags |= GI_VM_NO_COLUMNS;
    if (o->utf8 < 0 && (value = environment(o, "PYTHONUTF8")) != NULL) {
        if (strcmp(value, "0") != 0 && strcmp(value, "1") != 0) {
            fprintf(stderr, "Fatal Python error: preconfig_init_utf8_mode: invalid PYTHONUTF8 environment variable value\n");
            return 1;
        }
        o->utf8 = *value == '1';
    }
    if (environment(o, "PYTHONWARNDEFAULTENCODING")) c->warn_default_encoding = 1;
    c->optimize = GI_MAX(c->optimize, environment_number(o, "PYTHONOPTIMIZE"));
    c->verbose = GI_MAX(c->verbose, environment_number(o, "PYTHONVERBOSE"));
    if (environment(o, "PYTHONPROFILEIMPORTTIME")) c->import_time = true;
    if (c->pycache_prefix == NULL) c->pycache_prefix = environment(o, "PYTHONPYCACHEPREFIX");
    if (c->int_max_str_digits < 0 && (value = environment(o, "PYTHONINTMAXSTRDIGITS")) != NULL &&
        !parse_digits(value, &c->int_max_str_digits)) {
        fprintf(stderr, "Fatal Python error: config_init_int_max_str_digits: PYTHONINTMAXSTRDIGITS: invalid limit; must be >= 640 or 0 for unlimited.\n");
        return 1;
    }
    if (!o->randomise && (value = environment(o, "PYTHONHASHSEED")) != NULL && strcmp(value, "random") != 0) {
        char *end;
        unsigned long seed = strtoul(value, &end, 10);
        if (*end || seed > UINT32_MAX || !isdigit((unsigned char)*value)) {
            fprintf(stderr, "Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]\n");
            return 1;
        }
        c->hash_seed_set = true;
        c->hash_seed = (uint32_t)seed;
    }
    int status = -1;
    if (!x_given(c, "gil") && (value = environment(o, "PYTHON_GIL")) != NULL) status = set_gil(c, "PYTHON_GIL", value);
    if (status >= 0) return status;
    bool policy_set = x_given(c, "gil-policy");
    if (!policy_set && (value = environment(o, "PYTHON_GIL_POLICY")) != NULL) status = set_policy(c, "PYTHON_GIL_POLICY", value);
    if (status < 0 && c->switch_interval_ns == 0 && (value = environment(o, "PYTHON_SWITCH_INTERVAL")) != NULL)
        status = set_interval(c, "PYTHON_SWITCH_INTERVAL", value);
    if (status >= 0) return status;
    if ((value = environment(o, "PYTHON_GIL_STATS")) != NULL && strcmp(value, "0") != 0) c->gil_stats = true;
    if (c->gil_trace == NULL && (value = environment(o, "PYTHON_GIL_TRACE")) != NULL) {
        c->gil_trace = strdup(value);
        /* Programs that this one starts would write into the same file. */
        if (strstr(value, "%p") == NULL) unsetenv("PYTHON_GIL_TRACE");
    }
    /* PYTHONWARNINGS comes before -W, which comes after the options that imply filters. */
    char **list = NULL;
    int count = 0;
    if (c->dev_mode) add(&list, &count, "default");
    if ((value = environment(o, "PYTHONWARNINGS")) != NULL) {
        char *copy = strdup(value);
        for (char *part = strtok(copy, ","); part; part = strtok(NULL, ",")) add(&list, &count, part);
    }
    for (int i = first_warn; i < c->warn_option_count; i++) add(&list, &count, c->warn_options[i]);
    if (c->bytes_warning) add(&list, &count, c->bytes_warning > 1 ? "error::BytesWarning" : "default::BytesWarning");
    free(c->warn_options);
    c->warn_options = list;
    c->warn_option_count = count;
    return -1;
}

static void set_executable(GiOptions *o, char **argv) {
    o->executable = gi_program_path(argv[0]);
    o->config.program = argv[0];
    o->config.executable = o->executable ? o->executable : "";
    o->base_executable = gi_base_program_path(o->config.executable);
    o->config.base_executable = o->base_executable ? o->base_executable : o->config.executable;
}

int gi_options_parse(GiOptions *o, int argc, char **argv) {
    memset(o, 0, sizeof *o);
    GiConfig *c = &o->config;
    c->int_max_str_digits = -1;
    o->utf8 = -1;
    c->orig_argc = argc;
    c->orig_argv = argv;
    int i = 1, versions = 0, status;
    bool terminal = false;
    for (; i < argc && !terminal; i++) {
        char *arg = argv[i];
        if (arg[0] != '-' || arg[1] == 0) break;
        if (strcmp(arg, "--") == 0) {
            i++;
            break;
        }
        if (strncmp(arg, "--help", 6) == 0 && show_help(arg + 6, argv[0])) return 0;
        if (strcmp(arg, "--version") == 0) {
            versions++;
            continue;
        }
        if (strcmp(arg, "--check-hash-based-pycs") == 0) {
            const char *mode = i + 1 < argc ? argv[++i] : NULL;
            if (mode == NULL) {
                fprintf(stderr, "Argument expected for the --check-hash-based-pycs options\n");
                return usage_error(argv[0]);
            }
            if (strcmp(mode, "always") != 0 && strcmp(mode, "never") != 0 && strcmp(mode, "default") != 0) {
                fprintf(stderr, "--check-hash-based-pycs must be one of 'default', 'always', or 'never'\n");
                return usage_error(argv[0]);
            }
            o->config.check_hash_pycs = mode;
            continue;
        }
        if (arg[1] == '-') {
            fprintf(stderr, "unknown option %s\n", arg);
            return usage_error(argv[0]);
        }
        for (char *p = arg + 1; *p; p++) {
            if (*p == 'h' || *p == '?') {
                printf(help_text, argv[0]);
                return 0;
            }
            if (*p == 'V') {
                versions++;
                continue;
            }
            if (strchr("cmWX", *p) == NULL) {
                if (!apply_letter(o, *p)) {
                    fprintf(stderr, *p == 'J' ? "-%c is reserved for Jython\n" : "Unknown option: -%c\n", *p);
                    return usage_error(argv[0]);
                }
                continue;
            }
            char letter = *p;
            char *value = p[1] ? p + 1 : i + 1 < argc ? argv[++i] : NULL;
            if (value == NULL) {
                fprintf(stderr, "Argument expected for the -%c option\n", letter);
                return usage_error(argv[0]);
            }
            if (letter == 'c' || letter == 'm') {
                o->what = letter == 'c' ? GI_RUN_COMMAND : GI_RUN_MODULE;
                o->target = value;
                terminal = true;
            } else if (letter == 'W') {
                add(&c->warn_options, &c->warn_option_count, value);
            } else {
                add(&c->x_options, &c->x_option_count, value);
                status = apply_x(o, value);
                if (status >= 0) return status;
            }
            break;
        }
    }
    if (versions) return show_version(versions);
    status = read_environment(o, 0);
    if (status >= 0) return status;
    if (!terminal && i < argc) {
        if (strcmp(argv[i], "-") != 0) {
            o->what = GI_RUN_FILE;
            o->target = argv[i];
        }
    }
    int rest = argc - i;
    o->sys_argv = calloc((size_t)GI_MAX(rest, 0) + 2, sizeof *o->sys_argv);
    if (o->sys_argv == NULL) return 1;
    int n = 0;
    if (o->what == GI_RUN_COMMAND || o->what == GI_RUN_MODULE) o->sys_argv[n++] = o->what == GI_RUN_COMMAND ? "-c" : "-m";
    for (; i < argc; i++) o->sys_argv[n++] = argv[i];
    if (n == 0) o->sys_argv[n++] = "";
    c->argv = o->sys_argv;
    c->argc = n;
    set_executable(o, argv);
    return -1;
}

/* The locale of the environment decides what encoding text files have. The C locale stands for
 * UTF-8: it is replaced by C.UTF-8, for child processes too (PEP 538), and turns UTF-8 mode on
 * (PEP 540) unless the user says otherwise. */
void gi_options_choose_locale(GiOptions *options) {
    const char *locale = setlocale(LC_CTYPE, ""), *all = getenv("LC_ALL"), *coerce = getenv("PYTHONCOERCECLOCALE");
    bool plain = !locale || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
    if (options->config.ignore_environment) coerce = NULL;
    options->config.utf8_mode = options->utf8 >= 0 ? options->utf8 : plain;
    if (!plain || (all && *all) || (coerce && strcmp(coerce, "0") == 0)) return;
    if (setlocale(LC_CTYPE, "C.UTF-8")) setenv("LC_CTYPE", "C.UTF-8", 1);
}

bool gi_options_find_library(GiOptions *o) {
    const char *home = environment(o, "PYTHONHOME");
    char folder[3072], probe[4096];
    if (home) {
        const char *colon = strchrnul(home, ':');
        snprintf(folder, sizeof folder, "%.*s/lib/python3.11", (int)(colon - home), home);
    } else {
        snprintf(folder, sizeof folder, "%s", GI_LIBRARY);
    }
    snprintf(probe, sizeof probe, "%s/importlib/_bootstrap.py", folder);
    if (access(probe, R_OK) != 0) {
        fprintf(stderr,
                "gila: cannot read Python's library: %s\n"
                "It comes with Debian's package libpython3.11-stdlib (and libpython3.11-minimal):\n"
                "    apt-get install libpython3.11-stdlib\n",
                probe);
        return false;
    }
    o->library = strdup(folder);
    o->config.stdlib = o->library;
    return o->library != NULL;
}

void gi_options_free(GiOptions *o) {
    free(o->executable);
    free(o->base_executable);
    free(o->library);
    free(o->sys_argv);
    free(o->config.warn_options);
    free(o->config.x_options);
}
