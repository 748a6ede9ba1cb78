/* SPDX-License-Identifier: EUPL-1.2 */
#include "media/outbox.h"
#include "media/limits.h"
#include <errno.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>

enum {
	SEGMENTS_MAX = 64,           /* UDP_MAX_SEGMENTS of Linux before 6.9 */
	MESSAGE_MAX_BYTES = 65507,   /* what an IPv4 datagram could carry */
	NONE = OUTBOX_DATAGRAMS_MAX, /* no datagram */
};

/* The length of the segments, as sendmsg() takes it. */
typedef union {
	struct cmsghdr header;
	uint8_t bytes[CMSG_SPACE(sizeof(uint16_t))];
} control;

struct outbox {
	counters *counters;
	gboolean has_segmentation; /* until a device proves to have none */
	outbox_way *first, **end;  /* who has something waiting, in order */
	guint datagram_count, message_count, vector_count;
	uint16_t lengths[OUTBOX_DATAGRAMS_MAX], next[OUTBOX_DATAGRAMS_MAX];
	struct mmsghdr messages[OUTBOX_DATAGRAMS_MAX];
	struct iovec vectors[OUTBOX_DATAGRAMS_MAX];
	control controls[OUTBOX_DATAGRAMS_MAX];
	uint8_t datagrams[OUTBOX_DATAGRAMS_MAX][MEDIA_PACKET_MAX_BYTES];
};

outbox *outbox_new(counters *counters)
{
	outbox *outbox = g_new0(struct outbox, 1);
	outbox->counters = counters;
	outbox->has_segmentation = TRUE;
	outbox->end = &outbox->first;
	return outbox;
}

void outbox_free(outbox *outbox)
{
	g_free(outbox);
}

uint8_t *outbox_reserve(outbox *outbox)
{
	if (outbox->datagram_count == OUTBOX_DATAGRAMS_MAX)
		outbox_flush(outbox);
	return outbox->datagrams[outbox->datagram_count];
}

void outbox_commit(outbox *outbox, outbox_way *way, size_t length)
{
	uint16_t index = (uint16_t)outbox->datagram_count++;
	outbox->lengths[index] = (uint16_t)length;
	outbox->next[index] = NONE;
	if (way->is_waiting) {
		outbox->next[way->last] = index;
	} else {
		way->is_waiting = TRUE;
		way->first = index;
		way->next = NULL;
		*outbox->end = way;
		outbox->end = &way->next;
	}
	way->last = index;
}

static void begin_message(outbox *outbox, outbox_way *way)
{
	outbox->messages[outbox->message_count++].msg_hdr = (struct msghdr){
		.msg_name = &way->to,
		.msg_namelen = address_size(&way->to),
		.msg_iov = &outbox->vectors[outbox->vector_count],
	};
}

/* Whether the kernel can cut a datagram of `length` off the message's end: all but the last are equal. */
static gboolean fits(const outbox *outbox, const struct msghdr *message, size_t length)
{
	const struct iovec *first = message->msg_iov, *last = &message->msg_iov[message->msg_iovlen - 1];
	return outbox->has_segmentation && last->iov_len == first->iov_len && length <= first->iov_len &&
	       message->msg_iovlen < SEGMENTS_MAX && (message->msg_iovlen + 1) * first->iov_len <= MESSAGE_MAX_BYTES;
}

static void set_segments(outbox *outbox, struct msghdr *message)
{
	if (message->msg_iovlen < 2)
		return;
	control *control = &outbox->controls[outbox->message_count - 1];
	uint16_t length = (uint16_t)message->msg_iov->iov_len;
	control->header = (struct cmsghdr){
		.cmsg_level = SOL_UDP,
		.cmsg_type = UDP_SEGMENT,
		.cmsg_len = CMSG_LEN(sizeof(length)),
	};
	memcpy(CMSG_DATA(&control->header), &length, sizeof(length));
	message->msg_control = control;
	message->msg_controllen = sizeof(*control);
}

static void add_messages(outbox *outbox, outbox_way *way)
{
	struct msghdr *message = NULL;
	for (uint16_t index = way->first; index != NONE; index = outbox->next[index]) {
		size_t length = outbox->lengths[index];
		if (message == NULL || !fits(outbox, message, length)) {
			begin_message(outbox, way);
			message = &outbox->messages[outbox->message_count - 1].msg_hdr;
		}
		outbox->vectors[outbox->vector_count++] = (struct iovec){ outbox->datagrams[index], length };
		message->msg_iovlen++;
		set_segments(outbox, message);
	}
	way->is_waiting = FALSE;
}

/* One by one what could not leave as one message. */
static void send_singly(outbox *outbox, int fd, const struct msghdr *message)
{
	for (size_t i = 0; i < message->msg_iovlen; i++) {
		const struct iovec *part = &message->msg_iov[i];
		if (sendto(fd, part->iov_base, part->iov_len, MSG_DONTWAIT, message->msg_name, message->msg_namelen) < 0)
			counters_add(outbox->counters, COUNTER_UNSENT, 1);
	}
}

/* EIO: no device on the way computes checksums. EINVAL, EMSGSIZE: this path is narrower than a datagram. */
static void on_refused(outbox *outbox, int fd, const struct msghdr *message, int reason)
{
	gboolean is_segmented = message->msg_controllen > 0;
	if (is_segmented && reason == EIO)
		outbox->has_segmentation = FALSE;
	if (is_segmented && (reason == EIO || reason == EINVAL || reason == EMSGSIZE))
		send_singly(outbox, fd, message);
	else
		counters_add(outbox->counters, COUNTER_UNSENT, message->msg_iovlen);
}

/* A full socket (EAGAIN) refuses each in turn: they are counted, and the next batch finds it emptier. */
static void send_messages(outbox *outbox, int fd)
{
	guint sent = 0;
	while (sent < outbox->message_count) {
		int count = sendmmsg(fd, outbox->messages + sent, outbox->message_count - sent, MSG_DONTWAIT);
		counters_add(outbox->counters, COUNTER_SENT_BATCHES, 1);
		if (count <= 0)
			on_refused(outbox, fd, &outbox->messages[sent].msg_hdr, errno);
		sent += count > 0 ? (guint)count : 1;
	}
	counters_add(outbox->counters, COUNTER_SENT_MESSAGES, outbox->message_count);
	outbox->message_count = outbox->vector_count = 0;
}

void outbox_flush(outbox *outbox)
{
	if (outbox->datagram_count == 0)
		return;
	int fd = outbox->first->fd;
	for (outbox_way *way = outbox->first; way != NULL; way = way->next) {
		if (way->fd != fd)
			send_messages(outbox, fd);
		fd = way->fd;
		add_messages(outbox, way);
	}
	send_messages(outbox, fd);
	counters_add(outbox->counters, COUNTER_SENT_DATAGRAMS, outbox->datagram_count);
	outbox->datagram_count = 0;
	outbox->first = NULL;
	outbox->end = &outbox->first;
}
