/* SPDX-License-Identifier: EUPL-1.2 */
/* A WebSocket message on its way to a handler's struct: JSON, operation, strict decoding. */
#include "core/json.h"
#include "signaling/call.h"
#include "signaling/error.h"
#include "signaling/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	g_autoptr(json_t) message = json_read((const char *)data, length, MESSAGE_BYTES, MESSAGE_DEPTH, NULL);
	const char *name = json_text(message, "op");
	const operation *operation = name != NULL ? operation_by_name(name) : NULL;
	json_t *in = json_object_get(message, "in");
	if (operation == NULL || in == NULL)
		return 0;
	g_autoptr(GError) error = NULL;
	g_autoptr(decoded) decoded = decode(operation->input, in, &error);
	/* Either a struct or a reason, and both ways of checking agree. */
	g_assert_true((decoded != NULL) != (error != NULL));
	g_assert_cmpint(shape_check(operation->input, in, NULL), ==, decoded != NULL);
	if (error != NULL)
		json_decref(error_to_json(error));
	return 0;
}
