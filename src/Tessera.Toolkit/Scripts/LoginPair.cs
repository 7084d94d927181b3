using System.Globalization;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>
/// The pair of login and password that a caller gets for a minute, 4 digits each (docs/protocols/sms.md §7); a secret,
/// so it says of itself nothing.
/// </summary>
/// <remarks>
/// <code>
/// login      2   4 digits, packed BCD
/// password   2   likewise
/// </code>
/// </remarks>
public sealed record LoginPair : IWireFormat<LoginPair>
{
    public const int Digits = 4;

    private const int Most = 10_000;

    private LoginPair(int login, int password) => (Login, Password) = (Text(login), Text(password));

    /// <summary>What stands in its place where it is shown.</summary>
    public static LoginPair Masked { get; } = new(0, 0);

    public string Login { get; }

    public string Password { get; }

    /// <summary>One that nobody can guess.</summary>
    public static LoginPair Draw() =>
        new(RandomNumberGenerator.GetInt32(Most), RandomNumberGenerator.GetInt32(Most));

    /// <summary>As a holder types it; null where it is not twice 4 digits.</summary>
    public static LoginPair? Of(ReadOnlySpan<char> login, ReadOnlySpan<char> password) =>
        Number(login) is { } one && Number(password) is { } two ? new LoginPair(one, two) : null;

    public static LoginPair Read(ref ByteReader reader) =>
        new(ReadDigits(ref reader, "login"), ReadDigits(ref reader, "password"));

    public void Write(ByteWriter writer)
    {
        writer.WriteOctets(Convert.FromHexString(Login));
        writer.WriteOctets(Convert.FromHexString(Password));
    }

    public override string ToString() => "****";

    private static int ReadDigits(ref ByteReader reader, string field)
    {
        var at = reader.Offset;
        return Number(Convert.ToHexString(reader.ReadOctets(Digits / 2, field)))
            ?? throw new WireFormatException(field, at, "has a digit above 9");
    }

    private static int? Number(ReadOnlySpan<char> digits) =>
        digits.Length == Digits && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static string Text(int number) => number.ToString("D4", CultureInfo.InvariantCulture);
}
