/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/age.h"
#include "core/log.h"
#include "media/record/part.h"
#include "media/record/record.h"

struct record_part {
	record_out *out;
	age_writer *writer;
	guint64 plain_bytes;
};

/* Move what the age writer has made to the file's backlog: no full disk comes in its way. */
static gboolean drain(record_part *part)
{
	GByteArray *made = age_writer_output(part->writer);
	gboolean any = made->len > 0;
	record_out_append(part->out, made->data, made->len);
	g_byte_array_set_size(made, 0);
	return any;
}

record_part *record_part_new(const char *path, const char *recipient, GError **error)
{
	record_part *part = g_new0(record_part, 1);
	part->out = record_out_new(path, FALSE, error);
	if (part->out != NULL)
		part->writer = age_writer_new(-1, (const char *const[]){ recipient, NULL }, error);
	if (part->writer == NULL) {
		record_part_free(part);
		return NULL;
	}
	drain(part);
	return part;
}

void record_part_free(record_part *part)
{
	if (part == NULL)
		return;
	age_writer_free(part->writer);
	record_out_free(part->out);
	g_free(part);
}

gboolean record_part_write(record_part *part, const void *data, gsize length)
{
	g_autoptr(GError) error = NULL;
	part->plain_bytes += length;
	if (!age_writer_write(part->writer, data, length, &error))
		log_error("cannot encrypt", LOG_CAUSE(error)); /* out of memory: `age` will say that the end is missing */
	return drain(part);
}

gsize record_part_room(const record_part *part)
{
	return AGE_CHUNK_BYTES - part->plain_bytes % AGE_CHUNK_BYTES;
}

gboolean record_part_finish(record_part *part, GError **error)
{
	gboolean is_done = age_writer_finish(part->writer, error);
	drain(part);
	return is_done;
}

record_out *record_part_out(record_part *part)
{
	return part->out;
}
