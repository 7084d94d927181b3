using Tessera.Wire;

namespace Tessera.Sms.Messages;

/// <summary>A moment in seven octets: TP-SCTS, TP-DT and absolute validity (3GPP TS 23.040 §9.2.3.11).</summary>
/// <remarks>
/// <code>
/// YY MM DD hh mm ss   one octet each, low nibble first
/// zone                quarters of an hour east of Greenwich; bit 4 set where it is west
/// </code>
/// Octets that are no moment are kept as they came: networks send them.
/// </remarks>
public readonly record struct TimeStamp(ulong Octets) : IWireFormat<TimeStamp>
{
    public const int Length = 7;

    private const int Century = 2000;
    private const int WestOfGreenwich = 0x08;
    private const int MaxQuarters = 14 * 4;

    /// <summary>Null where the octets are no moment.</summary>
    public DateTimeOffset? Time
    {
        get
        {
            Span<int> fields = stackalloc int[Length];
            for (var i = 0; i < Length; i++)
            {
                var octet = OctetAt(i);
                if (i == Length - 1) octet &= ~WestOfGreenwich;
                if ((octet & 0x0F) > 9 || octet >> 4 > 9) return null;
                fields[i] = ((octet & 0x0F) * 10) + (octet >> 4);
            }

            var (year, month, day) = (Century + fields[0], fields[1], fields[2]);
            if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
                || fields[3] > 23 || fields[4] > 59 || fields[5] > 59 || fields[6] > MaxQuarters)
            {
                return null;
            }

            var zone = TimeSpan.FromMinutes(15 * fields[6]);
            return new DateTimeOffset(
                year, month, day, fields[3], fields[4], fields[5], (OctetAt(6) & WestOfGreenwich) != 0 ? -zone : zone);
        }
    }

    /// <summary>Cut to the second, in the zone that it is given in.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not of this century.</exception>
    public static TimeStamp Of(DateTimeOffset time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time.Year, Century, nameof(time));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time.Year, Century + 99, nameof(time));
        var quarters = (int)(time.Offset.TotalMinutes / 15);
        ulong octets = 0;
        foreach (var field in (ReadOnlySpan<int>)
            [time.Year - Century, time.Month, time.Day, time.Hour, time.Minute, time.Second, Math.Abs(quarters)])
        {
            octets = (octets << 8) | (uint)((field / 10) | ((field % 10) << 4));
        }

        return new TimeStamp(octets | (quarters < 0 ? (ulong)WestOfGreenwich : 0));
    }

    public static TimeStamp Read(ref ByteReader reader) => Read(ref reader, "time stamp");

    internal static TimeStamp Read(ref ByteReader reader, string field)
    {
        ulong octets = 0;
        foreach (var octet in reader.ReadOctets(Length, field)) octets = (octets << 8) | octet;
        return new TimeStamp(octets);
    }

    public void Write(ByteWriter writer)
    {
        for (var i = 0; i < Length; i++) writer.WriteByte((byte)OctetAt(i));
    }

    public override string ToString() => Octets.ToString("X14", null);

    private int OctetAt(int index) => (byte)(Octets >> (8 * (Length - 1 - index)));
}
