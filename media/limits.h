/* SPDX-License-Identifier: EUPL-1.2 */
/* Every limit of media, with its unit and reason. */
#pragma once

enum {
	/* packets */
	MEDIA_PACKET_MAX_BYTES = 1500, /* one datagram; browsers keep to 1200 and an Ethernet carries no more */
	OUTBOX_DATAGRAMS_MAX = 256, /* collected before they leave: more than a wake-up of a worker brings, and it fits a cache */
	MEDIA_SSRCS_MAX = 16,       /* SSRCs a peer may send with; two tracks, RTX, and a few changes of device */

	/* who is here */
	MEDIA_PEERS_MAX = 1000,     /* peers of a process: three per room of 300 rooms, far above what two cores forward */
	MEDIA_ROOM_PEERS_MAX = 6,   /* two partners, officer, interpreter, second officer, one to spare */
	MEDIA_SLOTS_MAX = 5,        /* the others of a full room */
	MEDIA_RECORDED_PEOPLE = 12, /* people of one recording, those who left included */
	MEDIA_ID_MAX_BYTES = 128,   /* an id chosen by `serve` */

	MEDIA_WORKERS_MAX = 64,   /* threads */
	WORKER_FULL_PEERS = 150,  /* then rooms go to the next worker: half a processor at three people a room */
	WORKER_BUSY_PERCENT = 50, /* of a processor: the same by measurement, for larger rooms or slower machines */

	/* the one port (port.h, intake.h, exchange.h) */
	PORT_BINDINGS_MAX = 16,      /* addresses of this machine; each is a socket of each worker */
	PORT_BUFFER_BYTES = 4194304, /* of a socket, each way: 20 ms of 1 Gbit/s with the kernel's overhead; it may grant less */
	INTAKE_BATCH = 64,           /* datagrams of one recvmmsg(2) */
	INTAKE_ROUNDS = 16,          /* of them from one socket before the others have their turn */
	INTAKE_GATHER_US = 1000, /* how long datagrams wait for company when many come; far below a frame, or a jitter buffer */
	INTAKE_PACE_WINDOW_US = 20000, /* how long the pace is watched before it changes */
	INBOX_DATAGRAMS_MAX = 256,     /* on their way to another worker; some milliseconds of its share */
	ICE_ADDRESSES_MAX = 8,         /* of a peer: interfaces times families; the one silent longest goes */
	ICE_GENERATIONS = 2,           /* user names of a peer: the present ones, and those before a restart */
	ICE_SILENT_US = 500000,        /* then media from another place moves the call, though it was not nominated */

	/* the offer (sdp.h) */
	SDP_MAX_BYTES = 49152,     /* Chromium with five slots writes 35 KB */
	SDP_MAX_LINES = 2000,      /* the same offer has about 900 */
	SDP_MEDIA_MAX = 16,        /* m-lines: own pair, five slot pairs, a few refused ones */
	SDP_EXTENSION_ID_MAX = 14, /* one-byte header extensions, RFC 8285; browsers offer no two-byte ones first */

	/* repair */
	TRACK_VIDEO_RING = 512,            /* packets kept for retransmission: 1 s at 4 Mbit/s */
	TRACK_AUDIO_RING = 64,             /* 1.3 s of Opus at 20 ms */
	TRACK_GAPS_MAX = 256,              /* missing packets remembered; more is an outage that only a keyframe repairs */
	TRACK_NACK_DELAY_MS = 10,          /* a packet may be this late before it is asked for */
	TRACK_NACK_INTERVAL_MS = 40,       /* at least; a longer round trip stretches it */
	TRACK_NACK_TRIES_MAX = 10,         /* then it is given up */
	TRACK_KEYFRAME_INTERVAL_MS = 1000, /* at most one request per publisher in this time, whatever receivers ask */
	TRACK_AUDIO_HOLD_MS = 120,         /* how long a recording waits for a missing packet */
	TRACK_VIDEO_HOLD_MS = 300,

	/* feedback */
	PEER_TWCC_INTERVAL_MS = 100, /* transport-wide feedback; libwebrtc expects 50 to 250 */
	PEER_REPORT_INTERVAL_MS = 1000,
	PEER_QUALITY_INTERVAL_MS = 2000,
	WORKER_TICK_MS = 20, /* timers of peers are looked at this often */

	/* bandwidth, bit/s */
	BANDWIDTH_FLOOR = 300000,    /* below it a document cannot be read; audio needs 40000 of it */
	BANDWIDTH_CEILING = 2500000, /* 720p at 30 pictures; more shows nothing */
	BANDWIDTH_START = 1500000,

	/* life and death */
	PEER_CONNECT_TIMEOUT_MS = 30000,   /* from the offer to media: then ice_timeout or dtls_timeout */
	PEER_DISCONNECTED_AFTER_MS = 5000, /* nothing heard: shown as disconnected */
	PEER_CONSENT_TIMEOUT_MS = 30000,   /* nothing heard: closed, RFC 7675 section 5.1 */
	DTLS_MTU = 1200,
	DTLS_EARLY_MAX = 8, /* datagrams kept while ICE has no way back: two ClientHello fragments, sent four times */

	/* recording */
	RECORDER_READY_TIMEOUT_MS = 10000, /* key.age and the folder; a slow disk */
	RECORDER_STOP_TIMEOUT_MS = 30000,  /* closing and hashing the parts */
	RECORDER_STILL_TIMEOUT_MS = 8000,  /* keyframe, decode, MRZ; the latter takes seconds on a busy machine */
	RECORDER_RESTARTS_MAX = 5,         /* within a recording, then it has failed: something is wrong with every start */

	/* control */
	CONTROL_LINE_MAX_BYTES = 262144,
	CONTROL_QUEUE_MAX_BYTES = 4194304, /* answers and events `serve` did not read yet; then it is cut off */
	CONTROL_DEPTH_MAX = 6,
};
