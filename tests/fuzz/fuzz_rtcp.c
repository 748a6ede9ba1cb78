/* SPDX-License-Identifier: EUPL-1.2 */
/* A compound packet, read in every way that its kinds are read. */
#include "media/rtcp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	rtcp_packet packet;
	while (rtcp_next(&data, &size, &packet)) {
		rtcp_report report;
		rtcp_sender_info info;
		uint16_t sequences[64];
		uint64_t bitrate;
		for (guint i = 0; rtcp_get_report(&packet, i, &report); i++)
			continue;
		rtcp_get_sender(&packet);
		rtcp_get_sender_info(&packet, &info);
		rtcp_get_media(&packet);
		rtcp_get_nack(&packet, sequences, G_N_ELEMENTS(sequences));
		rtcp_get_remb(&packet, &bitrate);
	}
	return 0;
}
