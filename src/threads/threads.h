/* threads.h - all of the threading layer in one include. */
#ifndef GI_THREADS_THREADS_H
#define GI_THREADS_THREADS_H

#include "threads/epoch.h"
#include "threads/events.h"
#include "threads/locks.h"
#include "threads/mutex.h"
#include "threads/parking.h"
#include "threads/world.h"

#endif
