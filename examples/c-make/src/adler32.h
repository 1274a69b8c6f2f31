#ifndef ADLER32_H
#define ADLER32_H

#include <stddef.h>
#include <stdint.h>

/* Adler-32 as zlib has it (RFC 1950, section 8.2). Begin with 1; the sum so far goes in, the new one comes out. */
uint32_t adler32_update(uint32_t sum, const unsigned char *bytes, size_t size);

#endif
