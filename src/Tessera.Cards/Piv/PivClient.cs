using Tessera.Wire;

namespace Tessera.Cards.Piv;

/// <summary>The PIV application of a card at hand, selected (NIST SP 800-73-5 part 2).</summary>
/// <remarks>
/// A status that is an answer comes back as one; any other than 9000 is a <see cref="CardStatusException"/>, an answer
/// of another form a <see cref="WireFormatException"/>.
/// </remarks>
public sealed class PivClient
{
    private const uint Chuid = 0x5FC102;

    private readonly ICardChannel _card;

    private PivClient(ICardChannel card) => _card = card;

    /// <summary>
    /// Selects the application on <paramref name="card"/>, which stays the caller's; null when the card has none.
    /// </summary>
    public static async Task<PivClient?> SelectAsync(ICardChannel card, CancellationToken cancel)
    {
        var answer = await card.TransmitAsync(PivCommands.Select, cancel);
        if (answer.Status == StatusWord.FileNotFound) return null;
        var template = new ByteReader(answer.EnsureSuccess(PivCommands.Select).Data.Span);
        Tlv.ReadExpected(ref template, 0x61, "application property template");
        return new PivClient(card);
    }

    /// <summary>What vendors' cards say of their number; null where the card says nothing.</summary>
    public async Task<uint?> SerialAsync(CancellationToken cancel)
    {
        var answer = await _card.TransmitAsync(PivCommands.Serial, cancel);
        if (!answer.Status.IsSuccess || answer.Data.Length != sizeof(uint)) return null;
        return new ByteReader(answer.Data.Span).ReadUInt32("serial number");
    }

    /// <summary>The name of the card in its CHUID; null where it has none.</summary>
    public async Task<Guid?> GuidAsync(CancellationToken cancel) =>
        await ReadAsync(Chuid, cancel) is { } chuid && Find(chuid, 0x34) is { Length: 16 } guid
            ? new Guid(guid.Span, bigEndian: true)
            : null;

    /// <summary>The certificate of a key, DER; null where it has none.</summary>
    /// <exception cref="WireFormatException">It is compressed, which is not read here, or has another form.</exception>
    public async Task<Bytes?> CertificateAsync(byte reference, CancellationToken cancel)
    {
        if (await ReadAsync(CertificateTag(reference), cancel) is not { } content) return null;
        if (Find(content, 0x71) is { Length: 1 } how && how.Span[0] != 0)
            throw new WireFormatException("certificate", 0, "is compressed");
        return Find(content, 0x70);
    }

    public Task WriteCertificateAsync(byte reference, ReadOnlyMemory<byte> der, CancellationToken cancel) =>
        DoAsync(
            PivCommands.Write(CertificateTag(reference), Bytes.Of(output =>
            {
                var writer = new ByteWriter(output);
                Tlv.Write(writer, 0x70, der.Span);
                Tlv.Write(writer, 0x71, [0x00]);
                Tlv.Write(writer, 0xFE, []);
            })),
            cancel);

    /// <summary>Shows the card that the host knows its management key.</summary>
    /// <exception cref="CardStatusException">The card has another key, or one of another algorithm.</exception>
    public async Task AuthenticateAsync(PivAlgorithm algorithm, SecretKey key, CancellationToken cancel)
    {
        var ask = PivCommands.Challenge(algorithm);
        var challenge = Object((await DoAsync(ask, cancel)).Data, 0x7C, 0x81);
        if (challenge.Length != PivManagementCipher.BlockLength(algorithm))
            throw new WireFormatException("challenge", 0, $"has {challenge.Length} octets");
        var answer = PivManagementCipher.Encipher(algorithm, key.Reveal(), challenge.Span);
        await DoAsync(PivCommands.Answer(algorithm, new Bytes(answer)), cancel);
    }

    /// <summary>Has the card make a key, by an authenticated host.</summary>
    public async Task<PivPublicKey> GenerateAsync(byte reference, PivAlgorithm algorithm, CancellationToken cancel) =>
        PivPublicKey.Read(algorithm, (await DoAsync(PivCommands.Generate(reference, algorithm), cancel)).Data);

    /// <summary>Brings a key in, by an authenticated host.</summary>
    public Task ImportAsync(byte reference, PivPrivateKey key, CancellationToken cancel) =>
        DoAsync(PivCommands.Import(reference, key.Algorithm, key.Parts), cancel);

    /// <summary>
    /// A signature of what <see cref="PivSignature.Input"/> makes of a message, after the PIN where the key wants it.
    /// </summary>
    public async Task<Bytes> SignAsync(byte reference, PivAlgorithm algorithm, Bytes input, CancellationToken cancel) =>
        Object((await DoAsync(PivCommands.Sign(reference, algorithm, input), cancel)).Data, 0x7C, 0x82);

    private async Task<Bytes?> ReadAsync(uint tag, CancellationToken cancel)
    {
        var command = PivCommands.Read(tag);
        var answer = await _card.TransmitAsync(command, cancel);
        if (answer.Status == StatusWord.FileNotFound) return null;
        var reader = new ByteReader(answer.EnsureSuccess(command).Data.Span);
        var content = Bytes.CopyOf(Tlv.ReadExpected(ref reader, 0x53, "content"));
        return content.Length == 0 ? null : content;
    }

    private async Task<ResponseApdu> DoAsync(CommandApdu command, CancellationToken cancel) =>
        (await _card.TransmitAsync(command, cancel)).EnsureSuccess(command);

    private static uint CertificateTag(byte reference) => PivKeyReference.Certificate(reference)
        ?? throw new ArgumentException($"{reference:X2} is no key of a PIV card.", nameof(reference));

    private static Bytes Object(Bytes data, ushort outer, ushort inner)
    {
        var reader = new ByteReader(data.Span);
        var template = Bytes.CopyOf(Tlv.ReadExpected(ref reader, outer, "template"));
        return Find(template, inner) ?? throw new WireFormatException("template", 0, $"has no object {inner:X2}");
    }

    private static Bytes? Find(Bytes objects, ushort tag)
    {
        var reader = new ByteReader(objects.Span);
        while (reader.Remaining > 0)
        {
            var value = Tlv.ReadValue(ref reader, out var found);
            if (found == tag) return Bytes.CopyOf(value);
        }

        return null;
    }
}
