/* SPDX-License-Identifier: EUPL-1.2 */
/* The full agent by libnice: one agent, one stream, one component a peer.
 *
 * libnice receives and runs the checks; we send on its socket ourselves, because nice_agent_send() takes a lock and a call for
 * each packet. libnice's signals may come from any thread that runs the agent: they are posted to the owner's. */
#include "media/ice.h"
#include "media/error.h"
#include "media/limits.h"
#include <nice/agent.h>
#include <string.h>
#include <sys/socket.h>

enum { COMPONENT = 1 };

typedef struct {
	int fd; /* -1: no way to the peer; borrowed from the agent */
	struct sockaddr_storage address;
	socklen_t address_length;
} path;

struct ice {
	gatomicrefcount references; /* the owner's, and one of each posted signal */
	NiceAgent *agent;
	guint stream;
	GMainContext *context; /* lives as long as the process */
	const ice_events *events;
	void *data;
	gboolean is_closed;
	char *ufrag, *password;
	GPtrArray *candidates;
	path path;
	ice_outbox *outbox;
	gboolean is_waiting; /* in the outbox */
	struct ice *next;
	guint queued;
	struct mmsghdr headers[MEDIA_SEND_BATCH];
	struct iovec vectors[MEDIA_SEND_BATCH];
	uint8_t packets[MEDIA_SEND_BATCH][MEDIA_PACKET_MAX_BYTES];
};

static void ice_unref(void *pointer)
{
	ice *ice = pointer;
	if (!g_atomic_ref_count_dec(&ice->references))
		return;
	g_free(ice->ufrag);
	g_free(ice->password);
	g_ptr_array_unref(ice->candidates);
	g_free(ice);
}

static void on_receive(NiceAgent *agent, guint stream, guint component, guint length, char *bytes, void *data)
{
	(void)agent, (void)stream, (void)component;
	ice *ice = data;
	if (!ice->is_closed)
		ice->events->receive(ice->data, (uint8_t *)bytes, length);
}

