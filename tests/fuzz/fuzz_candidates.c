/* SPDX-License-Identifier: EUPL-1.2 */
/* Candidates of a client, whatever they say, change nothing: no packet goes to an address that a stranger named. */
#include "media/sdp.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char head[] =
	"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
	"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendonly\r\na=rtcp-mux\r\n"
	"a=rtpmap:111 opus/48000/2\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\na=setup:actpass\r\n"
	"a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
	"00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static sdp_offer without, with;
	if (!sdp_offer_parse(&without, head, sizeof(head) - 1, NULL))
		abort();
	g_autoptr(GString) offer = g_string_new(head);
	g_string_append(offer, "a=candidate:");
	for (size_t i = 0; i < size && offer->len < SDP_MAX_BYTES - 16; i++) {
		if (data[i] == '\n') /* another candidate */
			g_string_append(offer, "\r\na=candidate:");
		else
			g_string_append_c(offer, data[i] != 0 && data[i] != '\r' ? (char)data[i] : ' ');
	}
	g_string_append(offer, "\r\n");
	if (sdp_offer_parse(&with, offer->str, offer->len, NULL) && memcmp(&with, &without, sizeof(with)) != 0)
		abort();
	return 0;
}
