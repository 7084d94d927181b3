using Tessera.Wire;

namespace Tessera.Sms.Messages;

/// <summary>Septets packed into octets, least significant bit first, as SMS does (3GPP TS 23.038 §6.1.2.1).</summary>
public static class Septets
{
    public const byte Mask = 0x7F;

    private const int Bits = 7;

    /// <summary>How many octets that many septets fill.</summary>
    public static int OctetsOf(int septets) => ((septets * Bits) + 7) / 8;

    /// <summary>How many septets that many octets reach into: what a header takes from a text.</summary>
    public static int SeptetsOver(int octets) => ((octets * 8) + Bits - 1) / Bits;

    /// <summary>Packs septets behind those that are there. The octets they reach into must be zero there.</summary>
    /// <param name="septets">One an octet.</param>
    /// <param name="first">The place of the first among all septets.</param>
    /// <param name="octets">At least <see cref="OctetsOf"/> all septets.</param>
    public static void Pack(ReadOnlySpan<byte> septets, int first, Span<byte> octets)
    {
        var bit = first * Bits;
        foreach (var septet in septets)
        {
            var shifted = (septet & Mask) << (bit & 7);
            octets[bit >> 3] |= (byte)shifted;
            if (shifted > 0xFF) octets[(bit >> 3) + 1] |= (byte)(shifted >> 8);
            bit += Bits;
        }
    }

    public static Bytes Pack(ReadOnlySpan<byte> septets)
    {
        var octets = new byte[OctetsOf(septets.Length)];
        Pack(septets, 0, octets);
        return new Bytes(octets);
    }

    /// <summary>That many septets from place <paramref name="first"/> on, one an octet.</summary>
    public static Bytes Unpack(ReadOnlySpan<byte> octets, int first, int count)
    {
        var septets = new byte[count];
        for (var i = 0; i < count; i++)
        {
            var bit = (first + i) * Bits;
            var pair = octets[bit >> 3] | ((bit >> 3) + 1 < octets.Length ? octets[(bit >> 3) + 1] << 8 : 0);
            septets[i] = (byte)((pair >> (bit & 7)) & Mask);
        }

        return new Bytes(septets);
    }
}
