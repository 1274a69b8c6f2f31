#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adler32.h"
#include "crc32.h"
#include "page.h"

static int failures;

static void expect(const char *what, uint32_t found, uint32_t expected)
{
    if (found == expected)
        return;
    failures++;
    fprintf(stderr, "%s: %08" PRIx32 ", not %08" PRIx32 "\n", what, found, expected);
}

static const unsigned char *bytes_of(const char *text)
{
    return (const unsigned char *)text;
}

static void knows_published_sums(void)
{
    expect("crc32 of nothing", crc32_update(0, bytes_of(""), 0), 0);
    expect("crc32 of the check text", crc32_update(0, bytes_of("123456789"), 9), UINT32_C(0xcbf43926));
    expect("adler32 of nothing", adler32_update(1, bytes_of(""), 0), 1);
    expect("adler32 of a name", adler32_update(1, bytes_of("Wikipedia"), 9), UINT32_C(0x11e60398));
}

static void sums_up_pieces(void)
{
    const unsigned char *text = bytes_of("in two pieces");
    expect("crc32 in two pieces", crc32_update(crc32_update(0, text, 5), text + 5, 8), crc32_update(0, text, 13));
    expect("adler32 in two pieces", adler32_update(adler32_update(1, text, 5), text + 5, 8),
           adler32_update(1, text, 13));
}

static void writes_a_page(void)
{
    char page[64];
    size_t length = checksums_page(bytes_of("123456789"), 9, page, sizeof page);
    const char *expected = "crc32 cbf43926\nadler32 091e01de\n";
    expect("length of the page", (uint32_t)length, (uint32_t)strlen(expected));
    expect("text of the page", (uint32_t)strncmp(page, expected, sizeof page), 0);
    expect("a page without room", (uint32_t)checksums_page(bytes_of(""), 0, page, 4), 0);
}

int main(void)
{
    knows_published_sums();
    sums_up_pieces();
    writes_a_page();
    if (failures == 0)
        puts("all checksums are right");
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
