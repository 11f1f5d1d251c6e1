/* fuzz_compiler.c - source text to code: what compiles must pass the verifier and have its text.
 *
 * The first byte chooses mode, optimisation and futures. The interpreter is started once, for the
 * objects that code holds; nothing that is compiled is run. Single-threaded.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bytecode/code.h"
#include "modules/registry.h"
#include "objects/error.h"
#include "objects/str.h"
#include "runtime/runtime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static GiThread *start(void) {
    static char *argv[] = {"fuzz_compiler", NULL};
    static GiConfig config = {.program = "fuzz_compiler", .executable = "", .argc = 1, .argv = argv,
                              .orig_argc = 1, .orig_argv = argv, .isolated = 1, .no_site = true,
                              .ignore_environment = true, .dont_write_bytecode = true, .safe_path = true,
                              .stdlib = "/usr/lib/python3.11", .int_max_str_digits = 4300};
    config.natives = &gi_native_module_table;
    GiThread *ts = gi_vm_start(&config);
    if (!ts) exit(1);
    return ts;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const modes[] = {"exec", "single", "eval", "exec"};
    static GiThread *ts;
    if (!ts) ts = start();
    if (size == 0) return 0;
    int flags = GI_PYCF_SOURCE_IS_UTF8 | GI_PYCF_IGNORE_COOKIE;
    if (data[0] & 16) flags |= GI_PYCF_TOP_LEVEL_AWAIT;
    GiRef filename = gi_str_from_utf8(ts, "<fuzz>", 6);
    if (gi_is_null(filename)) abort();
    GiRef code = gi_compile_source(ts, (const char *)data + 1, size - 1, gi_val(filename), modes[data[0] & 3],
                                   flags, (data[0] >> 2) % 3, 11);
    gi_drop(ts, filename);
    if (gi_is_null(code)) {
        if (!gi_raised(ts)) abort();
        gi_exc_clear(ts);
        return 0;
    }
    if (gi_raised(ts)) abort();
    if (gi_code_verify(ts, gi_code_of(code)) != GI_OK) abort();
    gi_drop(ts, code);
    return 0;
}
