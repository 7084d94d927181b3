using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tessera.Toolkit;
using Tessera.Wire;

namespace Tessera.Platform.Signing;

/// <summary>
/// A transaction that a card signed, with everything that anybody needs to check it, and nothing that only its server
/// knows (docs/protocols/evidence.md).
/// </summary>
public sealed record EvidenceFile
{
    public const string FormatName = "tessera-evidence-1";

    /// <summary>Octets of the longest file that is read.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    private const int MaxCertificates = 16;

    private static readonly JsonSerializerOptions Options = new()
    {
        Converters = { new BytesConverter() },
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        NewLine = "\n",
        MaxDepth = 4,
    };

    public string Format { get; init; } = FormatName;

    /// <summary>The first 8 octets of SHA-256 of the statement.</summary>
    public required Bytes Id { get; init; }

    /// <summary>What the terminal showed before the card signed, each text as it stood on the display.</summary>
    public required IReadOnlyList<string> Shown { get; init; }

    /// <summary>Size of the display in characters.</summary>
    public required int Columns { get; init; }

    /// <inheritdoc cref="Columns"/>
    public required int Rows { get; init; }

    /// <summary><c>pin</c>, <c>finger</c> or <c>key</c>.</summary>
    public required string Confirmed { get; init; }

    /// <summary>Subject of the certificate.</summary>
    public required string Signer { get; init; }

    /// <summary>The card id, 8 octets; empty where the card has told none.</summary>
    public required Bytes Card { get; init; }

    /// <summary>When the server had verified the signature.</summary>
    public required DateTimeOffset Time { get; init; }

    public required string Application { get; init; }

    /// <summary>Of the server's session, 16 octets.</summary>
    public required Bytes Session { get; init; }

    /// <summary>Server identity: the first 8 octets of SHA-256 of <see cref="ServerKey"/>.</summary>
    public required Bytes Server { get; init; }

    /// <summary>The first 8 octets of SHA-256 of the terminal's public key.</summary>
    public required Bytes Terminal { get; init; }

    /// <summary>TERMINAL PROFILE.</summary>
    public required Bytes Profile { get; init; }

    /// <summary>What the profile has no bit for: <see cref="TerminalCapabilities"/>.</summary>
    public required byte Capabilities { get; init; }

    /// <summary>An INITIALIZE of the purse was in force before the script.</summary>
    public required bool Initialized { get; init; }

    /// <summary>The script as it was sent.</summary>
    public required Bytes Script { get; init; }

    /// <summary>The answer as it came.</summary>
    public required Bytes Answer { get; init; }

    /// <summary>The step of the script that signed.</summary>
    public required byte Step { get; init; }

    /// <summary>What was done and shown: the octets that the digest is taken over (docs/protocols/script.md §5).</summary>
    public required Bytes Record { get; init; }

    /// <summary>What was signed: the digest ends it.</summary>
    public required Bytes Statement { get; init; }

    /// <summary>Over the statement by SHA-256, by P-384 SHA-384: PKCS#1 v1.5, or ECDSA in DER.</summary>
    public required Bytes Signature { get; init; }

    /// <summary>Of the key that signed, DER.</summary>
    public required Bytes Certificate { get; init; }

    /// <summary>From the issuer of the certificate to the root, DER.</summary>
    public required IReadOnlyList<Bytes> Chain { get; init; }

    /// <summary>Revocation lists of these issuers as they were at the time, DER.</summary>
    public required IReadOnlyList<Bytes> Revocation { get; init; }

    /// <summary>SubjectPublicKeyInfo of the server, P-256.</summary>
    public required Bytes ServerKey { get; init; }

    /// <summary>Of the server, ECDSA in DER, over <see cref="Countersigned"/> by SHA-256.</summary>
    public Bytes CounterSignature { get; init; }

    /// <summary>All that the server vouches for: each value with its length in four octets before it.</summary>
    [JsonIgnore]
    public Bytes Countersigned
    {
        get
        {
            var output = new MemoryStream();
            output.Write("Tessera evidence\0"u8);
            Put(Session.Span);
            Put(Encoding.UTF8.GetBytes(Application));
            var time = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(time, Time.ToUnixTimeMilliseconds());
            Put(time);
            Put(Server.Span);
            Put(Terminal.Span);
            Put(Profile.Span);
            Put([Capabilities, (byte)Columns, (byte)Rows, Initialized ? (byte)1 : (byte)0, Step]);
            Put(Card.Span);
            Put(Script.Span);
            Put(Answer.Span);
            Put(Signature.Span);
            Put(Certificate.Span);
            Put([(byte)Chain.Count, (byte)Revocation.Count]);
            foreach (var one in Chain.Concat(Revocation)) Put(one.Span);
            return new Bytes(output.ToArray());

            void Put(ReadOnlySpan<byte> value)
            {
                Span<byte> length = stackalloc byte[4];
                BinaryPrimitives.WriteInt32BigEndian(length, value.Length);
                output.Write(length);
                output.Write(value);
            }
        }
    }

    /// <summary>The file, in the one form that it has.</summary>
    public byte[] ToUtf8() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Options), (byte)'\n'];

    /// <summary>Reads a file; whether it is true is for <see cref="EvidenceCheck"/> to say.</summary>
    /// <exception cref="InvalidDataException">It is no evidence, or not in the form of this version.</exception>
    public static EvidenceFile Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength) throw new InvalidDataException($"It has {utf8.Length} octets, above {MaxLength}.");
        EvidenceFile? file;
        try
        {
            file = JsonSerializer.Deserialize<EvidenceFile>(utf8, Options);
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"It is no evidence: {e.Message}", e);
        }

        if (file is null || !string.Equals(file.Format, FormatName, StringComparison.Ordinal))
            throw new InvalidDataException($"It is not in the format {FormatName}.");
        if (file.Chain.Count > MaxCertificates || file.Revocation.Count > MaxCertificates)
            throw new InvalidDataException($"It has more than {MaxCertificates} certificates or lists.");
        if (!file.ToUtf8().AsSpan().SequenceEqual(utf8))
            throw new InvalidDataException("Its text is not as it was written: something in it was changed.");
        return file;
    }
}
