using System.Security.Cryptography;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Pins;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Verifiers;

/// <summary>
/// A PIN or a finger on its way from a terminal to a verifier, encrypted; its length says nothing of it
/// (docs/protocols/verifier.md §2).
/// </summary>
/// <remarks>
/// <code>
/// PIN      8, ASCII digits padded FF
/// finger   187, the template padded 00
/// </code>
/// sealed by <see cref="Hpke"/>, associated with the statement.
/// </remarks>
public static class SealedEntry
{
    private const byte PinPadding = 0xFF;

    private static ReadOnlySpan<byte> Context => "Tessera verifier 1"u8;

    /// <summary>Octets of one when it is sealed.</summary>
    public static int LengthOf(InputSource source) => Hpke.Overhead + PlainLengthOf(source);

    /// <summary>Encrypts what a holder entered; nothing of it stays here.</summary>
    /// <param name="entered">Digits in ASCII, or a template.</param>
    /// <returns>Null where it is neither a PIN nor a template, whichever the statement is of.</returns>
    public static Bytes? Seal(VerifierKey verifier, VerificationStatement statement, ReadOnlySpan<byte> entered)
    {
        Span<byte> plain = stackalloc byte[PlainLengthOf(statement.Source)];
        try
        {
            var isPin = statement.Source == InputSource.Pin;
            if (!(isPin ? IsPin(entered) : IsTemplate(entered))) return null;
            plain.Fill(isPin ? PinPadding : (byte)0);
            entered.CopyTo(plain);
            return Hpke.Seal(verifier.Sealing, Context, Bytes.Of(statement).Span, plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Decrypts one, at the verifier.</summary>
    /// <returns>
    /// The PIN block or the padded template, which the caller zeroes; null where it is no entry of that statement.
    /// </returns>
    public static byte[]? Open(ECDiffieHellman key, VerificationStatement statement, Bytes entry) =>
        entry.Length == LengthOf(statement.Source)
            ? Hpke.Open(key, Context, Bytes.Of(statement).Span, entry.Span)
            : null;

    private static int PlainLengthOf(InputSource source) =>
        source == InputSource.Pin ? PinBlock.Length : FingerTemplate.MaxLength;

    private static bool IsPin(ReadOnlySpan<byte> entered) =>
        entered.Length is >= PinBlock.MinPinDigits and <= PinBlock.Length &&
        !entered.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool IsTemplate(ReadOnlySpan<byte> entered)
    {
        try
        {
            var reader = new ByteReader(entered);
            using var template = FingerTemplate.Read(ref reader);
            return reader.Remaining == 0;
        }
        catch (WireFormatException)
        {
            return false;
        }
    }
}
