using Tessera.Cards;
using Tessera.Platform.Holders;
using Tessera.VirtualCard;

namespace Tessera.Server.Cards;

/// <summary>
/// The register of a server with the lab: a card nobody knows is taken for a demonstration card and registered under
/// the published keys. Whether it is one its S1 must prove, as with any card; one that cannot is refused.
/// </summary>
public sealed class WelcomingHolders(IHolderStore holders, Func<CardIssuing> issuing) : IHolderStore
{
    public Task AddAsync(Holder holder, CancellationToken cancel) => holders.AddAsync(holder, cancel);

    public Task<Holder?> FindAsync(HolderId holder, CancellationToken cancel) => holders.FindAsync(holder, cancel);

    public Task RegisterAsync(CardRegistration card, CancellationToken cancel) => holders.RegisterAsync(card, cancel);

    public async Task<CardRegistration?> FindCardAsync(CardId card, CancellationToken cancel)
    {
        var known = await holders.FindCardAsync(card, cancel);
        if (known is null) return await issuing().RegisterAsync(card, "Demonstration holder", DemonstrationKeys.Version, cancel);
        if (known.KeyVersion == DemonstrationKeys.Version) await issuing().OpenAsync(known, cancel);
        return known;
    }

    public Task<IReadOnlyList<CardRegistration>> CardsAsync(HolderId holder, CancellationToken cancel) =>
        holders.CardsAsync(holder, cancel);

    public Task<CardState?> StandAsync(
        CardId card, CardState state, IReadOnlyList<CardState> from, DateTimeOffset now, CancellationToken cancel) =>
        holders.StandAsync(card, state, from, now, cancel);

    public Task<int> CountTryAsync(CardId card, string key, CancellationToken cancel) =>
        holders.CountTryAsync(card, key, cancel);

    public Task EndTryAsync(CardId card, string key, bool succeeded, CancellationToken cancel) =>
        holders.EndTryAsync(card, key, succeeded, cancel);
}
