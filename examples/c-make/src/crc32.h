#ifndef CRC32_H
#define CRC32_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32 as gzip has it (RFC 1952, section 8). Begin with 0; the sum so far goes in, the new one comes out. */
uint32_t crc32_update(uint32_t sum, const unsigned char *bytes, size_t size);

#endif
