#ifndef SERVER_H
#define SERVER_H

#include <stdint.h>

/*
 * Serves HTTP on all addresses until the program is ended: the path of a request, without its slash, is the text whose
 * checksums are the answer. Returns -1 with `errno` set when it cannot listen.
 */
int serve(uint16_t port);

#endif
