using System.Runtime.InteropServices;
using Tessera.Wire;

namespace Tessera.Sms.Messages;

/// <summary>How TP-VP is laid out: bits 5 and 4 of the first octet of SMS-SUBMIT (3GPP TS 23.040 §9.2.3.3).</summary>
public enum ValidityFormat : byte
{
    None = 0,
    Enhanced = 1,
    Relative = 2,
    Absolute = 3,
}

/// <summary>TP-VP: how long the service centre tries to deliver a message (3GPP TS 23.040 §9.2.3.12).</summary>
/// <remarks>
/// <code>
/// relative   1   0..143 (v+1) × 5 min, ..167 12 h + (v-143) × 30 min, ..196 (v-166) days, ..255 (v-192) weeks
/// absolute   7   a moment, as TP-SCTS
/// enhanced   7   functionality (low bits 000 none, 001 relative, 010 seconds, 011 hh mm ss), value, 00..
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ValidityPeriod
{
    private const ulong EnhancedRelative = 1;
    private const ulong EnhancedSeconds = 2;
    private const ulong EnhancedClock = 3;
    private const int MaxClockHours = 99;

    private readonly ulong _octets;

    private ValidityPeriod(ValidityFormat format, ulong octets) => (Format, _octets) = (format, octets);

    /// <summary>The service centre decides.</summary>
    public static ValidityPeriod None => default;

    public ValidityFormat Format { get; }

    /// <summary>How long it lasts; null where none is given, it is a moment, or its form is reserved.</summary>
    public TimeSpan? Duration => Format switch
    {
        ValidityFormat.Relative => OfRelative((byte)_octets),
        ValidityFormat.Enhanced => ((_octets >> 48) & 0b111) switch
        {
            EnhancedRelative => OfRelative((byte)(_octets >> 40)),
            EnhancedSeconds => TimeSpan.FromSeconds((byte)(_octets >> 40)),
            EnhancedClock => OfClock((uint)(_octets >> 24) & 0xFFFFFF),
            _ => null,
        },
        _ => null,
    };

    /// <summary>The longest that is not longer than asked; never less than five minutes.</summary>
    public static ValidityPeriod Relative(TimeSpan duration)
    {
        byte value = 0;
        while (value < byte.MaxValue && OfRelative((byte)(value + 1)) <= duration) value++;
        return new ValidityPeriod(ValidityFormat.Relative, value);
    }

    public static ValidityPeriod Absolute(DateTimeOffset end) =>
        new(ValidityFormat.Absolute, TimeStamp.Of(end).Octets);

    /// <summary>To the second.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than 99 hours.</exception>
    public static ValidityPeriod Enhanced(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, TimeSpan.FromHours(MaxClockHours));
        if (duration.TotalSeconds < 256) return Enhanced(EnhancedSeconds, (ulong)duration.TotalSeconds << 16);

        var hours = Swapped((int)duration.TotalHours) << 16;
        return Enhanced(EnhancedClock, hours | (Swapped(duration.Minutes) << 8) | Swapped(duration.Seconds));
    }

    /// <summary>When a message that was taken then ends; null where the service centre decides.</summary>
    public DateTimeOffset? Ends(DateTimeOffset taken) =>
        Format == ValidityFormat.Absolute ? new TimeStamp(_octets).Time : taken + Duration;

    internal static ValidityPeriod Read(ref ByteReader reader, ValidityFormat format) => new(format, format switch
    {
        ValidityFormat.None => 0,
        ValidityFormat.Relative => reader.ReadByte("TP-VP"),
        _ => TimeStamp.Read(ref reader, "TP-VP").Octets,
    });

    internal void Write(ByteWriter writer)
    {
        if (Format == ValidityFormat.Relative) writer.WriteByte((byte)_octets);
        else if (Format != ValidityFormat.None) new TimeStamp(_octets).Write(writer);
    }

    public override string ToString() => Format switch
    {
        ValidityFormat.None => "",
        ValidityFormat.Relative => _octets.ToString("X2", null),
        _ => new TimeStamp(_octets).ToString(),
    };

    private static ValidityPeriod Enhanced(ulong functionality, ulong value) =>
        new(ValidityFormat.Enhanced, (functionality << 48) | (value << 24));

    private static TimeSpan OfRelative(byte value) => value switch
    {
        <= 143 => TimeSpan.FromMinutes((value + 1) * 5),
        <= 167 => TimeSpan.FromMinutes((12 * 60) + ((value - 143) * 30)),
        <= 196 => TimeSpan.FromDays(value - 166),
        _ => TimeSpan.FromDays((value - 192) * 7),
    };

    private static TimeSpan? OfClock(uint clock)
    {
        Span<int> fields = stackalloc int[3];
        for (var i = 0; i < 3; i++)
        {
            var octet = (int)(clock >> (8 * (2 - i))) & 0xFF;
            if ((octet & 0x0F) > 9 || octet >> 4 > 9) return null;
            fields[i] = ((octet & 0x0F) * 10) + (octet >> 4);
        }

        return fields[1] < 60 && fields[2] < 60 ? new TimeSpan(fields[0], fields[1], fields[2]) : null;
    }

    private static ulong Swapped(int number) => (ulong)((number / 10) | ((number % 10) << 4));
}
