/* SPDX-License-Identifier: EUPL-1.2 */
/* How long an audit entry takes to append, and a log to verify.   bench-audit [ENTRIES, default 1000000] */
#include "booking/audit/log.h"
#include "booking/audit/verify.h"
#include "booking/sql.h"
#include "core/clock.h"
#include "core/json.h"
#include <glib/gstdio.h>
#include <stdlib.h>
#include <time.h>

enum { BATCH = 100 };

/* Of this process: what a busy machine cannot disturb. */
static double cpu_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void check(const GError *error)
{
	if (error != NULL)
		g_error("%s", error->message);
}

static gboolean append_batch(db *db, gpointer data, GError **error)
{
	int64_t *count = data;
	for (int i = 0; i < BATCH; i++, (*count)++) {
		g_autofree char *appointment = g_strdup_printf("appointment_%026" G_GINT64_MODIFIER "d", *count / 12);
		g_autofree char *session = g_strdup_printf("session_%026" G_GINT64_MODIFIER "d", *count / 12);
		g_autoptr(json_t) details = json_pack("{sssI}", "state", "confirmed", "revision", (json_int_t)*count);
		audit_entry entry = { "organisation_00000000000000000000000001", "staff:staff_00000000000000000000000001",
			"appointment.confirmed", { appointment, session }, details, 1790000000000 + *count };
		if (audit_append(db, &entry, error) < 0)
			return FALSE;
	}
	return TRUE;
}

static void on_finding(G_GNUC_UNUSED gpointer data, const char *text)
{
	g_error("%s", text);
}

static gboolean verify(db *db, gpointer data, GError **error)
{
	audit_verifier verifier = { NULL, on_finding, NULL };
	return audit_verify_database(db, &verifier, data, error);
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	int64_t wanted = argc > 1 ? atoll(argv[1]) : 1000000, count = 0;
	g_autofree char *folder = g_dir_make_tmp("jawort-bench-XXXXXX", &error);
	check(error);
	g_autofree char *url = g_strdup_printf("sqlite:%s/audit.db", folder);
	store *store = store_open(url, booking_migrations, &error);
	check(error);
	int64_t start_us = clock_monotonic_us();
	double start_cpu = cpu_s();
	while (count < wanted) {
		store_write_wait(store, append_batch, &count, &error);
		check(error);
	}
	printf("append: %.1f us each (CPU %.1f), %d a commit, on disk\n",
		(double)(clock_monotonic_us() - start_us) / (double)count, (cpu_s() - start_cpu) * 1e6 / (double)count, BATCH);
	audit_figures figures;
	start_cpu = cpu_s();
	start_us = clock_monotonic_us();
	store_read(store, verify, &figures, &error);
	check(error);
	printf("verify: %.2f s (CPU %.2f) for %" G_GINT64_FORMAT " entries\n", (double)(clock_monotonic_us() - start_us) / 1e6,
		cpu_s() - start_cpu, figures.entries);
	store_close(store);
	g_autofree char *command = g_strdup_printf("rm -r '%s'", folder);
	return system(command);
}
