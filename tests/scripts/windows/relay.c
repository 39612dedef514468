/* Used as docker.exe and tar.exe under Wine: sends its name, its arguments, the variables that "-e NAME" passes on, some that
   Compose reads, and its standard input to relay.py on this machine, which runs the real program, and writes its output and ends with its status.
   The port is in RELAY_PORT. Texts are sent as UTF-8. */
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <winsock2.h>
#include <windows.h>
#include <shellapi.h>

static SOCKET relay;

/* What the script sets for Compose; the test has set the rest for the real programs. */
static const wchar_t *const for_compose[] = {
    L"COMPOSE_PROJECT_NAME", L"ORCHESTRATOR_MEMORY", L"ORCHESTRATOR_MEMORY_RESERVED", L"OLLAMA_IMAGE",
};

static void put(const char *bytes, int size)
{
    while (size > 0) {
        int sent = send(relay, bytes, size, 0);
        if (sent <= 0)
            exit(125);
        bytes += sent;
        size -= sent;
    }
}

static void frame(char kind, const char *bytes, int size)
{
    char head[5] = {kind, (char)(size >> 24), (char)(size >> 16), (char)(size >> 8), (char)size};
    put(head, 5);
    put(bytes, size);
}

static void get(char *bytes, int size)
{
    while (size > 0) {
        int came = recv(relay, bytes, size, 0);
        if (came <= 0)
            exit(125);
        bytes += came;
        size -= came;
    }
}

static void text(char kind, const wchar_t *wide)
{
    static char bytes[65536];
    frame(kind, bytes, WideCharToMultiByte(CP_UTF8, 0, wide, (int)wcslen(wide), bytes, sizeof bytes, NULL, NULL));
}

static void variable(const wchar_t *name)
{
    static wchar_t all[33000];
    size_t size = wcslen(name);

    if (wcschr(name, L'=') || size > 200)
        return;
    wcscpy(all, name);
    all[size] = L'=';
    if (GetEnvironmentVariableW(name, all + size + 1, 32000))
        text('v', all);
}

int main(void)
{
    static char piece[65536];
    static wchar_t folder[4096];
    wchar_t **words;
    int count;
    WSADATA started;
    struct sockaddr_in place = {0};
    int index, size;

    WSAStartup(MAKEWORD(2, 2), &started);
    relay = socket(AF_INET, SOCK_STREAM, 0);
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    place.sin_port = htons((unsigned short)atoi(getenv("RELAY_PORT")));
    if (connect(relay, (struct sockaddr *)&place, sizeof place))
        return 125;
    _setmode(0, _O_BINARY);
    _setmode(1, _O_BINARY);
    _setmode(2, _O_BINARY);
    GetCurrentDirectoryW(4096, folder);
    text('d', folder);
    words = CommandLineToArgvW(GetCommandLineW(), &count);
    for (index = 0; index < count; index++) {
        text('w', words[index]);
        if (index && !wcscmp(words[index - 1], L"-e"))
            variable(words[index]);
    }
    for (index = 0; index < (int)(sizeof for_compose / sizeof *for_compose); index++)
        variable(for_compose[index]);
    frame('g', "", 0);
    if (strcmp(getenv("RELAY_STDIN") ? getenv("RELAY_STDIN") : "", "no"))
        while ((size = _read(0, piece, sizeof piece)) > 0)
            frame('i', piece, size);
    frame('e', "", 0);
    for (;;) {
        unsigned char head[5];
        get((char *)head, 5);
        size = head[1] << 24 | head[2] << 16 | head[3] << 8 | head[4];
        get(piece, size);
        if (head[0] == 'x')
            return atoi(piece);
        _write(head[0] == '2' ? 2 : 1, piece, size);
    }
}
