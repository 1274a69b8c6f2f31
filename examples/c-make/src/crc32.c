#include "crc32.h"

/* The polynomial with its bits in reverse order. */
#define POLYNOMIAL UINT32_C(0xedb88320)

static uint32_t table_entry(uint32_t index)
{
    for (int bit = 0; bit < 8; bit++)
        index = (index >> 1) ^ ((index & 1) ? POLYNOMIAL : 0);
    return index;
}

uint32_t crc32_update(uint32_t sum, const unsigned char *bytes, size_t size)
{
    static uint32_t table[256];
    if (table[1] == 0)
        for (uint32_t index = 0; index < 256; index++)
            table[index] = table_entry(index);
    sum = ~sum;
    for (size_t at = 0; at < size; at++)
        sum = table[(sum ^ bytes[at]) & 0xff] ^ (sum >> 8);
    return ~sum;
}
