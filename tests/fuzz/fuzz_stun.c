/* SPDX-License-Identifier: EUPL-1.2 */
/* A datagram as a stranger sends it: read, its password checked, answered. */
#include "media/stun.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static stun_key *key;
	if (key == NULL)
		key = stun_key_new("VOkJxbRl1RmTxUk/WvJxBt");
	stun_message message, read;
	if (!stun_parse(&message, data, size))
		return 0;
	stun_verify(&message, key);
	uint8_t out[STUN_WRITE_MAX_BYTES];
	address mapped;
	address_parse(&mapped, "192.0.2.1", 40000);
	if (!stun_parse(&read, out, stun_write_success(out, &message, &mapped, key)) || !stun_verify(&read, key))
		__builtin_trap();
	if (!stun_parse(&read, out, stun_write_error(out, &message, STUN_UNKNOWN_ATTRIBUTE, key)) || !stun_verify(&read, key))
		__builtin_trap();
	return 0;
}
