using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.Cards.Identity;

/// <summary>
/// A question that only a card with the key of a certificate can answer (docs/protocols/identity.md §3): the command for
/// it, in a script or over a channel, and what its answer proves.
/// </summary>
/// <remarks>
/// <code>
/// keys 9A, 9C, 9E         sign "Tessera challenge" 01 | length of context 2 | context | nonce 32
/// 9D, 82 to 95: RSA       decipher 32 random octets
///               a curve   agree with a key made for the occasion
/// </code>
/// A signature over that text is good for nothing else. Zeroed when disposed.
/// </remarks>
public sealed class KeyChallenge : IDisposable
{
    public const int NonceLength = 32;

    private const byte Version = 1;

    private readonly Func<Bytes, bool> _holds;
    private readonly byte[]? _secret;

    private KeyChallenge(CommandApdu command, Func<Bytes, bool> holds, byte[]? secret = null) =>
        (Command, _holds, _secret) = (command, holds, secret);

    /// <summary>GENERAL AUTHENTICATE; for RSA it has more than 255 octets of data.</summary>
    public CommandApdu Command { get; }

    private static ReadOnlySpan<byte> Label => "Tessera challenge"u8;

    /// <summary>A fresh challenge for any key; null where its certificate has a key of a kind that no PIV card has.</summary>
    /// <param name="certificate">It has to last as long as the challenge.</param>
    /// <param name="context">What it is asked for, at most 65535 octets: another context is another question.</param>
    public static KeyChallenge? Create(byte reference, X509Certificate2 certificate, Bytes context)
    {
        if (CertificateKey.AlgorithmOf(certificate) is not { } algorithm) return null;
        if (!PivKeyReference.Signs(reference))
            return algorithm.IsRsa() ? Decipher(reference, algorithm, certificate) : Agree(reference, algorithm, certificate);
        return Sign(reference, certificate, context, new Bytes(RandomNumberGenerator.GetBytes(NonceLength)));
    }

    /// <summary>A challenge for a key that signs, with a nonce that was drawn before.</summary>
    /// <param name="nonce"><see cref="NonceLength"/> octets that were never used.</param>
    /// <exception cref="ArgumentException">The certificate has a key of a kind that no PIV card has.</exception>
    public static KeyChallenge Sign(byte reference, X509Certificate2 certificate, Bytes context, Bytes nonce)
    {
        var algorithm = CertificateKey.AlgorithmOf(certificate)
            ?? throw new ArgumentException("No PIV card has such a key.", nameof(certificate));
        var message = Message(context, nonce);
        return new KeyChallenge(
            PivCommands.Sign(reference, algorithm, PivSignature.Input(algorithm, message.Span)),
            signature => CertificateKey.Verifies(certificate, message.Span, signature.Span));
    }

    /// <summary>What the answer to <see cref="Command"/> proves.</summary>
    public KeyProof Check(ResponseApdu answer)
    {
        if (!answer.Status.IsSuccess) return new KeyProof(ProofState.Refused, answer.Status);
        try
        {
            var holds = _holds(PivCommands.Response(answer.Data));
            return new KeyProof(holds ? ProofState.Proven : ProofState.OtherKey, answer.Status);
        }
        catch (WireFormatException)
        {
            // What is no response is none of this key.
            return new KeyProof(ProofState.OtherKey, answer.Status);
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_secret);

    private static Bytes Message(Bytes context, Bytes nonce)
    {
        if (nonce.Length != NonceLength) throw new ArgumentException($"A nonce has {NonceLength} octets.", nameof(nonce));
        return Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            writer.WriteOctets(Label);
            writer.WriteByte(Version);
            writer.WriteUInt16(checked((ushort)context.Length));
            writer.WriteBytes(context);
            writer.WriteBytes(nonce);
        });
    }

    private static KeyChallenge Decipher(byte reference, PivAlgorithm algorithm, X509Certificate2 certificate)
    {
        using var rsa = certificate.PublicKey.GetRSAPublicKey()!;
        var secret = RandomNumberGenerator.GetBytes(NonceLength);
        var enciphered = new Bytes(rsa.Encrypt(secret, RSAEncryptionPadding.Pkcs1));
        return new KeyChallenge(PivCommands.Sign(reference, algorithm, enciphered), block => Ends(block, secret), secret);
    }

    /// <summary>00 02, octets other than 00, 00, the secret (RFC 8017 §7.2.1); what is in front proves nothing.</summary>
    private static bool Ends(Bytes block, byte[] secret) =>
        block.Length > secret.Length &&
        CryptographicOperations.FixedTimeEquals(block.Span[^secret.Length..], secret) && block.Span[^(secret.Length + 1)] == 0;

    private static KeyChallenge Agree(byte reference, PivAlgorithm algorithm, X509Certificate2 certificate)
    {
        using var theirs = certificate.PublicKey.GetECDiffieHellmanPublicKey()!;
        var curve = theirs.ExportParameters(includePrivateParameters: false).Curve;
        using var ours = ECDiffieHellman.Create(curve);
        using var peer = theirs.PublicKey;
        var point = ours.ExportParameters(includePrivateParameters: false).Q;
        var secret = ours.DeriveRawSecretAgreement(peer);
        return new KeyChallenge(
            PivCommands.Agree(reference, algorithm, new Bytes((byte[])[0x04, .. point.X!, .. point.Y!])),
            agreed => CryptographicOperations.FixedTimeEquals(agreed.Span, secret), secret);
    }
}
