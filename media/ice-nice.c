/* SPDX-License-Identifier: EUPL-1.2 */
/* The full agent by libnice: one agent, one stream, one component a peer.
 *
 * libnice receives and runs the checks; we send on its socket ourselves, because nice_agent_send() takes a lock and a call for
 * each packet. libnice's signals may come from any thread that runs the agent: they are posted to the owner's. */
#include "media/error.h"
#include "media/ice-private.h"
#include <nice/agent.h>

enum { COMPONENT = 1 };

typedef struct full {
	ice ice;
	gatomicrefcount references; /* the owner's, and one of each posted signal */
	NiceAgent *agent;
	guint stream;
	GMainContext *context; /* lives as long as the process */
	gboolean is_closed;
	char *ufrag, *password;
	GPtrArray *candidates;
	outbox_way way;
} full;

static full *full_of(ice *ice)
{
	return (full *)ice;
}

static void full_unref(void *pointer)
{
	full *full = pointer;
	if (!g_atomic_ref_count_dec(&full->references))
		return;
	g_free(full->ufrag);
	g_free(full->password);
	g_ptr_array_unref(full->candidates);
	g_free(full);
}

static void on_receive(NiceAgent *agent, guint stream, guint component, guint length, char *bytes, void *data)
{
	(void)agent, (void)stream, (void)component;
	full *full = data;
	if (!full->is_closed)
		full->ice.events->receive(full->ice.data, (uint8_t *)bytes, length, g_get_monotonic_time());
}

/* What the agent says now about the way to the peer. */
static void read_way(full *full)
{
	NiceCandidate *local = NULL, *remote = NULL;
	outbox_flush(full->ice.loop->outbox); /* it may hold something for the old way */
	full->ice.way = NULL;
	if (!nice_agent_get_selected_pair(full->agent, full->stream, COMPONENT, &local, &remote))
		return;
	g_autoptr(GSocket) socket = nice_agent_get_selected_socket(full->agent, full->stream, COMPONENT);
	if (socket == NULL || local->transport != NICE_CANDIDATE_TRANSPORT_UDP)
		return;
	full->way = (outbox_way){ .fd = g_socket_get_fd(socket) };
	nice_address_copy_to_sockaddr(&remote->addr, &full->way.to.any);
	full->ice.way = &full->way;
}

static void post_change(full *full);

static gboolean tell_changed(void *data)
{
	full *full = data;
	if (!g_main_context_is_owner(g_atomic_pointer_get(&full->context))) {
		post_change(full); /* it moved meanwhile */
		return G_SOURCE_REMOVE;
	}
	if (full->is_closed || !full->ice.is_attached)
		return G_SOURCE_REMOVE;
	read_way(full);
	NiceComponentState state = nice_agent_get_component_state(full->agent, full->stream, COMPONENT);
	full->ice.events->changed(full->ice.data, full->ice.way != NULL && state != NICE_COMPONENT_STATE_FAILED);
	return G_SOURCE_REMOVE;
}

static void post_change(full *full)
{
	g_atomic_ref_count_inc(&full->references);
	g_autoptr(GSource) source = g_idle_source_new();
	g_source_set_priority(source, G_PRIORITY_HIGH);
	g_source_set_callback(source, tell_changed, full, full_unref);
	g_source_attach(source, g_atomic_pointer_get(&full->context));
}

static void on_state_changed(NiceAgent *agent, guint stream, guint component, guint state, void *data)
{
	(void)agent, (void)stream, (void)component;
	if (state == NICE_COMPONENT_STATE_READY || state == NICE_COMPONENT_STATE_FAILED)
		post_change(data);
}

static void on_new_selected_pair(
	NiceAgent *agent, guint stream, guint component, NiceCandidate *local, NiceCandidate *remote, void *data)
{
	(void)agent, (void)stream, (void)component, (void)local, (void)remote;
	post_change(data);
}

static gboolean read_credentials(full *full)
{
	g_clear_pointer(&full->ufrag, g_free);
	g_clear_pointer(&full->password, g_free);
	gboolean is_read = nice_agent_get_local_credentials(full->agent, full->stream, &full->ufrag, &full->password);
	full->ice.ufrag = full->ufrag;
	full->ice.password = full->password;
	return is_read;
}

