#include "adler32.h"

/* The largest prime below 65536. */
#define MODULUS 65521u

uint32_t adler32_update(uint32_t sum, const unsigned char *bytes, size_t size)
{
    uint32_t low = sum & 0xffff;
    uint32_t high = sum >> 16;
    for (size_t at = 0; at < size; at++) {
        low = (low + bytes[at]) % MODULUS;
        high = (high + low) % MODULUS;
    }
    return (high << 16) | low;
}
