/* json_text.h - quoting of strings for JSON. */
#ifndef GI_MODULES_JSON_TEXT_H
#define GI_MODULES_JSON_TEXT_H

#include "modules/module.h"

/* Appends s with quotes and escapes; `ascii`: characters above 0x7E are escaped too. */
void gi_json_quote(GiStrBuilder *sb, GiVal s, bool ascii);

#endif
