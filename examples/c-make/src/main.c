#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adler32.h"
#include "crc32.h"
#include "server.h"

static int print_sums(const char *path)
{
    unsigned char piece[65536];
    uint32_t crc = 0;
    uint32_t adler = 1;
    size_t got;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return EXIT_FAILURE;
    }
    while ((got = fread(piece, 1, sizeof piece, file)) > 0) {
        crc = crc32_update(crc, piece, got);
        adler = adler32_update(adler, piece, got);
    }
    int failed = ferror(file);
    fclose(file);
    if (failed) {
        perror(path);
        return EXIT_FAILURE;
    }
    printf("%08" PRIx32 "  %08" PRIx32 "  %s\n", crc, adler, path);
    return EXIT_SUCCESS;
}

static int serve_on(const char *text)
{
    char *end;
    unsigned long port = strtoul(text, &end, 10);
    if (*text == '\0' || *end != '\0' || port == 0 || port > UINT16_MAX) {
        fprintf(stderr, "not a port: %s\n", text);
        return EXIT_FAILURE;
    }
    /* A browser that goes away must not end the program. */
    signal(SIGPIPE, SIG_IGN);
    serve((uint16_t)port);
    perror(text);
    return EXIT_FAILURE;
}

int main(int count, char **words)
{
    if (count == 3 && strcmp(words[1], "--serve") == 0)
        return serve_on(words[2]);
    if (count < 2) {
        fprintf(stderr, "usage: %s FILE...\n       %s --serve PORT\n", words[0], words[0]);
        return EXIT_FAILURE;
    }
    int status = EXIT_SUCCESS;
    for (int word = 1; word < count; word++)
        if (print_sums(words[word]) != EXIT_SUCCESS)
            status = EXIT_FAILURE;
    return status;
}
