/* SPDX-License-Identifier: EUPL-1.2 */
/* The recordings of an organisation: what there is, not what is in it. */
#include "signaling/protocol/handlers.h"
#include "signaling/sql.h"

json_t *handle_recording_list(request *request, const recording_list_in *in, GError **error)
{
	(void)in;
	g_autoptr(db_rows) rows =
		db_select(request->db, error, SQL_RECORDING_LIST, DB_TEXT("organisation", request->actor->organisation));
	return rows != NULL ? json_pack("{s:o}", "recordings", db_rows_json(rows)) : NULL;
}
