/* SPDX-License-Identifier: EUPL-1.2 */
/* The rush when times are released: CLIENTS at once want the 500 seats of ten times, each trying TRIES times at random, on a
 * database file with full durability. Prints durable decisions per second and how long one took; fails unless exactly 500
 * are held. Usage: bench-slots [CLIENTS] [TRIES] */
#include "tests/unit/booking/fixture.h"

enum { TIMES = 10, SEATS = 50 };
#define FIRST_MS (MONDAY_MS + 3 * HOUR_MS)

typedef struct {
	int number, tries;
	int64_t *waits_us; /* of each try */
	int held;
} client;

typedef struct {
	char visitor[40];
	int64_t start_ms;
} try;

static gboolean hold_job(db *db, gpointer data, GError **error)
{
	const try *try = data;
	booking_context context = { db, MONDAY_MS, "visitor:bench", &test_settings };
	g_autoptr(appointment) hold =
		hold_new(&context, try->visitor, NULL, fixed.large, "advice", try->start_ms, try->visitor, error);
	return hold != NULL;
}

static gpointer run_client(gpointer data)
{
	client *client = data;
	g_autoptr(GRand) chance = g_rand_new_with_seed((guint32)client->number);
	for (int i = 0; i < client->tries; i++) {
		try try = { .start_ms = FIRST_MS + g_rand_int_range(chance, 0, TIMES) * 15 * MINUTE_MS };
		g_snprintf(try.visitor, sizeof try.visitor, "%d-%d", client->number, i);
		int64_t begin_us = clock_monotonic_us();
		client->held += store_write_wait(fixed.store, hold_job, &try, NULL);
		client->waits_us[i] = clock_monotonic_us() - begin_us;
	}
	return NULL;
}

static int compare(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
	return left < right ? -1 : left > right;
}

int main(int argc, char **argv)
{
	int clients = argc > 1 ? atoi(argv[1]) : 512, tries = argc > 2 ? atoi(argv[2]) : 40, held = 0;
	g_autofree char *folder = g_dir_make_tmp("bench-XXXXXX", NULL);
	g_autofree char *url = g_strdup_printf("sqlite:%s/jawort.db", folder);
	fixed.store = store_open(url, booking_migrations, NULL);
	json_decref(demo_load(fixed.store, TESTS_FOLDER "/unit/booking/installation.json", folder, MONDAY_MS, NULL));
	fixed.large = demo_id("office", "large");

	size_t count = (size_t)clients * (size_t)tries;
	g_autofree int64_t *waits_us = g_new(int64_t, count);
	g_autofree client *all = g_new0(client, (size_t)clients);
	g_autofree GThread **threads = g_new(GThread *, (size_t)clients);
	int64_t begin_us = clock_monotonic_us();
	for (int i = 0; i < clients; i++) {
		all[i] = (client){ .number = i, .tries = tries, .waits_us = waits_us + (size_t)i * (size_t)tries };
		threads[i] = g_thread_new("client", run_client, &all[i]);
	}
	for (int i = 0; i < clients; i++) {
		g_thread_join(threads[i]);
		held += all[i].held;
	}
	double seconds = (double)(clock_monotonic_us() - begin_us) / G_USEC_PER_SEC;
	qsort(waits_us, count, sizeof *waits_us, compare);
	printf("%zu decisions of %d clients in %.2f s: %.0f per second, p50 %.1f ms, p99 %.1f ms; %d of %d seats held\n", count,
		clients, seconds, (double)count / seconds, (double)waits_us[count / 2] / 1000,
		(double)waits_us[count * 99 / 100] / 1000, held, TIMES * SEATS);
	store_close(fixed.store);
	remove_folder(folder);
	g_free(fixed.large);
	return held == TIMES * SEATS ? 0 : 1;
}
