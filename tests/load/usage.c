/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/load/usage.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
	long pid, parent, threads;
	unsigned long ticks; /* own and of children that were waited for */
} process;

static gboolean read_process(const char *name, process *process)
{
	g_autofree char *path = g_strdup_printf("/proc/%s/stat", name), *text = NULL;
	unsigned long user, system;
	long child_user, child_system;
	process->pid = strtol(name, NULL, 10);
	const char *rest = g_file_get_contents(path, &text, NULL, NULL) ? strrchr(text, ')') : NULL;
	if (rest == NULL || sscanf(rest + 1, " %*c %ld %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld %*d %*d %ld",
				    &process->parent, &user, &system, &child_user, &child_system, &process->threads) != 6)
		return FALSE;
	process->ticks = user + system + (unsigned long)(child_user + child_system);
	return TRUE;
}

static GArray *read_processes(void)
{
	GArray *processes = g_array_new(FALSE, FALSE, sizeof(process));
	g_autoptr(GDir) folder = g_dir_open("/proc", 0, NULL);
	for (const char *name; (name = g_dir_read_name(folder)) != NULL;) {
		process process;
		if (g_ascii_isdigit(name[0]) && read_process(name, &process))
			g_array_append_val(processes, process);
	}
	return processes;
}

static guint64 read_kb(const char *text, const char *key)
{
	const char *found = strstr(text, key);
	return found != NULL ? g_ascii_strtoull(found + strlen(key), NULL, 10) : 0;
}

static void add_memory(usage *usage, long pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%ld/smaps_rollup", pid), *text = NULL;
	if (!g_file_get_contents(path, &text, NULL, NULL))
		return;
	usage->rss_kb += read_kb(text, "\nRss:");
	usage->pss_kb += read_kb(text, "\nPss:");
}

static void add_tree(usage *usage, const GArray *processes, long pid, gboolean with_memory)
{
	for (guint i = 0; i < processes->len; i++) {
		const process *process = &g_array_index(processes, typeof(*process), i);
		if (process->parent == pid)
			add_tree(usage, processes, process->pid, with_memory);
		if (process->pid != pid)
			continue;
		usage->processes++;
		usage->threads += (guint)process->threads;
		usage->cpu_s += (double)process->ticks / (double)sysconf(_SC_CLK_TCK);
		if (with_memory)
			add_memory(usage, pid);
	}
}

static usage read_tree(GPid pid, gboolean with_memory)
{
	usage usage = { 0 };
	g_autoptr(GArray) processes = read_processes();
	add_tree(&usage, processes, pid, with_memory);
	return usage;
}

usage usage_read(GPid pid)
{
	return read_tree(pid, FALSE);
}

usage usage_read_memory(GPid pid)
{
	return read_tree(pid, TRUE);
}
