/* datetime_ops.h - what datetime.c has from datetime_ops.c. */
#ifndef GI_DATETIME_OPS_H
#define GI_DATETIME_OPS_H

#include "modules/_datetime/internal.h"

/* The ten bytes of a pickled datetime, without fold. */
void gi_dt_datetime_bytes(const GiDateTime *d, uint8_t bytes[10]);
/* Slots. */
int64_t gi_dt_datetime_hash(GiThread *ts, GiVal self);
GiRef gi_dt_datetime_compare(GiThread *ts, GiVal left, GiVal right, GiCompareOp op);
GiRef gi_dt_datetime_plus(GiThread *ts, GiVal left, GiVal right);
GiRef gi_dt_datetime_minus(GiThread *ts, GiVal left, GiVal right);
/* Methods: self is a datetime, tz None or a tzinfo. */
GI_NODISCARD GiRef gi_dt_timestamp(GiThread *ts, GiVal self);
GI_NODISCARD GiRef gi_dt_astimezone(GiThread *ts, GiVal self, GiVal tz);

#endif
