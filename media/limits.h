/* SPDX-License-Identifier: EUPL-1.2 */
/* Every limit of media, with its unit and reason. */
#pragma once

enum {
	/* packets */
	MEDIA_PACKET_MAX_BYTES = 1500, /* one datagram; browsers keep to 1200 and an Ethernet carries no more */
	OUTBOX_DATAGRAMS_MAX = 256, /* collected before they leave: more than a wake-up of a worker brings, and it fits a cache */
	MEDIA_SSRCS_MAX = 16,       /* SSRCs a peer may send with; three tracks, RTX, and a few changes of device */

	/* who is here */
	MEDIA_PEERS_MAX = 1000,     /* peers of a process: three per room of 300 rooms, far above what two cores forward */
	MEDIA_ROOM_PEERS_MAX = 6,   /* two partners, officer, interpreter, second officer, one to spare */
	MEDIA_SLOTS_MAX = 5,        /* the others of a full room */
	MEDIA_DOCUMENTS_MAX = 2,    /* second videos that one person sees at once; a screen has no room for more */
	MEDIA_GROUPS_MAX = 4,       /* parts of a room that do not hear each other: everybody apart */
	MEDIA_RECORDED_PEOPLE = 12, /* people of one recording, those who left included */
	MEDIA_ID_MAX_BYTES = 128,   /* an id chosen by `serve` */

	MEDIA_WORKERS_MAX = 64,   /* threads */
	WORKER_BUSY_PERCENT = 50, /* of a processor: then rooms go to the next worker, however few people this one has */

	/* the one port (port.h, intake.h, exchange.h) */
	PORT_BINDINGS_MAX = 16,      /* addresses of this machine; each is a socket of each worker */
	PORT_BUFFER_BYTES = 4194304, /* of a socket, each way: 20 ms of 1 Gbit/s with the kernel's overhead; it may grant less */
	INTAKE_BATCH = 64,           /* datagrams of one recvmmsg(2) */
	INTAKE_ROUNDS = 16,          /* of them from one socket before the others have their turn */
	INTAKE_GATHER_US = 1000, /* how long datagrams wait for company when many come; far below a frame, or a jitter buffer */
	INTAKE_GATHER_MIN = 1,   /* wake-ups that a gathering must spare: each costs more than a packet */
	INTAKE_PACE_WINDOW_US = 20000, /* how long the pace is watched before it changes */
	INBOX_DATAGRAMS_MAX =
		2048,           /* on their way to another worker: as much as a socket's buffer holds; untouched until needed */
	ICE_ADDRESSES_MAX = 8,  /* of a peer: interfaces times families; the one silent longest goes */
	ICE_GENERATIONS = 2,    /* user names of a peer: the present ones, and those before a restart */
	ICE_SILENT_US = 500000, /* then media from another place moves the call, though it was not nominated */

	/* the offer (sdp.h) */
	SDP_MAX_BYTES = 61440,     /* Chromium with five slots and documents writes 47 KB; fits a WebSocket message of serve */
	SDP_MAX_LINES = 2000,      /* the same offer has about 1200 */
	SDP_MEDIA_MAX = 20,        /* m-lines: own three, five slot pairs, two documents, a few refused ones */
	SDP_EXTENSION_ID_MAX = 14, /* one-byte header extensions, RFC 8285; browsers offer no two-byte ones first */

	/* repair */
	TRACK_VIDEO_RING = 512,            /* packets kept for retransmission: 1 s at 4 Mbit/s */
	TRACK_AUDIO_RING = 64,             /* 1.3 s of Opus at 20 ms */
	TRACK_GAPS_MAX = 256,              /* missing packets remembered; more is an outage that only a keyframe repairs */
	TRACK_NACK_DELAY_MS = 10,          /* a packet may be this late before it is asked for */
	TRACK_NACK_INTERVAL_MS = 40,       /* at least; a longer round trip stretches it */
	TRACK_NACK_TRIES_MAX = 10,         /* then it is given up */
	TRACK_NACK_PATIENCE_MS = 2000,     /* and after this and two round trips: nobody waits so long for a picture */
	TRACK_FREEZE_MS = 500,             /* a packet missing for so long stops the picture: a keyframe is asked for beside it */
	TRACK_SOUND_PATIENCE_MS = 250,     /* the same of sound: what comes later is not played any more */
	TRACK_KEYFRAME_INTERVAL_MS = 1000, /* at most one request per publisher in this time, whatever receivers ask */
	TRACK_LIVE_MS = 4000,              /* without a packet: switched off. A screen that stands still sends one a second */
	SENDER_REPLAY_MS =
		500, /* who comes so shortly after a keyframe is given it again, since no other may be asked for; ... */
	SENDER_REPLAY_PACKETS = 96, /* ... at most so many packets at once: half a second at 2 Mbit/s */
	TRACK_AUDIO_HOLD_MS = 120,  /* how long a recording waits for a missing packet */
	TRACK_VIDEO_HOLD_MS = 300,

