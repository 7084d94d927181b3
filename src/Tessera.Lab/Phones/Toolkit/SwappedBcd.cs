using Tessera.Wire;

namespace Tessera.Lab.Phones.Toolkit;

/// <summary>Numbers as digits, two an octet, the first in the low half (3GPP TS 23.040 §9.1.2.3).</summary>
internal static class SwappedBcd
{
    private const int NegativeZone = 0x08;

    /// <param name="number">0 to 99.</param>
    public static byte Octet(int number) => (byte)(((number % 10) << 4) | (number / 10));

    /// <exception cref="WireFormatException">A half that is no digit.</exception>
    public static int Number(byte octet) => (octet & 0x0F) <= 9 && octet >> 4 <= 9
        ? ((octet & 0x0F) * 10) + (octet >> 4)
        : throw new WireFormatException("digits", 0, $"{octet:X2}");

    /// <summary>Hours, minutes, seconds (ETSI TS 102 223 §8.38).</summary>
    public static Bytes Time(TimeSpan time)
    {
        var whole = time > TimeSpan.Zero ? TimeSpan.FromSeconds(Math.Round(time.TotalSeconds)) : TimeSpan.Zero;
        return new Bytes((byte[])
            [Octet((int)whole.TotalHours % 100), Octet(whole.Minutes), Octet(whole.Seconds)]);
    }

    /// <exception cref="WireFormatException">Not three octets of digits.</exception>
    public static TimeSpan ReadTime(ReadOnlySpan<byte> value) => value.Length == 3
        ? new TimeSpan(Number(value[0]), Number(value[1]), Number(value[2]))
        : throw new WireFormatException("timer value", 0, $"{value.Length} octets");

    /// <summary>Date, time and zone in quarters of an hour (ETSI TS 102 223 §8.39).</summary>
    public static Bytes DateAndTime(DateTimeOffset moment)
    {
        var quarters = (int)(moment.Offset.TotalMinutes / 15);
        return new Bytes((byte[])
        [
            Octet(moment.Year % 100), Octet(moment.Month), Octet(moment.Day),
            Octet(moment.Hour), Octet(moment.Minute), Octet(moment.Second),
            (byte)(Octet(Math.Abs(quarters)) | (quarters < 0 ? NegativeZone : 0)),
        ]);
    }
}
