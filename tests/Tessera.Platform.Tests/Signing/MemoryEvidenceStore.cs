using Tessera.Cards;
using Tessera.Platform.Signing;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Wire;

namespace Tessera.Platform.Tests.Signing;

/// <summary>Evidence in lists.</summary>
internal sealed class MemoryEvidenceStore(Power power) : IEvidenceStore
{
    private readonly Dictionary<CardId, CardSigner> _signers = [];

    public List<FiledEvidence> Filed { get; } = [];

    public Task<FiledEvidence> AddAsync(FiledEvidence evidence, CancellationToken cancel) =>
        Task.FromResult(power.Write(() =>
        {
            var before = Filed.Find(one => string.Equals(one.Step, evidence.Step, StringComparison.Ordinal));
            if (before is null) Filed.Add(evidence);
            return before ?? evidence;
        }));

    public Task<FiledEvidence?> OfStepAsync(string session, CancellationToken cancel) =>
        Task.FromResult(Filed.Find(one => string.Equals(one.Step, session, StringComparison.Ordinal)));

    public Task<FiledEvidence?> FindAsync(Bytes id, CancellationToken cancel) =>
        Task.FromResult(Filed.Find(one => one.Id == id));

    public Task<IReadOnlyList<FiledEvidence>> RecentAsync(Bytes? before, int count, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<FiledEvidence>>([.. Filed.AsEnumerable().Reverse().Take(count)]);

    public Task<CardSigner?> SignerAsync(CardId card, CancellationToken cancel) =>
        Task.FromResult(_signers.GetValueOrDefault(card));

    public Task KeepAsync(CardId card, CardSigner? signer, CancellationToken cancel) =>
        Task.FromResult(power.Write(() =>
        {
            _signers.Remove(card);
            return signer is null || _signers.TryAdd(card, signer);
        }));
}
