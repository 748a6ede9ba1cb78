/* SPDX-License-Identifier: EUPL-1.2 */
/* The limits of the program: each with unit and reason. Rates stand in protocol.json. */
#pragma once

/* messages */
#define MESSAGE_BYTES 65536      /* one HTTP body or WebSocket message, fragments summed: an SDP has at most 60 KiB */
#define MESSAGE_DEPTH 8          /* nested objects and arrays; the protocol's deepest input has 3 */
#define QUEUE_BYTES (512 * 1024) /* unsent to one client: several whole snapshots; who reads less is closed */
#define CONNECTION_ERRORS 10     /* refused messages until a connection is closed: a program gone wrong */
#define HTTP_HEADER_BYTES 8192   /* as nginx takes */
#define HTTP_HEADERS_POOL 256    /* requests whose headers are being read at once */
#define HTTP_ANSWER_SECONDS 60   /* until a request without an answer is given up */

/* connections */
#define CONNECTIONS 20000           /* 2.5 KB each when idle */
#define CONNECTIONS_PER_ADDRESS 200 /* a whole office sits behind one address */
#define PING_SECONDS 20             /* half-open TCP is found by ... */
#define HANGUP_SECONDS 45           /* ... no answer for so long */

/* threads */
#define POOL_THREADS 8 /* reads, scrypt, waiting for media; scrypt takes 32 MiB each */

/* sign-in */
#define STAFF_IDLE_MS (2 * 60 * 60 * 1000LL)       /* without any message or open page; a shift has longer pauses */
#define STAFF_ABSOLUTE_MS (12 * 60 * 60 * 1000LL)  /* a working day */
#define PERSON_IDLE_MS (2 * 60 * 60 * 1000LL)      /* from preparation to the end of a meeting */
#define PERSON_ABSOLUTE_MS (24 * 60 * 60 * 1000LL) /* a phone left lying about */
#define COOKIE_SEEN_MS (60 * 1000LL)               /* how often "last seen" is written */

/* sessions */
#define OFFICER_LOST_MS (60 * 1000LL)          /* before the meeting: after this the people get another officer */
#define OFFICER_LOST_LIVE_MS (5 * 60 * 1000LL) /* during it: a computer restarts in this time */
#define OFFICER_JOIN_MS (3 * 60 * 1000LL)      /* drawn, but does not join: somebody else shall have them */
#define MEDIA_LOST_MS (15 * 1000LL)            /* V-20: "without interruption"; a Wi-Fi roams in less, a cheat needs longer */
#define PAIRING_WINDOW_MS                                                                                                        \
	(15 * 60 * 1000LL)               /* appointments that begin within this of the earliest wait together: drawn among them */
#define SHIFT_MS (12 * 60 * 60 * 1000LL) /* V-02: how long the attestation of the room holds */
#define DRAW_NONCES 16                   /* shares of the draw (ident/draw.h) */
#define CHAT_LINES 200                   /* shown of one session */
#define CHAT_LINES_MAX 500               /* written in one session: a line every five seconds for 40 minutes */
#define TODAY_ROWS 100                   /* appointments of a day on a desk */

/* media */
#define TURN_STEP_MS (60 * 60 * 1000LL)    /* a relay's credential holds one to two of these: a session and its reserve */
#define MEDIA_SLOTS 5                      /* other people in a room of six */
#define MEDIA_DOCUMENTS 2                  /* second videos shown at once */
#define MEDIA_CALL_MS 10000                /* until a command to media counts as failed */
#define MEDIA_LINE_BYTES (4 * 1024 * 1024) /* a still's JPEG in base64 is the longest answer; unsent commands are not more */
#define MEDIA_BEAT_MS 2000                 /* how often media is asked whether it lives */
#define MEDIA_HUNG_MS 10000                /* without an answer: it is ended and started again */
#define STILLS_PER_SESSION 60              /* previews in memory, 300 kB each */

/* supervision */
#define CHILD_BACKOFF_FIRST_MS 100 /* restart pauses double ... */
#define CHILD_BACKOFF_MAX_MS 10000 /* ... up to this */
#define CHILD_STEADY_MS 30000      /* one that ran so long begins at the first pause again */
#define DRAIN_MS 5000              /* SIGTERM: clients reconnect within so long, then the process ends */
