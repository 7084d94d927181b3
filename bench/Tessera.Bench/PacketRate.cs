using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Tessera.Sms.Packets;
using Tessera.Wire;

namespace Tessera.Bench;

/// <summary>
/// Secured packets a second on one core: each made under keys of its own and opened under them, as a gateway does that
/// serves another card each time. Beside it the same ciphers of the platform, alone.
/// </summary>
internal static class PacketRate
{
    /// <summary>What one message has room for.</summary>
    private const int DataLength = 98;

    private const int Count = 200_000;
    private const int Runs = 3;
    private const int KeyLength = 16;
    private const int Block = 16;

    private static readonly CommandHeader Header = new(
        new Spi(Integrity.CryptographicChecksum, true, CounterMode.Higher),
        KeyReference.Aes(1), KeyReference.Aes(1), Tar.Parse("544553"));

    private static readonly Bytes Data = new(RandomNumberGenerator.GetBytes(DataLength));

    public static void Run()
    {
        Print("packets wrapped and verified", Count, Packet);
        Print("the same ciphers by the platform", Count / 10, Platform);
    }

    private static void Packet(int card)
    {
        using var sent = Keys(card);
        var octets = new CommandPacket(Header, (ulong)card + 1, Data).Wrap(sent);
        using var received = Keys(card);
        if (CommandPacket.Unwrap(octets.Span, received)?.Data != Data)
            throw new InvalidOperationException("A packet did not come back.");
    }

    private static PacketKeys Keys(int card)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        BinaryPrimitives.WriteInt32BigEndian(key, card);
        var kic = new SecretKey(key);
        key[^1] = 1;
        return new PacketKeys(kic, new SecretKey(key));
    }

    /// <summary>Twice: subkey, chain of the checksum, chain of the cipher, over the blocks of a packet.</summary>
    private static void Platform(int card)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        Span<byte> chain = stackalloc byte[((DataLength + Block - 1) / Block * Block) + Block];
        BinaryPrimitives.WriteInt32BigEndian(key, card);
        foreach (var encrypts in (ReadOnlySpan<bool>)[true, false])
        {
            using var checking = Aes.Create();
            checking.SetKey(key);
            checking.EncryptEcb(chain[..Block], chain[..Block], PaddingMode.None);
            checking.EncryptCbc(chain, key, chain, PaddingMode.None);
            using var ciphering = Aes.Create();
            ciphering.SetKey(key);
            if (encrypts) ciphering.EncryptCbc(chain, key, chain, PaddingMode.None);
            else ciphering.DecryptCbc(chain, key, chain, PaddingMode.None);
        }
    }

    private static void Print(string what, int count, Action<int> once)
    {
        List<double> rates = [];
        for (var run = 0; run <= Runs; run++)
        {
            var begun = Stopwatch.GetTimestamp();
            for (var card = 0; card < count; card++) once(card);

            // The first run warms up.
            if (run > 0) rates.Add(count / Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }

        rates.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what}: {rates[0]:N0} / {rates[1]:N0} / {rates[2]:N0} /s"));
    }
}
