using System.Globalization;
using System.Runtime.InteropServices;
using Tessera.Phone.Data;
using Tessera.Phone.Sound;

// Hears a sound (standard input: 8000 samples a second, 16 bits, one channel) through A-law as a device whose holder has
// pressed the key, and counts how often it was taken for the escape of a server. Argument: the minutes there must be.
var minutes = double.Parse(args[0], CultureInfo.InvariantCulture);
using var key = LineKey.Generate();
using var server = LineKey.Generate();
using var device = new LineEnd(new LineDeviceOptions
{
    Key = key, Modems = LineModems.All, Server = server.PublicKey,
});

await using var input = Console.OpenStandardInput();
var octets = new byte[AudioBlock.Length * sizeof(short)];
var said = new short[AudioBlock.Length];
var (packets, escapes, wasVoice) = (0L, 0, true);
while (await input.ReadAtLeastAsync(octets, octets.Length, throwOnEndOfStream: false) == octets.Length)
{
    var heard = MemoryMarshal.Cast<byte, short>(octets.AsSpan());
    foreach (ref var sample in heard) sample = G711.DecodeA(G711.EncodeA(sample));
    device.Arm(TimeSpan.FromSeconds(1));
    device.Process(heard, concealed: false, said);
    if (wasVoice && !device.IsVoice) Console.WriteLine($"an escape at {AudioBlock.TimeOf(packets * AudioBlock.Length)}");
    escapes += wasVoice && !device.IsVoice ? 1 : 0;
    wasVoice = device.IsVoice;
    packets++;
}

var time = AudioBlock.TimeOf(packets * AudioBlock.Length);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F1} minutes, {escapes} false escapes"));
return escapes == 0 && time.TotalMinutes >= minutes ? 0 : 1;
