/* _uuid.c - identifiers from the time and the machine, by libuuid. */
#include "modules/module.h"
#include <uuid/uuid.h>
#include "modules/_uuid.gen.h"

GI_FUNCTION(_uuid, generate_time_safe, "()", NULL) {
    uuid_t id;
    int safe = -1;
    GI_BLOCKING(&ts->core, "uuid") safe = uuid_generate_time_safe(id);
    GI_AUTO GiRef bytes = gi_bytes_from(ts, id, sizeof id);
    return gi_is_null(bytes) ? GI_NULL : gi_tuple_pack(ts, 2, gi_val(bytes), gi_smallint(safe));
}
static GiStatus _uuid_exec(GiThread *ts, GiVal module) { return gi_module_add_int(ts, module, "has_uuid_generate_time_safe", 1); }
const GiModuleDef gi_module__uuid = {.name = "_uuid", .functions = _uuid_functions, .exec = _uuid_exec};
