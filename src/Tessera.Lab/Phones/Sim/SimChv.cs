using System.Text;
using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Sim;

/// <summary>CHV1, the PIN of a SIM (3GPP TS 51.011 §8.9, §8.13).</summary>
internal static class SimChv
{
    public const int Least = 4;
    public const int Most = 8;

    private const byte Verify = 0x20;
    private const byte Unblock = 0x2C;
    private const byte Chv1 = 0x01;

    public static Task<ResponseApdu> VerifyChvAsync(this SimCard sim, string pin, CancellationToken cancel) =>
        sim.SendAsync(new CommandApdu(SimCard.Class, Verify, 0, Chv1, Padded(pin)), cancel, Range.All);

    /// <summary>UNBLOCK CHV: the unblocking key, and the PIN that counts from now on.</summary>
    public static Task<ResponseApdu> UnblockChvAsync(
        this SimCard sim, string key, string pin, CancellationToken cancel) =>
        sim.SendAsync(new CommandApdu(SimCard.Class, Unblock, 0, 0, Padded(key, pin)), cancel, Range.All);

    private static Bytes Padded(params ReadOnlySpan<string> secrets)
    {
        var octets = new byte[Most * secrets.Length];
        octets.AsSpan().Fill(0xFF);
        for (var i = 0; i < secrets.Length; i++) Encoding.ASCII.GetBytes(secrets[i], octets.AsSpan(i * Most, Most));
        return new Bytes(octets);
    }
}
