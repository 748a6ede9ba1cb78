/* SPDX-License-Identifier: EUPL-1.2 */
#include "signaling/stills.h"

#include "signaling/limits.h"

#include <string.h>

typedef struct {
	char *id;
	char *session;
	char *officer;
	GBytes *jpeg;
} preview;

struct stills {
	GMutex mutex; /* pool threads add and read */
	GQueue previews;
};

static void preview_free(gpointer data)
{
	preview *preview = data;
	g_free(preview->id);
	g_free(preview->session);
	g_free(preview->officer);
	g_bytes_unref(preview->jpeg);
	g_free(preview);
}

stills *stills_new(void)
{
	stills *stills = g_new0(struct stills, 1);
	g_mutex_init(&stills->mutex);
	g_queue_init(&stills->previews);
	return stills;
}

void stills_free(stills *stills)
{
	if (stills == NULL)
		return;
	g_queue_clear_full(&stills->previews, preview_free);
	g_mutex_clear(&stills->mutex);
	g_free(stills);
}

/* Drop the oldest previews of a session until `keep` are left. */
static void trim(stills *stills, const char *session, guint keep)
{
	guint seen = 0;
	for (GList *item = stills->previews.tail, *before; item != NULL; item = before) {
		before = item->prev;
		if (strcmp(((preview *)item->data)->session, session) != 0 || ++seen <= keep)
			continue;
		preview_free(item->data);
		g_queue_delete_link(&stills->previews, item);
	}
}

void stills_add(stills *stills, const char *id, const char *session, const char *officer, GBytes *jpeg)
{
	preview *added = g_new(preview, 1);
	*added = (preview){ g_strdup(id), g_strdup(session), g_strdup(officer), jpeg };
	g_mutex_lock(&stills->mutex);
	trim(stills, session, STILLS_PER_SESSION - 1);
	g_queue_push_tail(&stills->previews, added);
	g_mutex_unlock(&stills->mutex);
}

GBytes *stills_get(stills *stills, const char *id, const char *officer)
{
	GBytes *found = NULL;
	g_mutex_lock(&stills->mutex);
	for (GList *item = stills->previews.head; item != NULL && found == NULL; item = item->next) {
		preview *preview = item->data;
		if (strcmp(preview->id, id) == 0 && strcmp(preview->officer, officer) == 0)
			found = g_bytes_ref(preview->jpeg);
	}
	g_mutex_unlock(&stills->mutex);
	return found;
}

void stills_drop_session(stills *stills, const char *session)
{
	g_mutex_lock(&stills->mutex);
	trim(stills, session, 0);
	g_mutex_unlock(&stills->mutex);
}
