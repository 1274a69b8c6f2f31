#include "page.h"

#include <inttypes.h>
#include <stdio.h>

#include "adler32.h"
#include "crc32.h"

size_t checksums_page(const unsigned char *bytes, size_t size, char *page, size_t room)
{
    uint32_t crc = crc32_update(0, bytes, size);
    uint32_t adler = adler32_update(1, bytes, size);
    int length = snprintf(page, room, "crc32 %08" PRIx32 "\nadler32 %08" PRIx32 "\n", crc, adler);
    return length < 0 || (size_t)length >= room ? 0 : (size_t)length;
}
