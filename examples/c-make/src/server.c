#include "server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "page.h"

enum { REQUEST_ROOM = 8192, ANSWER_ROOM = 512 };

static int listen_on(uint16_t port)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0)
        return -1;
    int yes = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr = {.s_addr = htonl(INADDR_ANY)},
    };
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 16) < 0) {
        close(listener);
        return -1;
    }
    return listener;
}

/* Reads up to the empty line that ends the head of a request; a body is not asked for. */
static size_t read_head(int client, char *head, size_t room)
{
    size_t size = 0;
    while (size < room - 1) {
        ssize_t got = read(client, head + size, room - 1 - size);
        if (got <= 0)
            break;
        size += (size_t)got;
        head[size] = '\0';
        if (strstr(head, "\r\n\r\n") != NULL)
            return size;
    }
    return 0;
}

static void answer(int client, const char *status, const char *body, size_t size)
{
    char head[ANSWER_ROOM];
    int length = snprintf(head, sizeof head,
                          "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
                          status, size);
    if (write(client, head, (size_t)length) == length && write(client, body, size) < 0)
        perror("write");
}

static void serve_one(int client)
{
    char head[REQUEST_ROOM];
    char page[ANSWER_ROOM];
    const char *text = "GET /";
    const size_t begin = strlen(text);
    char *end;
    if (read_head(client, head, sizeof head) == 0 || strncmp(head, text, begin) != 0 ||
        (end = strchr(head + begin, ' ')) == NULL) {
        answer(client, "400 Bad Request", "", 0);
        return;
    }
    size_t size = checksums_page((unsigned char *)head + begin, (size_t)(end - head) - begin, page, sizeof page);
    answer(client, "200 OK", page, size);
}

int serve(uint16_t port)
{
    int listener = listen_on(port);
    if (listener < 0)
        return -1;
    printf("http://localhost:%u/\n", (unsigned)port);
    fflush(stdout);
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client < 0)
            continue;
        serve_one(client);
        close(client);
    }
}
