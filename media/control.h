/* SPDX-License-Identifier: EUPL-1.2 */
/* The control socket between `jawort serve` and `jawort media`.
 *
 * JSON, one object a line, at most 256 KiB, over a Unix stream socket. `serve` connects and commands, `media` answers each
 * command with the same "id", and sends events without one. All names below are opaque ids chosen by `serve`.
 *
 * A peer is one device's WebRTC transport. It exists apart from rooms, so that it can be connected before the session
 * starts and be moved without a new negotiation: the client offers its own audio and video plus `slots` pairs of
 * recvonly audio and video; media fills the slots with the other people of the room and says who is where.
 * `media` ignores the client's candidates, is always DTLS passive, and never sends to an address that it was told.
 * In the offer the first sending audio and the first sending video m-line are the client's own; the i-th recvonly audio and
 * the i-th recvonly video line are slot i. A second sending video line is the client's document: a screen or a second camera,
 * with a track only while it is shown. Recvonly video lines without an audio line of the same number (at most two are used) show
 * the documents of others. An offer with another DTLS fingerprint is another browser (a reloaded page): the old
 * transport ends, the new one takes its place in the room, and a running recording goes on with it.
 * People of one room see and hear those of their group only; a recording has them all.
 *
 * commands                                                                     answers
 *   {"id":1,"do":"hello"}                                                      {"id":1,"peers":[{"peer":P,"room":R,"group":0,"state":"…"}],
 *                                                                               "rooms":[…],"recordings":[…],"left_alone":[…]}
 *                                                                               left_alone: recordings that were paused since
 *                                                                               nobody commanded (solitude.h)
 *                                                                               R null: in none; states as in "peer.state"
 *   {"do":"peer.offer","peer":P,"sdp":OFFER}                                   {"sdp":ANSWER,"slots":N}
 *                                                                                    new peer, renegotiation or ICE restart
 *   {"do":"peer.place","peer":P,"room":R,"group":0}                            {}      R null: in no room; media flows to nobody.
 *                                                                                      "group": 0 (when left out) to 3
 *   {"do":"peer.light","peer":P,"light":0-255}                                 {}      mean brightness of the picture, as the
 *                                                                                      client or a still measured it
 *   {"do":"peer.close","peer":P}                                               {}
 *   {"do":"record.start","room":R,"recording":ID,"folder":PATH,"part":1,"recipients":["age1…"],
 *        "people":[{"peer":P,"name":"partner_1"}]}                             {}      when the recorder has written key.age;
 *                                                                                      two people open it together when
 *                                                                                      "recipients" is [["age1…"],["age1…"]]
 *   {"do":"record.person","recording":ID,"peer":P,"name":"partner_1"}          {}      a further person, or another device
 *   {"do":"record.pause","recording":ID,"paused":true}                        {}
 *   {"do":"record.chapter","recording":ID,"title":"capture_front"}             {}
 *   {"do":"record.stop","recording":ID,"destroy":false}                        {"parts":[{"file","sha256","bytes"}],"chain":HEX}
 *   {"do":"still","recording":ID,"peer":P,"still":ID,"mrz":true}               {"file","sha256","width","height","jpeg":BASE64,
 *                                                                               "light":0-255,"sharpness":N,"mrz":["LINE",…]}
 *   {"do":"stats"}                                                             {"counters":{…}}
 * A failed command answers {"id":1,"error":{"code":"…","text":"…"}}; the codes: bad_request, unknown_command, unknown_peer,
 * unknown_room, unknown_recording, exists, bad_sdp, limit, transport, recorder, timeout, busy.
 *
 * Reasons of "closed": command, fingerprint_mismatch, dtls_failed, dtls_timeout, ice_timeout, consent_expired, bye.
 *
 * events
 *   {"event":"peer.state","peer":P,"state":"connecting|connected|disconnected|closed","reason":"…","profile":"AEAD_AES_128_GCM"}
 *   {"event":"peer.slots","peer":P,"slots":[Q,null,…],            whom this peer's recvonly slot i shows
 *        "documents":[Q,null]}                                   and whose document comes in each of the lines for them
 *   {"event":"peer.quality","peer":P,"loss_percent":0.4,"rtt_ms":31,"width":1280,"height":720,"fps":29,
 *        "audio_level":-23,"up_kbps":1400,"light":120,"paused":[Q],"reasons":["upload_slow",…]}
 *                                                                every 2 s while in a room, and at once when "paused" changes;
 *                                                                what is not known yet is left out. "paused": whose
 *                                                                pictures are not sent to this peer: its download is too slow
 *                                                                for them; sound goes on.
 *                                                                "reasons" (media/quality.h), the worst first: upload_slow,
 *                                                                download_slow, far, picture_dark, picture_small, audio_quiet
 *   {"event":"record.state","recording":ID,"state":"on|gap|restarted|failed","part":2,"reason":"…"}
 *   {"event":"record.chain","recording":ID,"chain":HEX,"bytes":N}   every 10 s: to be anchored in the audit log */
#pragma once
