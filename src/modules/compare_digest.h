/* compare_digest.h - comparing secrets, which _operator and _hashlib both offer. */
#ifndef GI_MODULES_COMPARE_DIGEST_H
#define GI_MODULES_COMPARE_DIGEST_H

#include "objects/type.h"

/* Whether two ASCII strings or two bytes-like objects are equal, in a time that does not tell where they
 * differ; TypeError for anything else. */
GI_NODISCARD GiRef gi_compare_digest(GiThread *ts, GiVal a, GiVal b);

#endif
