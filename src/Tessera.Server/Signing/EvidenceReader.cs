using Tessera.Platform.Signing;
using Tessera.Wire;

namespace Tessera.Server.Signing;

/// <summary>Filed evidence as people and machines find it.</summary>
/// <param name="Id">Read on behind it with <c>before</c>.</param>
/// <param name="Card">Null where the card has told no id.</param>
public sealed record EvidenceLine(
    string Id, DateTimeOffset Time, string Title, string Signer, string? Card, string Application);

/// <summary>One piece of evidence, checked now by itself and by what this server believes.</summary>
/// <param name="Faults">What is wrong; none where it holds.</param>
public sealed record EvidenceState(
    EvidenceLine Line, IReadOnlyList<string> Shown, string Confirmed, string Terminal, string Display,
    IReadOnlyList<string> Faults);

/// <summary>Reads what cards have signed.</summary>
public sealed class EvidenceReader(IEvidenceStore store, TrustFolder trust)
{
    /// <summary>Lines of one page.</summary>
    public const int Page = 50;

    private const int IdLength = 8;

    public async Task<IReadOnlyList<EvidenceLine>> ReadAsync(Bytes? before, CancellationToken cancel) =>
        [.. (await store.RecentAsync(before, Page, cancel)).Select(LineOf)];

    /// <summary>What an address names; whatever is no id is none.</summary>
    public static Bytes? IdOf(string? text) =>
        text is { Length: 2 * IdLength } && text.All(char.IsAsciiHexDigit) ? Bytes.FromHex(text) : null;

    /// <summary>The file as it was filed; null where there is none of that id.</summary>
    public async Task<Bytes?> FileAsync(string id, CancellationToken cancel) =>
        IdOf(id) is { } known ? (await store.FindAsync(known, cancel))?.File : null;

    public async Task<EvidenceState?> FindAsync(string id, CancellationToken cancel)
    {
        if (IdOf(id) is not { } known || await store.FindAsync(known, cancel) is not { } filed) return null;
        var file = EvidenceFile.Read(filed.File.Span);
        var verdict = EvidenceCheck.Check(file, await trust.ReadAsync(cancel));
        return new EvidenceState(
            LineOf(filed), file.Shown, file.Confirmed, file.Terminal.ToString(), $"{file.Columns} x {file.Rows}",
            verdict.Faults);
    }

    private static EvidenceLine LineOf(FiledEvidence filed) => new(
        filed.Id.ToString(), filed.Time, filed.Title, filed.Signer, filed.Card?.ToString(), filed.Application);
}
