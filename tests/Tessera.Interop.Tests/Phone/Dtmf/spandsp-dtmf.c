/* DTMF by spandsp, for comparison: raw samples, 16 bits, 8000 a second.
 *   send DIGITS ON OFF LEVEL TWIST     samples on standard output; milliseconds, dBm0, dB
 *   receive                            samples on standard input, digits on standard output
 *   rate TIMES                         the same, so many times; seconds of processor time on standard output
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <spandsp.h>

static int send(char **argv)
{
    int16_t samples[160];
    dtmf_tx_state_t *sender = dtmf_tx_init(NULL);
    int count;

    dtmf_tx_set_timing(sender, atoi(argv[3]), atoi(argv[4]));
    dtmf_tx_set_level(sender, atoi(argv[5]), atoi(argv[6]));
    for (const char *digit = argv[2]; *digit;)
    {
        int left = (int) strlen(digit);
        int some = left < 64 ? left : 64;

        dtmf_tx_put(sender, digit, some);
        digit += some;
        while ((count = dtmf_tx(sender, samples, 160)) > 0)
            fwrite(samples, sizeof samples[0], count, stdout);
    }
    return 0;
}

static int receive(void)
{
    int16_t samples[160];
    char digits[128];
    dtmf_rx_state_t *receiver = dtmf_rx_init(NULL, NULL, NULL);
    size_t count;

    while ((count = fread(samples, sizeof samples[0], 160, stdin)) > 0)
    {
        dtmf_rx(receiver, samples, (int) count);
        if (dtmf_rx_get(receiver, digits, sizeof digits - 1) > 0)
            fputs(digits, stdout);
    }
    return 0;
}

static int rate(int times)
{
    static int16_t samples[8000 * 600];
    char digits[129];
    size_t count = fread(samples, sizeof samples[0], sizeof samples / sizeof samples[0], stdin);
    clock_t begun = clock();

    for (int i = 0; i < times; i++)
    {
        dtmf_rx_state_t *receiver = dtmf_rx_init(NULL, NULL, NULL);
        for (size_t at = 0; at + 160 <= count; at += 160)
        {
            dtmf_rx(receiver, samples + at, 160);
            dtmf_rx_get(receiver, digits, sizeof digits - 1);
        }
        dtmf_rx_free(receiver);
    }
    printf("%f\n", (double) (clock() - begun) / CLOCKS_PER_SEC);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 7 && strcmp(argv[1], "send") == 0)
        return send(argv);
    if (argc == 2 && strcmp(argv[1], "receive") == 0)
        return receive();
    if (argc == 3 && strcmp(argv[1], "rate") == 0)
        return rate(atoi(argv[2]));
    return 2;
}