	/* feedback */
	PEER_TWCC_INTERVAL_MS = 100, /* transport-wide feedback; libwebrtc expects 50 to 250 */
	PEER_REPORT_INTERVAL_MS = 1000,
	PEER_QUALITY_INTERVAL_MS = 2000,
	WORKER_TICK_MS = 20, /* timers of peers are looked at this often */

	/* bandwidth, bit/s */
	BANDWIDTH_FLOOR = 150000,    /* of one picture: with less it is a slide show of blocks, so rather none and clean sound */
	BANDWIDTH_RESUME = 250000,   /* a paused picture comes back: far enough above the floor not to fall through at once */
	BANDWIDTH_AUDIO = 40000,     /* of one person: Opus with its headers, taken off before pictures share the rest */
	BANDWIDTH_CEILING = 2500000, /* 720p at 30 pictures; more shows nothing */
	BANDWIDTH_START = 1500000,

	BANDWIDTH_PAUSE_MS = 3000,      /* too little for so long pauses a picture: estimates dip for a moment */
	BANDWIDTH_PATIENCE_MS = 5000,   /* enough for so long brings it back, ... */
	BANDWIDTH_PATIENCE_MAX = 30000, /* ... twice as long each time that it did not last */

	/* quality: from where on it is told */
	QUALITY_LOSS_PERCENT = 5,  /* sound begins to break in spite of its repair, half of it is unnoticed */
	QUALITY_UPLOAD_KBPS = 400, /* a picture below it is held back, ... */
	QUALITY_FPS = 12,          /* ... when it also jerks: cameras give 15 even in dim rooms */
	QUALITY_RTT_MS = 400,      /* ITU-T G.114: 200 ms one way, and the same again to the other person */
	QUALITY_LIGHT = 60,        /* mean luma; a face before a window has about 50 */
	QUALITY_HEIGHT = 480,      /* shorter side; the small print of a document needs it */
	QUALITY_VOICE_DB = -45,    /* dBov of the loudest syllable; speech at a laptop has -25 */
	QUALITY_BAD_AFTER = 2,     /* measures of PEER_QUALITY_INTERVAL_MS */
	QUALITY_GOOD_AFTER = 3,

	/* life and death */
	PEER_CONNECT_TIMEOUT_MS = 30000,   /* from the offer to media: then ice_timeout or dtls_timeout */
	PEER_DISCONNECTED_AFTER_MS = 5000, /* nothing heard: shown as disconnected */
	PEER_CONSENT_TIMEOUT_MS = 30000,   /* nothing heard: closed, RFC 7675 section 5.1 */
	DTLS_MTU = 1200,
	DTLS_EARLY_MAX = 8, /* datagrams kept while ICE has no way back: two ClientHello fragments, sent four times */

	/* recording */
	RECORDER_FEED_MS = 100, /* packets go to it at most this late, many at once; the rings hold ten times as much */
	RECORDER_READY_TIMEOUT_MS = 10000, /* key.age and the folder; a slow disk */
	RECORDER_STOP_TIMEOUT_MS = 30000,  /* closing and hashing the parts */
	RECORDER_STILL_TIMEOUT_MS = 8000,  /* keyframe, decode, MRZ; the latter takes seconds on a busy machine */
	RECORDER_RESTARTS_MAX = 5,         /* within a recording, then it has failed: something is wrong with every start */

	/* control */
	CONTROL_LINE_MAX_BYTES = 262144,
	CONTROL_QUEUE_MAX_BYTES = 4194304, /* answers and events `serve` did not read yet; then it is cut off */
	CONTROL_DEPTH_MAX = 6,
};
