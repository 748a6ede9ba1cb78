/* SPDX-License-Identifier: EUPL-1.2 */
/* The socketpair between `jawort media` and one `jawort record`.
 *
 * SOCK_SEQPACKET. Each message towards the recorder is one kind byte and its body; several RTP packets that arrived
 * together share one message. The recorder answers with JSON objects, one a message (record_event).
 * `media` never waits: when the recorder does not keep up, packets are dropped, counted, and marked as a gap.
 *
 *   kind            body
 *   RECORD_START    JSON {"recording","folder","part","recipients":[…],"tracks":[…]}; answered by {"event":"ready"}
 *                   once key.age is on disk
 *   RECORD_TRACK    JSON {"track":N,"person":"partner_1","kind":"audio|video","codec":"opus|vp8|h264","clock_rate":48000}
 *   RECORD_PACKETS  records of {u8 track, u8 orientation, u16 length, u64 arrival_us (CLOCK_MONOTONIC), RTP packet};
 *                   numbers little-endian, packets after the repair window, plain RTP with its header
 *   RECORD_CLOCK    {u8 track, u64 ntp, u32 rtp} from a sender report
 *   RECORD_CHAPTER  JSON {"title"}
 *   RECORD_PAUSE    JSON {"paused":bool}
 *   RECORD_STILL    JSON {"still","track","mrz":bool}; the keyframe follows as ordinary packets; answered by
 *                   {"event":"still","still","file","sha256","width","height","jpeg","light","sharpness","mrz":[…]} or
 *                   {"event":"still","still","error"}
 *   RECORD_STOP     JSON {"destroy":bool}; answered by {"event":"stopped","parts":[…],"chain":HEX}, then it exits
 * Further events: {"event":"chain","chain","bytes"} every 10 s, {"event":"failed","reason"} (disk full …). */
#pragma once

enum {
	RECORD_START = 1,
	RECORD_TRACK,
	RECORD_PACKETS,
	RECORD_CLOCK,
	RECORD_CHAPTER,
	RECORD_PAUSE,
	RECORD_STILL,
	RECORD_STOP,
};

enum { RECORD_MESSAGE_MAX_BYTES = 60000 }; /* one message; fits the default socket buffer several times */
