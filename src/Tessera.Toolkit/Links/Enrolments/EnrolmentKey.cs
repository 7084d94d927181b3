using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>Which side of an enrolment proves something; the first octet under the MAC.</summary>
internal enum EnrolmentSide : byte
{
    Terminal = 0x01,
    Server = 0x02,
}

/// <summary>
/// What a one-time code comes to, and all that either side keeps of it (docs/protocols/link.md §7.1): a selector, which
/// is sent, and a key, which never is.
/// </summary>
public sealed class EnrolmentKey : IDisposable
{
    /// <summary>Decimal digits of a code: 83 bits, and the keys of any terminal.</summary>
    public const int Digits = 25;

    public const int SelectorLength = 8;

    private const int GroupLength = 5;
    private const int KeyLength = 32;
    private const string AllDigits = "0123456789";

    private readonly byte[] _key;

    private EnrolmentKey(Bytes selector, byte[] key) => (Selector, _key) = (selector, key);

    public Bytes Selector { get; }

    private static ReadOnlySpan<byte> Purpose => "Tessera enrolment 1"u8;

    /// <summary>A new code.</summary>
    /// <returns>Its digits, for the operator to see once, in groups of five; and the key of it.</returns>
    public static (string Code, EnrolmentKey Key) Draw()
    {
        var digits = RandomNumberGenerator.GetString(AllDigits, Digits);
        return (string.Join('-', digits.Chunk(GroupLength).Select(group => new string(group))), OfCode(digits));
    }

    /// <summary>From a code as somebody typed it; blanks and hyphens between the digits do not count.</summary>
    /// <exception cref="FormatException">It has not 25 digits, or something else between them.</exception>
    public static EnrolmentKey OfCode(ReadOnlySpan<char> code)
    {
        Span<byte> digits = stackalloc byte[Digits];
        Span<byte> derived = stackalloc byte[SelectorLength + KeyLength];
        try
        {
            var count = 0;
            foreach (var character in code)
            {
                if (character is ' ' or '-' or '\r' or '\n') continue;
                if (!char.IsAsciiDigit(character) || count == Digits) throw NoCode();
                digits[count++] = (byte)character;
            }

            if (count != Digits) throw NoCode();
            HKDF.DeriveKey(HashAlgorithmName.SHA256, digits, derived, salt: [], info: Purpose);
            return new EnrolmentKey(Bytes.CopyOf(derived[..SelectorLength]), derived[SelectorLength..].ToArray());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(digits);
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    /// <summary>The proof of one side.</summary>
    internal EnrolProof Prove(
        EnrolmentSide side, PeerIdentity terminal, PeerIdentity server, EnrolRequest request, EnrolChallenge challenge)
    {
        var proven = Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            writer.WriteByte((byte)side);
            writer.WriteBytes(terminal.KeyHash);
            writer.WriteBytes(server.KeyHash);
            request.Write(writer);
            challenge.Write(writer);
        });
        return new EnrolProof(new Bytes(HMACSHA256.HashData(_key, proven.Span)));
    }

    private static FormatException NoCode() => new($"A code has {Digits} digits, in groups of {GroupLength}.");
}
