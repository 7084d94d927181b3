using Tessera.Cards;
using Tessera.Platform.Changes;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Wire;

namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>The book of money in lists: what a booking says, and nothing more.</summary>
internal sealed class MemoryMoneyStore(MemoryHolderStore holders, Power power) : IMoneyStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<HolderId, (ushort Currency, long Version)> _purses = [];
    private readonly Dictionary<AccountId, long> _accounts = [];
    private readonly Dictionary<CardId, CopyStep> _copies = [];
    private readonly Dictionary<IntentId, Intent> _intents = [];
    private readonly HashSet<IntentId> _untold = [];
    private readonly List<Delivery> _deliveries = [];
    private readonly List<(LedgerEntry Entry, Posting Posting, long Balance)> _postings = [];
    private readonly List<BookedMovement> _movements = [];
    private readonly List<(CardId Card, IssuedNonce Issued)> _nonces = [];
    private readonly Dictionary<CardId, CopyLimits> _limits = [];

    public Task OpenAsync(HolderId holder, ushort currency, CancellationToken cancel) => Locked(() =>
    {
        _purses.TryAdd(holder, (currency, 0));
        return true;
    });

    public Task<HolderPurse?> FindAsync(HolderId holder, CancellationToken cancel) => Locked(() => Find(holder));

    public Task<HolderPurse?> FindAsync(CardId card, CancellationToken cancel) =>
        Locked(() => _copies.ContainsKey(card) ? Find(holders.Cards[card].Holder) : null);

    public Task<bool> CommitAsync(Booking booking, CancellationToken cancel) => Locked(() => power.Write(() =>
    {
        var holder = booking.Basis.Holder;
        if (_purses[holder].Version != booking.Basis.Version) return false;
        _purses[holder] = (booking.Basis.Currency, booking.Basis.Version + 1);
        if (booking.Copy is { } copy) _copies[copy.Card] = copy;
        if (booking.Opened is { } opened) Open(opened);
        if (booking.Step is { } step) Close(step, booking.Time);
        if (booking.Entry is { } entry) Post(entry);
        if (booking.Movement is { } movement) _movements.Add(movement);
        if (booking.Limits is { } limits) Limit(limits);
        if (booking.Adds is { } adds) _deliveries.AddRange(adds.Deliveries);
        if (booking.Alarm is { } alarm) holders.Change(alarm.Card, CardState.Suspect);
        if (booking.Revoked is { } revoked) holders.Change(revoked, CardState.Revoked);
        if (booking.Standing is { } standing) holders.Change(standing.Card, standing.State);
        if (booking.Telling is { Told: true } told) _untold.Remove(told.Intent);
        if (booking.Telling is { Told: false } untold) _untold.Add(untold.Intent);
        if (booking.Resolution is { } resolution)
        {
            var at = _movements.FindIndex(one => one.Intent == resolution.Intent);
            _movements[at] = _movements[at] with { Late = resolution.State };
        }

        return true;
    }));

    public Task<Intent?> FindIntentAsync(IntentId intent, CancellationToken cancel) =>
        Locked(() => _intents.GetValueOrDefault(intent));

    public Task<Intent?> FindIntentAsync(CardId card, Bytes script, CancellationToken cancel) =>
        Locked(() => _intents.Values.LastOrDefault(one => one.Card == card && one.Script == script));

    public Task<IReadOnlyList<Intent>> OpenIntentsAsync(SessionReference session, CancellationToken cancel) =>
        Locked<IReadOnlyList<Intent>>(() => [.. _intents.Values.Where(one => one.Session == session && one.IsOpen)]);

    public Task<IReadOnlyList<Intent>> UntoldAsync(CardId card, int count, CancellationToken cancel) =>
        Locked<IReadOnlyList<Intent>>(() =>
        [
            .. _intents.Values.Where(one => _untold.Contains(one.Id) && one.Holder == holders.Cards[card].Holder).Take(count),
        ]);

    public Task<BookedMovement?> FindMovementAsync(IntentId intent, CancellationToken cancel) =>
        Locked(() => _movements.Find(one => one.Intent == intent));

    public Task<BookedMovement?> FindMovementAsync(CardId card, uint number, CancellationToken cancel) =>
        Locked(() => _movements.Find(one => one.Card == card && one.Number == number));

    public Task<IReadOnlyList<BookedMovement>> OwedAsync(HolderId holder, int count, CancellationToken cancel) =>
        Locked<IReadOnlyList<BookedMovement>>(() => [.. _movements.Where(one => one.Late == LateState.Owed).Take(count)]);

    public Task<LedgerEntry?> FindEntryAsync(string key, CancellationToken cancel) => Locked(() =>
        _postings.Select(one => one.Entry).FirstOrDefault(entry => string.Equals(entry.Key, key, StringComparison.Ordinal)));

    public Task<DateTimeOffset?> SuspendedAsync(AccountId account, CancellationToken cancel) => Locked(() => _postings
        .Where(one => one.Entry.To(account) > 0).Select(one => (DateTimeOffset?)one.Entry.Time).Min());

    public Task IssueNonceAsync(CardId card, Bytes nonce, DateTimeOffset now, CancellationToken cancel) => Locked(() => power.Write(() =>
    {
        var open = _intents.Values.FirstOrDefault(one => one.Card == card && one.IsOpen);
        var number = _movements.Where(one => one.Card == card).Select(one => one.Number).DefaultIfEmpty().Max();
        _nonces.Add((card, new IssuedNonce(nonce, open?.Id, number)));
        return true;
    }));

    public Task<IssuedNonce?> FindNonceAsync(CardId card, Bytes nonce, CancellationToken cancel) =>
        Locked<IssuedNonce?>(() => _nonces.LastOrDefault(one => one.Card == card && one.Issued.Nonce == nonce).Issued);

    public Task<IReadOnlyList<HistoryLine>> HistoryAsync(
        AccountId account, long before, int count, CancellationToken cancel) => Locked<IReadOnlyList<HistoryLine>>(() =>
        [
            .. _postings.Select((one, at) => (one, at)).Where(line => line.one.Posting.Account == account && line.at < before)
                .Reverse().Take(count).Select(line => new HistoryLine(
                    line.at, line.one.Entry.Id, line.one.Entry.Kind, line.one.Entry.What, line.one.Posting.Amount,
                    line.one.Balance, null, line.one.Entry.Time)),
        ]);

    public Task<ILedgerView> ViewAsync(CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>What an account holds.</summary>
    public long BalanceOf(AccountId account)
    {
        lock (_gate) return _accounts.GetValueOrDefault(account);
    }

    private HolderPurse? Find(HolderId holder) => _purses.TryGetValue(holder, out var purse)
        ? new HolderPurse(
            holder, purse.Currency, purse.Version, _accounts.GetValueOrDefault(AccountId.Purse(holder, purse.Currency)),
            [.. _copies.Values.Where(copy => holders.Cards[copy.Card].Holder == holder).Select(Copy)],
            [.. _intents.Values.Where(one => one.Holder == holder && one.IsOpen)])
        : null;

    private CardCopy Copy(CopyStep copy) => new(
        holders.Cards[copy.Card], copy.Balance, copy.Number, copy.LastS2,
        Sum(copy.Card, DeliveryState.Pending), Sum(copy.Card, DeliveryState.InFlight))
    {
        Limits = _limits.GetValueOrDefault(copy.Card) is { } limits ? limits with { Unseen = Unseen(copy) } : null,
        Ahead =
        [
            .. _movements.Where(one => one.Card == copy.Card && one.Number > copy.Number)
                .Select(one => new AheadMovement(one.Number, one.Movement, one.Balance)),
        ],
    };

    private uint Unseen(CopyStep copy) => copy.Number + 1 - _movements
        .Where(one => one.Card == copy.Card && one.Intent is not null).Select(one => one.Number).DefaultIfEmpty(1u).Max();

    private void Limit(LimitsStep step)
    {
        var before = _limits.GetValueOrDefault(step.Card);
        _limits[step.Card] = new CopyLimits(
            step.Allowance ?? before?.Allowance ?? 0, step.GreatestWithoutPin ?? before?.GreatestWithoutPin, 0);
    }

    private long Sum(CardId card, DeliveryState state) =>
        _deliveries.Where(one => one.Card == card && one.State == state).Sum(one => one.Amount);

    private void Open(Intent intent)
    {
        _intents.Add(intent.Id, intent);
        if (intent.CarriesAdds)
            Turn(one => one.Card == intent.Card && one.State == DeliveryState.Pending, DeliveryState.InFlight, intent.Id.Value);
    }

    private void Close(IntentStep step, DateTimeOffset now)
    {
        var closes = step.State is IntentState.Done or IntentState.NotDone;
        _intents[step.Intent] = _intents[step.Intent] with
        {
            State = step.State,
            Suspended = step.Suspended,
            Closed = closes ? now : null,
        };
        if (!closes) return;
        if (step.Untold) _untold.Add(step.Intent);
        var next = step.State == IntentState.Done ? DeliveryState.Downloaded : DeliveryState.Pending;
        Turn(one => one.State == DeliveryState.InFlight && one.Carrier == step.Intent.Value, next, null);
    }

    private void Turn(Predicate<Delivery> which, DeliveryState state, Guid? carrier)
    {
        for (var i = 0; i < _deliveries.Count; i++)
        {
            if (which(_deliveries[i])) _deliveries[i] = _deliveries[i] with { State = state, Carrier = carrier };
        }
    }

    private void Post(LedgerEntry entry)
    {
        foreach (var posting in entry.Postings)
        {
            _accounts[posting.Account] = _accounts.GetValueOrDefault(posting.Account) + posting.Amount;
            _postings.Add((entry, posting, _accounts[posting.Account]));
        }
    }

    private Task<T> Locked<T>(Func<T> work)
    {
        lock (_gate) return Task.FromResult(work());
    }
}