static void read_candidates(full *full, const char *const *advertise)
{
	GSList *candidates = nice_agent_get_local_candidates(full->agent, full->stream, COMPONENT);
	for (GSList *item = candidates; item != NULL; item = item->next) {
		const NiceCandidate *candidate = item->data;
		char address[NICE_ADDRESS_STRING_LEN];
		nice_address_to_string(&candidate->addr, address);
		g_ptr_array_add(full->candidates,
			g_strdup_printf("%s 1 udp %u %s %u typ host", candidate->foundation, candidate->priority,
				advertise != NULL ? *advertise : address, nice_address_get_port(&candidate->addr)));
		if (advertise != NULL)
			break;
	}
	g_slist_free_full(candidates, (GDestroyNotify)nice_candidate_free);
	g_ptr_array_add(full->candidates, NULL);
}

static gboolean add_addresses(full *full, const ice_options *options, GError **error)
{
	for (const char *const *text = options->addresses; text != NULL && *text != NULL; text++) {
		NiceAddress address;
		nice_address_init(&address);
		if (!nice_address_set_from_string(&address, *text) || !nice_agent_add_local_address(full->agent, &address)) {
			g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_TRANSPORT, "%s is no address", *text);
			return FALSE;
		}
	}
	return TRUE;
}

static gboolean start(full *full, const ice_options *options, GError **error)
{
	if (!add_addresses(full, options, error))
		return FALSE;
	full->stream = nice_agent_add_stream(full->agent, 1);
	if (options->first_port != 0)
		nice_agent_set_port_range(full->agent, full->stream, COMPONENT, options->first_port, options->last_port);
	if (!nice_agent_gather_candidates(full->agent, full->stream) || !read_credentials(full)) {
		g_set_error_literal(error, MEDIA_ERROR, MEDIA_ERROR_TRANSPORT, "no UDP port can be bound");
		return FALSE;
	}
	read_candidates(full, options->advertise);
	if (full->candidates->pdata[0] == NULL) {
		g_set_error_literal(
			error, MEDIA_ERROR, MEDIA_ERROR_TRANSPORT, "no network address to offer; name one with --addresses");
		return FALSE;
	}
	full->ice.candidates = (const char *const *)full->candidates->pdata;
	return TRUE;
}

static void on_agent_closed(GObject *agent, GAsyncResult *result, void *data)
{
	(void)result;
	full_unref(data); /* held until here: a signal may have been on its way */
	g_object_unref(agent);
}

static void full_free(ice *ice)
{
	full *full = full_of(ice);
	full->is_closed = TRUE;
	g_signal_handlers_disconnect_by_data(full->agent, full);
	nice_agent_close_async(full->agent, on_agent_closed, full);
}

static gboolean full_set_remote(ice *ice, const char *ufrag, const char *password)
{
	return nice_agent_set_remote_credentials(full_of(ice)->agent, full_of(ice)->stream, ufrag, password);
}

static gboolean full_restart(ice *ice)
{
	return nice_agent_restart_stream(full_of(ice)->agent, full_of(ice)->stream) && read_credentials(full_of(ice));
}

static void full_attach(ice *ice)
{
	full *full = full_of(ice);
	g_atomic_pointer_set(&full->context, ice->loop->context);
	nice_agent_attach_recv(full->agent, full->stream, COMPONENT, full->context, on_receive, full);
}

static void full_detach(ice *ice)
{
	nice_agent_attach_recv(full_of(ice)->agent, full_of(ice)->stream, COMPONENT, NULL, NULL, NULL);
}

static const ice_kind kind = {
	.free = full_free,
	.set_remote = full_set_remote,
	.restart = full_restart,
	.attach = full_attach,
	.detach = full_detach,
};

ice *ice_nice_new(const ice_options *options, GMainContext *context, GError **error)
{
	full *full = g_new0(struct full, 1);
	g_atomic_ref_count_init(&full->references);
	full->ice.kind = &kind;
	full->context = context;
	full->candidates = g_ptr_array_new_with_free_func(g_free);
	/* Trickle: an agent without remote candidates waits for checks instead of failing. */
	full->agent = nice_agent_new_full(
		context, NICE_COMPATIBILITY_RFC5245, NICE_AGENT_OPTION_REGULAR_NOMINATION | NICE_AGENT_OPTION_ICE_TRICKLE);
	g_object_set(full->agent, "controlling-mode", FALSE, "upnp", FALSE, "ice-tcp", FALSE, "keepalive-conncheck", TRUE, NULL);
	g_signal_connect(full->agent, "component-state-changed", G_CALLBACK(on_state_changed), full);
	g_signal_connect(full->agent, "new-selected-pair-full", G_CALLBACK(on_new_selected_pair), full);
	if (start(full, options, error))
		return &full->ice;
	full_free(&full->ice);
	return NULL;
}
