/* SPDX-License-Identifier: EUPL-1.2 */
/* GStreamer's webrtcbin as a peer for tests written in another language: `peer-webrtcbin SLOTS`, one JSON object a line.
 *
 * out  {"offer": SDP}
 * in   {"answer": SDP}
 * out  {"is_connected": true, "received": [{"frames": 12, "loudest": 3000}, …], "problem": null}   five times a second
 *
 * It ends with its standard input. */
#include "core/json.h"
#include "signaling/rehearse/peer.h"
#include <gst/gst.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 320, HEIGHT = 240, STEP = 7, TELL_MS = 200 };

typedef struct {
	peer *peer;
	guint slots;
	GMainLoop *loop;
} program;

static void say(json_t *line)
{
	g_autofree char *text = json_dumps(line, JSON_COMPACT);
	json_decref(line);
	puts(text);
	fflush(stdout);
}

/* A bright bar that wanders: no two pictures are the same. */
static void draw(guint8 *pixels, guint width, guint height, guint64 number, gpointer data G_GNUC_UNUSED)
{
	const gsize row = (gsize)width * 4;
	memset(pixels, 64, row * height);
	memset(pixels + row * (number * STEP % (height - STEP)), 200, row * STEP);
}

static gboolean on_tell(gpointer data)
{
	program *self = data;
	json_t *received = json_array();
	for (guint i = 0; i < self->slots; i++) {
		const peer_received slot = rehearse_peer_slot(self->peer, i);
		json_array_append_new(received, json_pack("{s:i, s:i}", "frames", slot.frames, "loudest", slot.loudest));
	}
	say(json_pack("{s:b, s:o, s:s?}", "is_connected", rehearse_peer_is_connected(self->peer), "received", received, "problem",
		rehearse_peer_problem(self->peer)));
	return G_SOURCE_CONTINUE;
}

static gboolean on_line(GIOChannel *input, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
	program *self = data;
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	if (g_io_channel_read_line(input, &text, NULL, NULL, NULL) != G_IO_STATUS_NORMAL) {
		g_main_loop_quit(self->loop);
		return G_SOURCE_REMOVE;
	}
	g_autoptr(json_t) line = json_loads(text, 0, NULL);
	if (!rehearse_peer_answer(self->peer, json_text(line, "answer"), &error))
		g_error("%s", error->message);
	return G_SOURCE_CONTINUE;
}

int main(int argc, char **argv)
{
	gst_init(&argc, &argv);
	program self = { .slots = argc > 1 ? (guint)atoi(argv[1]) : 2, .loop = g_main_loop_new(NULL, FALSE) };
	const peer_setup setup = { .name = "webrtcbin",
		.sentence = "Guten Tag, hier spricht webrtcbin.",
		.language = "de",
		.width = WIDTH,
		.height = HEIGHT,
		.draw = draw,
		.slots = self.slots,
		.is_local = TRUE };
	g_autoptr(GError) error = NULL;
	self.peer = rehearse_peer_new(&setup, &error);
	g_autofree char *offer = self.peer != NULL ? rehearse_peer_offer(self.peer, &error) : NULL;
	if (offer == NULL)
		g_error("%s", error->message);
	say(json_pack("{s:s}", "offer", offer));
	g_autoptr(GIOChannel) input = g_io_channel_unix_new(fileno(stdin));
	g_io_add_watch(input, G_IO_IN | G_IO_HUP, on_line, &self);
	g_timeout_add(TELL_MS, on_tell, &self);
	g_main_loop_run(self.loop);
	rehearse_peer_free(self.peer);
	g_main_loop_unref(self.loop);
	return 0;
}
