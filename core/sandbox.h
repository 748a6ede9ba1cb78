/* SPDX-License-Identifier: EUPL-1.2 */
/* A process gives up what it does not need, before it reads what strangers wrote: files outside a list (Landlock), and system
 * calls outside a list (seccomp). Both hold for all its threads and children, and there is no way back. A refused call fails with
 * EPERM or EACCES.
 *
 * It fails closed: where the kernel lacks one of the two, a process does not start, unless the operator asks for less. */
#pragma once
#include "core/error.h"

typedef enum {
	SANDBOX_FULL,    /* Landlock and seccomp */
	SANDBOX_SECCOMP, /* for kernels without Landlock: files stay open to whoever takes the process over */
	SANDBOX_OFF,     /* for debuggers */
} sandbox_level;

/* For option tables: the names of the levels, in order, and the option's sentence. */
#define SANDBOX_CHOICES "full|seccomp|off"
#define SANDBOX_ABOUT "What a process locks itself into; seccomp alone is for kernels without Landlock, off for debuggers."
/* The level of a name; FALSE when there is none. */
gboolean sandbox_level_parse(const char *name, sandbox_level *level);

/* What it may still do, besides memory, time, threads and the descriptors it has. */
typedef enum {
	SANDBOX_NETWORK = 1 << 0,  /* open, bind and connect sockets; without it only send and receive on those it has */
	SANDBOX_PROGRAMS = 1 << 1, /* start programs below paths that are executable, and copies of itself */
} sandbox_permissions;

typedef struct {
	const char *path; /* NULL ends the list; what does not exist is left out */
	gboolean is_writable, is_executable;
} sandbox_path;

/* Enter it. Call it while the process has one thread. At a lower level than SANDBOX_FULL a warning is logged.
 * FALSE with CORE_ERROR_SANDBOX: it is not locked in, and must not go on. */
gboolean sandbox_enter(sandbox_level level, const sandbox_path *paths, guint permissions, GError **error);
