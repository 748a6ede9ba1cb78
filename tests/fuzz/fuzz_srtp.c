/* SPDX-License-Identifier: EUPL-1.2 */
/* What arrives before anything is proven: both profiles, RTP and RTCP. The buffer is exactly as long as promised. */
#include "media/srtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t master[30];
	static srtp *receivers[2];
	static const srtp_profile profiles[] = { SRTP_PROFILE_GCM, SRTP_PROFILE_SHA1 };
	g_autofree uint8_t *out = g_malloc(size + 1);
	for (guint i = 0; i < G_N_ELEMENTS(profiles); i++) {
		if (receivers[i] == NULL)
			receivers[i] = srtp_new(profiles[i], master, master + SRTP_KEY_BYTES);
		srtp_decrypt(receivers[i], data, size, out);
		srtcp_decrypt(receivers[i], data, size, out);
	}
	return 0;
}
