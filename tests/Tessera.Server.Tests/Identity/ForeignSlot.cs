using Tessera.Cards;
using Tessera.Cards.Tests.Identity;
using Tessera.Wire;

namespace Tessera.Server.Tests.Identity;

/// <summary>A reader in which a card of another maker lies from the start, and into which it is put again.</summary>
internal sealed class ForeignSlot(ForeignCard card) : ICardReader, ICard
{
    private readonly SemaphoreSlim _insertions = new(1);
    private TaskCompletionSource _removed = new();

    public string Name => "slot";

    public Bytes Atr { get; } = Bytes.FromHex("3B8001");

    public Task Removed => _removed.Task;

    public async Task<ICard> InsertedAsync(CancellationToken cancel)
    {
        await _insertions.WaitAsync(cancel);
        _removed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return this;
    }

    /// <summary>Takes the card out.</summary>
    public void Pull() => _removed.TrySetResult();

    /// <summary>Puts it in.</summary>
    public void Insert() => _insertions.Release();

    public ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel) =>
        card.TransmitAsync(command, cancel);

    public Task ResetAsync(CancellationToken cancel) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _removed.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
