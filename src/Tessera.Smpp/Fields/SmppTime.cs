using System.Globalization;
using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>A point in time or a period from now, or none (SMPP 3.4 §7.1.1).</summary>
/// <remarks>
/// <code>
/// YY MM DD hh mm ss t nn p 00
/// t    tenths of a second
/// nn   quarters of an hour that local time is from UTC, 00..48
/// p    + ahead of UTC | - behind it | R: the fields are amounts, t and nn are 0
/// 00   alone: none
/// </code>
/// </remarks>
public readonly record struct SmppTime
{
    private const int Length = 16;
    private const int MaxQuarters = 48;
    private const int Century = 2000;

    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(32);

    private readonly string? _text;

    private SmppTime(string text) => _text = text;

    public static SmppTime None => default;

    public bool IsNone => string.IsNullOrEmpty(_text);

    public bool IsRelative => !IsNone && _text![^1] == 'R';

    /// <summary>A period of whole seconds, rounded up; 31 days at most, because months differ.</summary>
    public static SmppTime FromNow(TimeSpan period)
    {
        var whole = TimeSpan.FromSeconds(Math.Ceiling(period.TotalSeconds));
        if (whole < TimeSpan.Zero || whole >= LongestPeriod)
            throw new ArgumentOutOfRangeException(nameof(period), period, "Not between nothing and 31 days.");

        return new SmppTime(whole.ToString("'0000'ddhhmmss'000R'", CultureInfo.InvariantCulture));
    }

    /// <summary>A point in time, written in UTC and cut to tenths of a second.</summary>
    public static SmppTime At(DateTimeOffset moment) =>
        new(moment.ToUniversalTime().ToString("yyMMddHHmmssf'00+'", CultureInfo.InvariantCulture));

    /// <summary>The point in time that is meant, null for none.</summary>
    /// <param name="now">What a period begins at.</param>
    public DateTimeOffset? Resolve(DateTimeOffset now)
    {
        if (IsNone) return null;
        return IsRelative
            ? now.AddYears(Two(0)).AddMonths(Two(2)) + new TimeSpan(Two(4), Two(6), Two(8), Two(10))
            : Absolute();
    }

    public override string ToString() => _text ?? "";

    /// <exception cref="WireFormatException">It is neither empty nor a time.</exception>
    internal static SmppTime Read(ref ByteReader reader, string field)
    {
        var at = reader.Offset;
        var text = reader.ReadCString(Length + 1, field);
        if (text.Length == 0) return None;

        var time = new SmppTime(text);
        return time.IsWellFormed() ? time : throw new WireFormatException(field, at, "is no time");
    }

    internal void Write(ByteWriter writer) => writer.WriteCString(_text ?? "");

    private bool IsWellFormed()
    {
        if (_text!.Length != Length || _text.AsSpan(0, Length - 1).ContainsAnyExceptInRange('0', '9')) return false;
        return _text[^1] switch
        {
            'R' => true,
            '+' or '-' => Two(13) <= MaxQuarters && IsDate(),
            _ => false,
        };
    }

    private bool IsDate() =>
        Two(2) is >= 1 and <= 12 && Two(4) >= 1 && Two(4) <= DateTime.DaysInMonth(Century + Two(0), Two(2))
        && Two(6) < 24 && Two(8) < 60 && Two(10) < 60;

    private DateTimeOffset Absolute()
    {
        var quarters = _text![^1] == '-' ? -Two(13) : Two(13);
        return new DateTimeOffset(
            Century + Two(0), Two(2), Two(4), Two(6), Two(8), Two(10), (_text[12] - '0') * 100,
            TimeSpan.FromMinutes(15 * quarters));
    }

    private int Two(int at) => ((_text![at] - '0') * 10) + _text[at + 1] - '0';
}
