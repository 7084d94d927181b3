using Tessera.Wire;

namespace Tessera.VirtualCard.Piv;

/// <summary>
/// The dynamic authentication template of GENERAL AUTHENTICATE (NIST SP 800-73-5 part 2): what is empty is
/// asked for, what is null is not there.
/// </summary>
/// <remarks>
/// <code>
/// 7C L { 80 witness, 81 challenge, 82 response, 85 exponentiation }    each at most once
/// </code>
/// </remarks>
internal sealed record AuthenticationTemplate(Bytes? Witness, Bytes? Challenge, Bytes? Response, Bytes? Exponentiation)
{
    public const ushort WitnessTag = 0x80;
    public const ushort ChallengeTag = 0x81;
    public const ushort ResponseTag = 0x82;

    private const ushort ExponentiationTag = 0x85;
    private const ushort Template = 0x7C;

    /// <summary>The host wants a challenge and nothing else.</summary>
    public bool IsChallengeRequest =>
        this is { Challenge.Length: 0, Witness: null, Response: null, Exponentiation: null };

    /// <summary>The host wants a witness and nothing else.</summary>
    public bool IsWitnessRequest =>
        this is { Witness.Length: 0, Challenge: null, Response: null, Exponentiation: null };

    /// <exception cref="WireFormatException">It is no such template.</exception>
    public static AuthenticationTemplate Read(ReadOnlySpan<byte> data)
    {
        var outer = new ByteReader(data);
        var reader = new ByteReader(Tlv.ReadExpected(ref outer, Template, "dynamic authentication template"));
        outer.ReadEnd("dynamic authentication template");
        var read = new AuthenticationTemplate(null, null, null, null);
        while (reader.Remaining > 0)
        {
            var at = reader.Offset;
            var value = Bytes.CopyOf(Tlv.ReadValue(ref reader, out var tag));
            read = tag switch
            {
                WitnessTag when read.Witness is null => read with { Witness = value },
                ChallengeTag when read.Challenge is null => read with { Challenge = value },
                ResponseTag when read.Response is null => read with { Response = value },
                ExponentiationTag when read.Exponentiation is null => read with { Exponentiation = value },
                _ => throw new WireFormatException(
                    "dynamic authentication template", at, $"tag {tag:X2} does not belong"),
            };
        }

        return read;
    }

    /// <summary>The template of an answer, with one object in it.</summary>
    public static Bytes Write(ushort tag, ReadOnlySpan<byte> value) =>
        Bytes.Of(new Tlv(Template, Bytes.Of(new Tlv(tag, Bytes.CopyOf(value)))));
}
