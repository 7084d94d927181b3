using Tessera.Wire;

namespace Tessera.Cards.Piv;

/// <summary>The PIV application of a card at hand, selected (NIST SP 800-73-5 part 2).</summary>
/// <remarks>
/// A status that is an answer comes back as one; any other than 9000 is a <see cref="CardStatusException"/>, an answer
/// of another form a <see cref="WireFormatException"/>.
/// </remarks>
public sealed class PivClient
{
    private readonly ICardChannel _card;

    private PivClient(ICardChannel card, PivApplication application) => (_card, Application) = (card, application);

    /// <summary>What it said when it was selected.</summary>
    public PivApplication Application { get; }

    /// <summary>
    /// Selects the application on <paramref name="card"/>, which stays the caller's; null when the card has none.
    /// </summary>
    public static async Task<PivClient?> SelectAsync(ICardChannel card, CancellationToken cancel)
    {
        var application = PivApplication.Read(await TransmitAsync(card, PivCommands.Select, cancel))
            ?? PivApplication.Read(await TransmitAsync(card, PivCommands.SelectAnyVersion, cancel));
        return application is null ? null : new PivClient(card, application);
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
        await ReadAsync(PivCommands.Chuid, cancel) is { } chuid ? PivChuid.Read(chuid) : null;

    /// <summary>How its PIN is to be used; null where it does not say.</summary>
    public async Task<PivDiscovery?> DiscoveryAsync(CancellationToken cancel)
    {
        var answer = await TransmitAsync(_card, PivCommands.Discovery, cancel);
        return answer.Status.IsSuccess && answer.Data.Length > 0 ? PivDiscovery.Read(answer.Data) : null;
    }

    /// <summary>How many retired keys it has; null where it does not say.</summary>
    public async Task<PivKeyHistory?> KeyHistoryAsync(CancellationToken cancel) =>
        await ReadAsync(PivCommands.KeyHistory, cancel) is { } history ? PivKeyHistory.Read(history) : null;

    /// <summary>The certificate of a key, DER; null where it has none.</summary>
    /// <exception cref="WireFormatException">It is malformed or longer than <see cref="PivCertificate.MaxLength"/>.</exception>
    public async Task<Bytes?> CertificateAsync(byte reference, CancellationToken cancel) =>
        await ReadAsync(CertificateTag(reference), cancel) is { } content ? PivCertificate.Read(content) : null;

    public Task WriteCertificateAsync(byte reference, ReadOnlyMemory<byte> der, CancellationToken cancel) =>
        DoAsync(PivCommands.Write(CertificateTag(reference), PivCertificate.Write(der)), cancel);

    /// <summary>Puts the content, without its tag 53, into an object, by an authenticated host.</summary>
    public Task WriteAsync(uint tag, Bytes content, CancellationToken cancel) =>
        DoAsync(PivCommands.Write(tag, content), cancel);

    /// <summary>Shows the card that the host knows its management key.</summary>
    /// <exception cref="CardStatusException">The card has another key, or one of another algorithm.</exception>
    public async Task AuthenticateAsync(PivAlgorithm algorithm, SecretKey key, CancellationToken cancel)
    {
        var ask = PivCommands.Challenge(algorithm);
        var template = PivData.Unwrap((await DoAsync(ask, cancel)).Data, 0x7C, "template");
        var challenge = PivData.Find(template, 0x81) ?? throw new WireFormatException("template", 0, "has no challenge");
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
        PivCommands.Response((await DoAsync(PivCommands.Sign(reference, algorithm, input), cancel)).Data);

    private async Task<Bytes?> ReadAsync(uint tag, CancellationToken cancel)
    {
        var command = PivCommands.Read(tag);
        var answer = await TransmitAsync(_card, command, cancel);
        if (answer.Status == StatusWord.FileNotFound || answer.Status == StatusWord.ReferencedDataNotFound) return null;
        var data = answer.EnsureSuccess(command).Data;
        return data.Length > 0 && PivData.Unwrap(data, 0x53, "content") is { Length: > 0 } content ? content : null;
    }

    private async Task<ResponseApdu> DoAsync(CommandApdu command, CancellationToken cancel) =>
        (await _card.TransmitAsync(command, cancel)).EnsureSuccess(command);

    /// <summary>Cards exist that want no Le where data go with a command.</summary>
    private static async Task<ResponseApdu> TransmitAsync(ICardChannel card, CommandApdu command, CancellationToken cancel)
    {
        var answer = await card.TransmitAsync(command, cancel);
        return answer.Status == StatusWord.WrongLength
            ? await card.TransmitAsync(command with { Le = null }, cancel)
            : answer;
    }

    private static uint CertificateTag(byte reference) => PivKeyReference.Certificate(reference)
        ?? throw new ArgumentException($"{reference:X2} is no key of a PIV card.", nameof(reference));
}
