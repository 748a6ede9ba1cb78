/* SPDX-License-Identifier: EUPL-1.2 */
/* The audit log for everybody who wants to check it: signed heads and proofs are public, entries are the organisation's. */
#include "booking/audit/checkpoint.h"
#include "booking/audit/log.h"
#include "booking/audit/proof.h"
#include "signaling/error.h"
#include "signaling/protocol/handlers.h"

#include <string.h>

static json_t *not_found(GError **error)
{
	if (error == NULL || *error == NULL)
		g_set_error_literal(error, SIGNALING_ERROR, SIGNALING_ERROR_NOT_FOUND, "There is no such thing in this log.");
	return NULL;
}

/* Takes `text`. */
static json_t *send_text(request *request, char *text, GError **error)
{
	if (text == NULL)
		return not_found(error);
	request->file = g_bytes_new_take(text, strlen(text));
	request->file_type = "text/plain; charset=utf-8";
	return json_null();
}

json_t *handle_audit_checkpoint(request *request, const audit_checkpoint_in *in, GError **error)
{
	int64_t size = 0;
	return send_text(request, audit_checkpoint_latest(request->db, in->organisation, &size, error), error);
}

json_t *handle_audit_key(request *request, const audit_key_in *in, GError **error)
{
	return send_text(request, audit_checkpoint_key(request->db, in->organisation, error), error);
}

static json_t *send_hashes(json_t *hashes)
{
	return hashes != NULL ? json_pack("{s:o}", "hashes", hashes) : NULL;
}

/* Does the log have `size` entries yet? */
static gboolean has_entries(const request *request, const char *organisation, int64_t size, GError **error)
{
	int64_t there = audit_size(request->db, organisation, error);
	if (there >= size)
		return TRUE;
	if (there >= 0)
		not_found(error);
	return FALSE;
}

json_t *handle_audit_inclusion(request *request, const audit_inclusion_in *in, GError **error)
{
	if (in->sequence >= in->size)
		return not_found(error);
	if (!has_entries(request, in->organisation, in->size, error))
		return NULL;
	return send_hashes(audit_inclusion(request->db, in->organisation, in->sequence, in->size, error));
}

json_t *handle_audit_consistency(request *request, const audit_consistency_in *in, GError **error)
{
	if (in->first > in->second)
		return not_found(error);
	if (!has_entries(request, in->organisation, in->second, error))
		return NULL;
	return send_hashes(audit_consistency(request->db, in->organisation, in->first, in->second, error));
}

json_t *handle_audit_entries(request *request, const audit_entries_in *in, GError **error)
{
	if (strcmp(in->organisation, request->actor->organisation) != 0)
		return not_found(error);
	g_autoptr(json_t) entries = audit_entries(request->db, in->organisation, in->from, in->count, error);
	g_autoptr(GPtrArray) leaves =
		entries != NULL ? audit_leaves(request->db, in->organisation, in->from, in->count, error) : NULL;
	if (leaves == NULL)
		return NULL;
	for (guint i = 0; i < leaves->len; i++)
		json_object_set_new(json_array_get(entries, i), "leaf", json_string(leaves->pdata[i]));
	return json_pack("{s:O}", "entries", entries);
}
