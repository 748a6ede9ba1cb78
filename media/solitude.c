/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/solitude.h"
#include "core/log.h"

struct solitude {
	server *server;
	directory *directory;
	solitude_options options;
	guint source;
	gboolean is_paused;
};

static gboolean look(gpointer data)
{
	solitude *solitude = data;
	guint seconds = (guint)(server_alone_us(solitude->server) / G_USEC_PER_SEC);
	if (seconds >= solitude->options.pause_seconds && !solitude->is_paused) {
		log_warning("nobody commands: recordings pause");
		directory_pause_recordings(solitude->directory);
	}
	solitude->is_paused = seconds >= solitude->options.pause_seconds;
	if (seconds < solitude->options.end_seconds)
		return G_SOURCE_CONTINUE;
	log_warning("nobody commands: ending");
	solitude->options.end(solitude->options.data);
	solitude->source = 0;
	return G_SOURCE_REMOVE;
}

solitude *solitude_new(server *server, directory *directory, const solitude_options *options)
{
	solitude *solitude = g_new0(struct solitude, 1);
	solitude->server = server;
	solitude->directory = directory;
	solitude->options = *options;
	solitude->source = g_timeout_add_seconds(1, look, solitude);
	return solitude;
}

void solitude_free(solitude *solitude)
{
	if (solitude == NULL)
		return;
	if (solitude->source != 0)
		g_source_remove(solitude->source);
	g_free(solitude);
}