/* What the agent says now about the way to the peer. */
static void read_path(ice *ice)
{
	NiceCandidate *local = NULL, *remote = NULL;
	path *path = &ice->path;
	path->fd = -1;
	if (!nice_agent_get_selected_pair(ice->agent, ice->stream, COMPONENT, &local, &remote))
		return;
	g_autoptr(GSocket) socket = nice_agent_get_selected_socket(ice->agent, ice->stream, COMPONENT);
	if (socket == NULL || local->transport != NICE_CANDIDATE_TRANSPORT_UDP)
		return;
	path->fd = g_socket_get_fd(socket);
	nice_address_copy_to_sockaddr(&remote->addr, (struct sockaddr *)&path->address);
	gboolean is_ipv6 = path->address.ss_family == AF_INET6;
	path->address_length = is_ipv6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

static void post_change(ice *ice);

static gboolean tell_changed(void *data)
{
	ice *ice = data;
	if (!g_main_context_is_owner(g_atomic_pointer_get(&ice->context))) {
		post_change(ice); /* it moved meanwhile */
		return G_SOURCE_REMOVE;
	}
	if (ice->is_closed)
		return G_SOURCE_REMOVE;
	read_path(ice);
	NiceComponentState state = nice_agent_get_component_state(ice->agent, ice->stream, COMPONENT);
	ice->events->changed(ice->data, ice->path.fd >= 0 && state != NICE_COMPONENT_STATE_FAILED);
	return G_SOURCE_REMOVE;
}

static void post_change(ice *ice)
{
	g_atomic_ref_count_inc(&ice->references);
	g_autoptr(GSource) source = g_idle_source_new();
	g_source_set_priority(source, G_PRIORITY_HIGH);
	g_source_set_callback(source, tell_changed, ice, ice_unref);
	g_source_attach(source, g_atomic_pointer_get(&ice->context));
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

static gboolean read_credentials(ice *ice)
{
	g_clear_pointer(&ice->ufrag, g_free);
	g_clear_pointer(&ice->password, g_free);
	return nice_agent_get_local_credentials(ice->agent, ice->stream, &ice->ufrag, &ice->password);
}

static void read_candidates(ice *ice, const char *advertise)
{
	GSList *candidates = nice_agent_get_local_candidates(ice->agent, ice->stream, COMPONENT);
	for (GSList *item = candidates; item != NULL; item = item->next) {
		const NiceCandidate *candidate = item->data;
		char address[NICE_ADDRESS_STRING_LEN];
		nice_address_to_string(&candidate->addr, address);
		g_ptr_array_add(ice->candidates,
			g_strdup_printf("%s 1 udp %u %s %u typ host", candidate->foundation, candidate->priority,
				advertise != NULL ? advertise : address, nice_address_get_port(&candidate->addr)));
		if (advertise != NULL)
			break;
	}
	g_slist_free_full(candidates, (GDestroyNotify)nice_candidate_free);
	g_ptr_array_add(ice->candidates, NULL);
}

static gboolean add_addresses(ice *ice, const ice_options *options, GError **error)
{
	for (const char *const *text = options->addresses; text != NULL && *text != NULL; text++) {
		NiceAddress address;
		nice_address_init(&address);
		if (!nice_address_set_from_string(&address, *text) || !nice_agent_add_local_address(ice->agent, &address)) {
			g_set_error(error, MEDIA_ERROR, MEDIA_ERROR_TRANSPORT, "%s is no address", *text);
			return FALSE;
		}
	}
	return TRUE;
}

static gboolean start(ice *ice, const ice_options *options, GError **error)
{
	if (!add_addresses(ice, options, error))
		return FALSE;
	ice->stream = nice_agent_add_stream(ice->agent, 1);
	if (options->first_port != 0)
		nice_agent_set_port_range(ice->agent, ice->stream, COMPONENT, options->first_port, options->last_port);
	if (!nice_agent_gather_candidates(ice->agent, ice->stream) || !read_credentials(ice)) {
		g_set_error_literal(error, MEDIA_ERROR, MEDIA_ERROR_TRANSPORT, "no UDP port can be bound");
		return FALSE;
	}
	read_candidates(ice, options->advertise);
	if (ice->candidates->pdata[0] == NULL) {
		g_set_error_literal(
			error, MEDIA_ERROR, MEDIA_ERROR_TRANSPORT, "no network address to offer; name one with --addresses");
		return FALSE;
	}
	ice_attach(ice, ice->context, ice->outbox);
	return TRUE;
}

static void prepare_batch(ice *ice)
{
	for (guint i = 0; i < MEDIA_SEND_BATCH; i++) {
		ice->vectors[i].iov_base = ice->packets[i];
		ice->headers[i].msg_hdr =
			(struct msghdr){ .msg_iov = &ice->vectors[i], .msg_iovlen = 1, .msg_name = &ice->path.address };
	}
}

ice *ice_new(const ice_options *options, GMainContext *context, ice_outbox *outbox, const ice_events *events, void *data,
	GError **error)
{
	g_autoptr(ice) ice = g_new0(struct ice, 1);
	g_atomic_ref_count_init(&ice->references);
	ice->context = context;
	ice->outbox = outbox;
	ice->events = events;
	ice->data = data;
	ice->candidates = g_ptr_array_new_with_free_func(g_free);
	ice->path.fd = -1;
	prepare_batch(ice);
	/* Trickle: an agent without remote candidates waits for checks instead of failing. */
	ice->agent = nice_agent_new_full(
		context, NICE_COMPATIBILITY_RFC5245, NICE_AGENT_OPTION_REGULAR_NOMINATION | NICE_AGENT_OPTION_ICE_TRICKLE);
	g_object_set(ice->agent, "controlling-mode", FALSE, "upnp", FALSE, "ice-tcp", FALSE, "keepalive-conncheck", TRUE, NULL);
	g_signal_connect(ice->agent, "component-state-changed", G_CALLBACK(on_state_changed), ice);
	g_signal_connect(ice->agent, "new-selected-pair-full", G_CALLBACK(on_new_selected_pair), ice);
	return start(ice, options, error) ? g_steal_pointer(&ice) : NULL;
}

static void on_agent_closed(GObject *agent, GAsyncResult *result, void *data)
{
	(void)result;
	ice_unref(data); /* held until here: a signal may have been on its way */
	g_object_unref(agent);
}

void ice_free(ice *ice)
{
	if (ice == NULL)
		return;
	ice->is_closed = TRUE;
	if (ice->stream != 0)
		ice_detach(ice);
	g_signal_handlers_disconnect_by_data(ice->agent, ice);
	nice_agent_close_async(ice->agent, on_agent_closed, ice);
}

const char *ice_ufrag(const ice *ice)
{
	return ice->ufrag;
}

const char *ice_password(const ice *ice)
{
	return ice->password;
}

const char *const *ice_candidates(const ice *ice)
{
	return (const char *const *)ice->candidates->pdata;
}

gboolean ice_set_remote(ice *ice, const char *ufrag, const char *password)
{
	return nice_agent_set_remote_credentials(ice->agent, ice->stream, ufrag, password);
}

gboolean ice_restart(ice *ice)
{
	return nice_agent_restart_stream(ice->agent, ice->stream) && read_credentials(ice);
}

static void flush(ice *ice)
{
	guint sent = 0;
	while (sent < ice->queued && ice->path.fd >= 0) {
		int count = sendmmsg(ice->path.fd, ice->headers + sent, ice->queued - sent, MSG_DONTWAIT);
		sent += count > 0 ? (guint)count : 1; /* the one refused is lost, the others may pass */
	}
	ice->queued = 0;
}

void ice_outbox_flush(ice_outbox *outbox)
{
	while (outbox->first != NULL) {
		ice *ice = outbox->first;
		outbox->first = ice->next;
		ice->is_waiting = FALSE;
		flush(ice);
	}
}

void ice_detach(ice *ice)
{
	ice_outbox_flush(ice->outbox);
	nice_agent_attach_recv(ice->agent, ice->stream, COMPONENT, NULL, NULL, NULL);
}

void ice_attach(ice *ice, GMainContext *context, ice_outbox *outbox)
{
	g_atomic_pointer_set(&ice->context, context);
	ice->outbox = outbox;
	nice_agent_attach_recv(ice->agent, ice->stream, COMPONENT, context, on_receive, ice);
}

uint8_t *ice_reserve(ice *ice)
{
	return ice->path.fd >= 0 ? ice->packets[ice->queued] : NULL;
}

void ice_commit(ice *ice, size_t length)
{
	ice->vectors[ice->queued].iov_len = length;
	ice->headers[ice->queued].msg_hdr.msg_namelen = ice->path.address_length;
	ice->queued++;
	if (!ice->is_waiting) {
		ice->is_waiting = TRUE;
		ice->next = ice->outbox->first;
		ice->outbox->first = ice;
	}
	if (ice->queued == MEDIA_SEND_BATCH)
		flush(ice);
}
