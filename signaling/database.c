/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/database.h"

#include "booking/sql.h"
#include "ident/sql.h"
#include "signaling/sql.h"

/* What changes without an entry. Everything else that a write job does to a row needs one in the same transaction. */
static const store_unlogged unlogged[] = {
	{ "checkpoint", STORE_INSERT, "the signed heads of the log itself" },
	{ "log_key", STORE_INSERT | STORE_UPDATE, "the key that signs them" },
	{ "cookie_session", STORE_UPDATE, "when a browser was last seen; its beginning and end are entries" },
	{ "sign_in_try", STORE_INSERT | STORE_UPDATE | STORE_DELETE, "a rate; that a sign-in failed is an entry" },
	{ "notice", STORE_UPDATE, "how often a mail was tried; what it tells of is an entry" },
	{ 0 },
};

static int compare_number(const void *a, const void *b)
{
	return (int)((const store_migration *)a)->number - (int)((const store_migration *)b)->number;
}

store *database_open(const char *url, GError **error)
{
	const store_migration *folders[] = { booking_migrations, ident_migrations, signaling_migrations };
	g_autoptr(GArray) all = g_array_new(TRUE, TRUE, sizeof(store_migration));
	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
		for (const store_migration *migration = folders[i]; migration->number != 0; migration++)
			g_array_append_val(all, *migration);
	g_array_sort(all, compare_number);
	store *store = store_open(url, (const store_migration *)all->data, error);
	if (store != NULL)
		store_require_log(store, "entry", unlogged);
	return store;
}
