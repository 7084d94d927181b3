/* Sends and hears HDLC frames and bits by the FSK modems of spandsp.
   spandsp_fsk send CHANNEL FRAMES SOUND     frames: length (2, little endian) and octets, again and again
   spandsp_fsk receive CHANNEL SOUND FRAMES  sound: 16 bits linear, 8000 a second
   spandsp_fsk rate CHANNEL SOUND            seconds of processor time to make and to hear as much sound */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <spandsp.h>

static FILE *frames;
static hdlc_tx_state_t *hdlc_tx;
static hdlc_rx_state_t *hdlc_rx;
static int ended;

static int read_frame(uint8_t *frame)
{
    uint8_t length[2];
    if (frames == NULL || fread(length, 1, 2, frames) != 2) return 0;
    return (int) fread(frame, 1, length[0] | length[1] << 8, frames);
}

static void underflow(void *user)
{
    uint8_t frame[400];
    int length = read_frame(frame);
    if (length > 0) hdlc_tx_frame(hdlc_tx, frame, length);
    else if (!ended) { ended = 1; hdlc_tx_flags(hdlc_tx, 16); }
    else if (ended < 4) { ended++; hdlc_tx_flags(hdlc_tx, 16); }
    else ended = 5;
}

static int get_bit(void *user)
{
    return hdlc_tx_get_bit(hdlc_tx);
}

static void heard(void *user, const uint8_t *frame, int length, int ok)
{
    uint8_t head[2] = {length & 0xFF, length >> 8};
    if (length <= 0 || !ok || frames == NULL) return;
    fwrite(head, 1, 2, frames);
    fwrite(frame, 1, length, frames);
}

static void put_bit(void *user, int bit)
{
    hdlc_rx_put_bit(hdlc_rx, bit);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

static fsk_tx_state_t *sender(const fsk_spec_t *spec)
{
    fsk_tx_state_t *tx = fsk_tx_init(NULL, spec, get_bit, NULL);
    fsk_tx_power(tx, -13.0f);
    hdlc_tx = hdlc_tx_init(NULL, 0, 2, 0, underflow, NULL);
    hdlc_tx_flags(hdlc_tx, 8);
    return tx;
}

static fsk_rx_state_t *receiver(const fsk_spec_t *spec)
{
    fsk_rx_state_t *rx = fsk_rx_init(NULL, spec, FSK_FRAME_MODE_SYNC, put_bit, NULL);
    fsk_rx_signal_cutoff(rx, -45.0f);
    hdlc_rx = hdlc_rx_init(NULL, 0, 1, 1, heard, NULL);
    return rx;
}

static int rate(const fsk_spec_t *spec, FILE *sound)
{
    int16_t amp[160];
    long packets = 0;
    double start = seconds();
    fsk_rx_state_t *rx = receiver(spec);
    while (fread(amp, 2, 160, sound) == 160) { fsk_rx(rx, amp, 160); packets++; }
    double hearing = seconds() - start;
    start = seconds();
    fsk_tx_state_t *tx = sender(spec);
    for (long i = 0; i < packets; i++) fsk_tx(tx, amp, 160);
    printf("%f %f\n", seconds() - start, hearing);
    return 0;
}

int main(int argc, char **argv)
{
    int16_t amp[160];
    if (argc < 4) return 2;
    const fsk_spec_t *spec = &preset_fsk_specs[atoi(argv[2])];
    if (strcmp(argv[1], "rate") == 0) return rate(spec, fopen(argv[3], "rb"));

    if (strcmp(argv[1], "send") == 0)
    {
        frames = fopen(argv[3], "rb");
        FILE *sound = fopen(argv[4], "wb");
        fsk_tx_state_t *tx = sender(spec);
        while (ended < 5)
        {
            int length = fsk_tx(tx, amp, 160);
            fwrite(amp, 2, length, sound);
        }
        return fclose(sound);
    }

    FILE *sound = fopen(argv[3], "rb");
    frames = fopen(argv[4], "wb");
    fsk_rx_state_t *rx = receiver(spec);
    size_t length;
    while ((length = fread(amp, 2, 160, sound)) > 0) fsk_rx(rx, amp, (int) length);
    return fclose(frames);
}
