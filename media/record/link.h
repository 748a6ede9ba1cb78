/* SPDX-License-Identifier: EUPL-1.2 */
/* The socketpair between `jawort media` and one `jawort record`.
 *
 * `media` starts `jawort record` once, with a SOCK_SEQPACKET as file descriptor 3. Each message on it is one byte with one end of
 * a link (SCM_RIGHTS); the process forks, and the child is the recorder at that end. A recorder whose loop stands still for
 * RECORD_WATCHDOG_S ends itself. One at a time writes a folder: the next one waits for its lock.
 *
 * A link is a SOCK_SEQPACKET too. Each message towards the recorder is one kind byte and its
 * body; several RTP packets that arrived together share one message. The recorder answers with JSON objects, one a message.
 * `media` never waits: when the recorder does not keep up, packets are dropped, counted, and marked as a gap.
 * When the socket closes without RECORD_STOP, the recorder finishes its files as for {"destroy":false} and exits.
 *
 *   kind            body
 *   RECORD_START    JSON {"recording","folder","part","recipients":[…],"tracks":[…]}, first and once.
 *                   "recipients" is ["age1…",…] (any one opens) or two groups [["age1…"],["age1…"]] (one of each is
 *                   needed: the first group opens the outer file). "folder" is absolute; it is created when missing.
 *                   In a folder that holds a recording already, "recipients" is not used: the same key.age goes on, and
 *                   the gap is marked. "part" is the least number of the new parts; a free one is taken.
 *                   "tracks" has objects as in RECORD_TRACK. Answered by {"event":"ready","part":N} once key.age is on
 *                   disk, or by {"event":"failed","reason"} and exit status 1.
 *   RECORD_TRACK    JSON {"track":N,"person":"partner_1","kind":"audio|video","codec":"opus|vp8|h264","clock_rate":48000}
 *                   A person's document (a screen, a second camera) is announced as "partner_1-document": a file of its own.
 *                   N is 0 to 255. May come at any time; send the track's latest sender report right after it.
 *                   Named again with the same N, the track starts anew (another device).
 *   RECORD_PACKETS  records of {u8 track, u8 orientation, u16 length, u64 arrival_us (CLOCK_MONOTONIC), RTP packet};
 *                   numbers little-endian, packets after the repair window, plain RTP with its header, no RTX.
 *                   "orientation" is the quarter turns (0 to 3) that the picture must be turned clockwise to stand
 *                   upright, the CVO rotation bits of 3GPP TS 26.114.
 *   RECORD_CLOCK    {u8 track, u64 ntp, u32 rtp} from a sender report, little-endian
 *   RECORD_CHAPTER  JSON {"title"}
 *   RECORD_PAUSE    JSON {"paused":bool}. What arrives while paused is not kept; ask for keyframes after the pause.
 *   RECORD_STILL    JSON {"still","track","mrz":bool}; the keyframe follows as ordinary packets within
 *                   RECORD_STILL_WAIT_MS; answered by
 *                   {"event":"still","still","file","sha256","width","height","jpeg","light","sharpness","mrz":[…]} or
 *                   {"event":"still","still","error"}. "sha256" is of the encrypted file; "jpeg" is a preview in Base64;
 *                   "mrz" are two or three raw lines, absent when none was asked for, empty when none was found.
 *   RECORD_STOP     JSON {"destroy":bool}; answered by {"event":"stopped","parts":[{"file","sha256","bytes"}],"chain":HEX},
 *                   then it exits with status 0
 * Further events:
 *   {"event":"chain","chain":HEX,"bytes":N}   every 10 s: the manifest's running hash, to be anchored
 *   {"event":"keyframe","track":N}            the picture is broken until the next keyframe: please ask for one
 *   {"event":"failed","reason":"…"}           nothing can be written (disk full …), within 2 s; the call goes on
 *   {"event":"recovered"}                     writing goes on after "failed"; what was lost is a marked gap */
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

enum {
	RECORD_LINK_FD = 3,
	RECORD_MESSAGE_MAX_BYTES = 60000, /* one message to the recorder; fits the default socket buffer several times */
	RECORD_EVENT_MAX_BYTES = 180000,  /* one event; a still's preview is the largest, and must fit the default buffer */
	RECORD_PACKET_HEAD_BYTES = 12,    /* before each RTP packet in RECORD_PACKETS */
	RECORD_STILL_WAIT_MS = 3000,      /* no keyframe in this time: the still fails */
};
