namespace Tessera.Cards.Pcsc;

/// <summary>
/// A card kept from other programs for a while. Who holds it too long loses it, and what was verified on it: others wait.
/// </summary>
/// <param name="end">Ends it at the card; with true the card is reset, too.</param>
/// <param name="released">Told when its holder is done with it.</param>
internal sealed class CardHold(Func<bool, Task> end, Action released) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private ITimer? _limit;
    private bool _hasSecrets;
    private Task? _ending;

    /// <summary>It took too long.</summary>
    public bool IsLost { get; private set; }

    /// <summary>A PIN went to the card: it must not be there for the next program.</summary>
    public void NoteSecret() => _hasSecrets = true;

    /// <param name="longest">Of the whole.</param>
    public void Start(TimeSpan longest, TimeProvider time)
    {
        lock (_gate)
            _limit = time.CreateTimer(_ => Lose(), state: null, longest, Timeout.InfiniteTimeSpan);
    }

    public async ValueTask DisposeAsync()
    {
        Task ending;
        lock (_gate) ending = _ending ??= end(_hasSecrets);
        if (_limit is not null) await _limit.DisposeAsync();
        released();
        await ending;
    }

    private void Lose()
    {
        lock (_gate)
        {
            if (_ending is not null) return;
            IsLost = true;
            _ending = end(true);
        }
    }
}
