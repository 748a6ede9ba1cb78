/* SPDX-License-Identifier: EUPL-1.2 */
/* An offer, and the answer to whatever was taken. */
#include "media/sdp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const candidates[] = { "1 1 udp 1 192.0.2.1 1 typ host", NULL };
	static const sdp_answer answer = {
		.fingerprint = "AA", .ufrag = "ufrag", .password = "password", .candidates = candidates, .cname = "c"
	};
	static sdp_offer offer;
	if (sdp_offer_parse(&offer, (const char *)data, size, NULL))
		g_free(sdp_answer_write(&offer, &answer));
	return 0;
}
