/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/report-seal.h"

#include "core/crypto.h"
#include "ident/report.h"

#include <string.h>

typedef struct {
	const request *request;
	const char *id;
	ident_report *report;
	char *signature, *verifier_key;
} sealing;

static void clear(sealing *sealing)
{
	ident_report_free(sealing->report);
	g_free(sealing->signature);
	g_free(sealing->verifier_key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(sealing, clear)

static gboolean load(db *db, gpointer data, GError **error)
{
	sealing *sealing = data;
	sealing->report = ident_report_load(db, sealing->id, error);
	return sealing->report != NULL;
}

static gboolean seal(db *db, gpointer data, GError **error)
{
	const sealing *sealing = data;
	booking_context context = request_context(sealing->request);
	context.db = db;
	return ident_report_seal(&context, sealing->id, sealing->signature, sealing->verifier_key, error);
}

gboolean report_seal(const request *request, const char *id, GError **error)
{
	g_auto(sealing) sealing = { .request = request, .id = id };
	store *store = app_store(request->app);
	sign_client *signer = app_sign(request->app);
	if (!store_read(store, load, &sealing, error))
		return FALSE;
	const ident_report *report = sealing.report;
	if (report->sealed != NULL)
		return TRUE;
	guint8 digest[CRYPTO_HASH_BYTES];
	crypto_sha256(report->body, strlen(report->body), digest);
	if (!sign_checkpoint_now(signer, report->organisation, error))
		return FALSE;
	sealing.signature =
		sign_document(signer, report->organisation, IDENT_REPORT_DOMAIN, digest, &sealing.verifier_key, error);
	return sealing.signature != NULL && store_write_wait(store, seal, &sealing, error);
}
