using System.Security.Cryptography;

namespace Tessera.Cards.Pins;

/// <summary>A PIN or PUK as ASCII digits padded with FF to 8 octets; zeroed when disposed, never printed.</summary>
public sealed class PinBlock : IDisposable
{
    public const int Length = 8;
    public const int MinPinDigits = 6;

    private const byte Padding = 0xFF;
    private const int MinChvDigits = 4;

    private readonly byte[] _octets = new byte[Length];
    private bool _disposed;

    private PinBlock(ReadOnlySpan<char> digits)
    {
        _octets.AsSpan().Fill(Padding);
        for (var i = 0; i < digits.Length; i++) _octets[i] = (byte)digits[i];
    }

    /// <summary>A PIN; the caller zeroes its own digits.</summary>
    /// <exception cref="ArgumentException">Not 6 to 8 decimal digits.</exception>
    public static PinBlock OfPin(ReadOnlySpan<char> digits) => IsDigits(digits, MinPinDigits)
        ? new PinBlock(digits)
        : throw new ArgumentException("A PIN has 6 to 8 decimal digits.", nameof(digits));

    /// <summary>A PIN of a SIM (3GPP TS 51.011 §9.3); the caller zeroes its own digits.</summary>
    /// <exception cref="ArgumentException">Not 4 to 8 decimal digits.</exception>
    public static PinBlock OfChv(ReadOnlySpan<char> digits) => IsDigits(digits, MinChvDigits)
        ? new PinBlock(digits)
        : throw new ArgumentException("A CHV has 4 to 8 decimal digits.", nameof(digits));

    /// <summary>A PUK; the caller zeroes its own digits.</summary>
    /// <exception cref="ArgumentException">Not 8 decimal digits.</exception>
    public static PinBlock OfPuk(ReadOnlySpan<char> digits) => IsDigits(digits, Length)
        ? new PinBlock(digits)
        : throw new ArgumentException("A PUK has 8 decimal digits.", nameof(digits));

    /// <summary>The same once more, for who disposes it.</summary>
    public static PinBlock Copy(PinBlock pin)
    {
        var copy = new PinBlock([]);
        pin.Reveal().CopyTo(copy._octets);
        return copy;
    }

    /// <summary>The octets themselves. Do not keep a copy.</summary>
    public ReadOnlySpan<byte> Reveal()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _octets;
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_octets);
    }

    public override string ToString() => nameof(PinBlock);

    private static bool IsDigits(ReadOnlySpan<char> digits, int least) =>
        digits.Length >= least && digits.Length <= Length && !digits.ContainsAnyExceptInRange('0', '9');
}
