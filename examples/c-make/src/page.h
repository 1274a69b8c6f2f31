#ifndef PAGE_H
#define PAGE_H

#include <stddef.h>

/*
 * Writes the checksums of `bytes` as two lines of text into `page`, which holds `room` bytes, and returns its length;
 * 0 when there is no room.
 */
size_t checksums_page(const unsigned char *bytes, size_t size, char *page, size_t room);

#endif
