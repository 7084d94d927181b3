/*
 * A PC/SC driver whose reader has a keypad (PC/SC part 10): the virtual reader of vsmartcard, and a holder who types what
 * a file says. TESSERA_KEYPAD_DRIVER names the driver behind it, TESSERA_KEYPAD_FILE the file: for each entry one word,
 * the digits, or "cancel", "timeout", or "lie" for a reader that claims a keypad and has none.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long DWORD;
typedef long RESPONSECODE;
typedef unsigned char UCHAR;
typedef struct { DWORD protocol, length; } PCI;

enum { SUCCESS = 0, COMMUNICATION_ERROR = 612, NOT_SUPPORTED = 614 };
enum { FEATURE_REQUEST = 0x42000000 + 3400, VERIFY = 0x42330006, MODIFY = 0x42330007 };

static void *behind(const char *name)
{
    static void *driver;
    if (!driver) driver = dlopen(getenv("TESSERA_KEYPAD_DRIVER"), RTLD_NOW);
    void *function = driver ? dlsym(driver, name) : NULL;
    if (!function) abort();
    return function;
}

#define FORWARD(name, parameters, arguments) \
    RESPONSECODE name parameters { return ((RESPONSECODE (*) parameters) behind(#name)) arguments; }

FORWARD(IFDHCreateChannel, (DWORD lun, DWORD channel), (lun, channel))
FORWARD(IFDHCreateChannelByName, (DWORD lun, char *name), (lun, name))
FORWARD(IFDHCloseChannel, (DWORD lun), (lun))
FORWARD(IFDHGetCapabilities, (DWORD lun, DWORD tag, DWORD *length, UCHAR *value), (lun, tag, length, value))
FORWARD(IFDHSetCapabilities, (DWORD lun, DWORD tag, DWORD length, UCHAR *value), (lun, tag, length, value))
FORWARD(IFDHSetProtocolParameters, (DWORD lun, DWORD protocol, UCHAR flags, UCHAR a, UCHAR b, UCHAR c),
    (lun, protocol, flags, a, b, c))
FORWARD(IFDHPowerICC, (DWORD lun, DWORD action, UCHAR *atr, DWORD *length), (lun, action, atr, length))
FORWARD(IFDHICCPresence, (DWORD lun), (lun))
FORWARD(IFDHTransmitToICC, (DWORD lun, PCI in, UCHAR *send, DWORD length, UCHAR *receive, DWORD *size, PCI *out),
    (lun, in, send, length, receive, size, out))

static RESPONSECODE answer(UCHAR *out, DWORD *returned, unsigned status)
{
    out[0] = status >> 8;
    out[1] = status;
    *returned = 2;
    return SUCCESS;
}

static DWORD little(const UCHAR *at) { return at[0] | at[1] << 8 | at[2] << 16 | (DWORD) at[3] << 24; }

/* Puts digits where the format string 82 wants them: left-justified octets in a block of 8. 0, or the status to say. */
static unsigned type(const char *typed, UCHAR *block, int least, int most)
{
    if (!strcmp(typed, "timeout")) return 0x6400;
    if (!strcmp(typed, "cancel")) return 0x6401;
    int digits = strlen(typed);
    if (digits < least || digits > most || digits > 8) return 0x6403;
    memcpy(block, typed, digits);
    return 0;
}

RESPONSECODE IFDHControl(
    DWORD lun, DWORD code, UCHAR *in, DWORD length, UCHAR *out, DWORD size, DWORD *returned)
{
    static const UCHAR features[] = { 6, 4, 0x42, 0x33, 0, 6, 7, 4, 0x42, 0x33, 0, 7 };
    char typed[3][16] = { "", "", "" };
    UCHAR command[300], receive[300];
    DWORD received = sizeof receive;
    PCI pci = { 2, sizeof pci };
    *returned = 0;
    if (code == FEATURE_REQUEST && size >= sizeof features) {
        memcpy(out, features, *returned = sizeof features);
        return SUCCESS;
    }

    int modify = code == MODIFY;
    DWORD header = modify ? 24 : 19;
    if (code != VERIFY && !modify) return NOT_SUPPORTED;
    if (size < 2 || length < header || length != header + little(in + header - 4)) return COMMUNICATION_ERROR;
    if (in[2] != 0x82 || in[3] != 0x08 || in[4] != 0 || length - header > sizeof command) return COMMUNICATION_ERROR;

    FILE *keys = fopen(getenv("TESSERA_KEYPAD_FILE"), "r");
    if (!keys || fscanf(keys, "%15s %15s %15s", typed[0], typed[1], typed[2]) < 1) return COMMUNICATION_ERROR;
    fclose(keys);
    if (!strcmp(typed[0], "lie")) return NOT_SUPPORTED;

    int most = in[modify ? 7 : 5], least = in[modify ? 8 : 6];
    UCHAR *data = command + 5;
    memcpy(command, in + header, length - header);
    unsigned refused = type(typed[0], data + (modify ? in[5] : 0), least, most);
    if (!refused && modify) refused = type(typed[1], data + in[6], least, most);
    if (!refused && modify && strcmp(typed[1], typed[2])) refused = 0x6402;
    if (refused) return answer(out, returned, refused);

    RESPONSECODE done = IFDHTransmitToICC(lun, pci, command, length - header, receive, &received, &pci);
    memset(command, 0, sizeof command);
    return done == SUCCESS && received == 2 ? answer(out, returned, receive[0] << 8 | receive[1]) : COMMUNICATION_ERROR;
}