/// <summary>Holders and cards in lists.</summary>
internal sealed class MemoryHolderStore : IHolderStore
{
    private readonly Dictionary<HolderId, Holder> _holders = [];

    public Dictionary<CardId, CardRegistration> Cards { get; } = [];

    /// <summary>What is counted at cards, and what was counted last.</summary>
    public Dictionary<CardId, (int Count, string? Last)> Tries { get; } = [];

    public Task AddAsync(Holder holder, CancellationToken cancel)
    {
        _holders.Add(holder.Id, holder);
        return Task.CompletedTask;
    }

    public Task<Holder?> FindAsync(HolderId holder, CancellationToken cancel) =>
        Task.FromResult(_holders.GetValueOrDefault(holder));

    public Task RegisterAsync(CardRegistration card, CancellationToken cancel)
    {
        Cards.Add(card.Card, card);
        return Task.CompletedTask;
    }

    public Task<CardRegistration?> FindCardAsync(CardId card, CancellationToken cancel) =>
        Task.FromResult(Cards.GetValueOrDefault(card));

    public Task<IReadOnlyList<CardRegistration>> CardsAsync(HolderId holder, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<CardRegistration>>([.. Cards.Values.Where(card => card.Holder == holder)]);

    public Task<CardState?> StandAsync(
        CardId card, CardState state, IReadOnlyList<CardState> from, DateTimeOffset now, CancellationToken cancel)
    {
        var before = Cards.GetValueOrDefault(card)?.State;
        if (before is { } was && from.Contains(was)) Change(card, state);
        return Task.FromResult(before);
    }

    public Task<int> CountTryAsync(CardId card, string key, CancellationToken cancel)
    {
        var (count, last) = Tries.GetValueOrDefault(card);
        if (!string.Equals(last, key, StringComparison.Ordinal)) Tries[card] = (count + 1, key);
        return Task.FromResult(Tries[card].Count);
    }

    public Task EndTryAsync(CardId card, string key, bool succeeded, CancellationToken cancel)
    {
        var (count, last) = Tries.GetValueOrDefault(card);
        if (string.Equals(last, key, StringComparison.Ordinal)) Tries[card] = (succeeded ? 0 : count - 1, null);
        return Task.CompletedTask;
    }

    public void Change(CardId card, CardState state)
    {
        Cards[card] = Cards[card] with { State = state };
        Tries.Remove(card);
    }
}
