/* SPDX-License-Identifier: EUPL-1.2 */
/* Numbers in network byte order, at any alignment. */
#pragma once
#include <stdint.h>

static inline uint16_t bytes_get16(const uint8_t *data)
{
	return (uint16_t)(data[0] << 8 | data[1]);
}

static inline uint32_t bytes_get24(const uint8_t *data)
{
	return (uint32_t)data[0] << 16 | (uint32_t)data[1] << 8 | data[2];
}

static inline uint32_t bytes_get32(const uint8_t *data)
{
	return (uint32_t)data[0] << 24 | bytes_get24(data + 1);
}

static inline uint64_t bytes_get64(const uint8_t *data)
{
	return (uint64_t)bytes_get32(data) << 32 | bytes_get32(data + 4);
}

static inline void bytes_put16(uint8_t *data, uint16_t value)
{
	data[0] = (uint8_t)(value >> 8);
	data[1] = (uint8_t)value;
}

static inline void bytes_put24(uint8_t *data, uint32_t value)
{
	data[0] = (uint8_t)(value >> 16);
	bytes_put16(data + 1, (uint16_t)value);
}

static inline void bytes_put32(uint8_t *data, uint32_t value)
{
	bytes_put16(data, (uint16_t)(value >> 16));
	bytes_put16(data + 2, (uint16_t)value);
}

static inline void bytes_put64(uint8_t *data, uint64_t value)
{
	bytes_put32(data, (uint32_t)(value >> 32));
	bytes_put32(data + 4, (uint32_t)value);
}
