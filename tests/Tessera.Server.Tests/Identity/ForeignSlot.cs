using Tessera.Cards;
using Tessera.Cards.Tests.Identity;
using Tessera.Wire;

namespace Tessera.Server.Tests.Identity;

/// <summary>A reader in which a card of another maker lies from the start.</summary>
internal sealed class ForeignSlot(ForeignCard card) : ICardReader, ICard
{
    private readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isGiven;

    public string Name => "slot";

    public Bytes Atr { get; } = Bytes.FromHex("3B8001");

    public Task Removed => _removed.Task;

    public async Task<ICard> InsertedAsync(CancellationToken cancel)
    {
        if (_isGiven) await Task.Delay(Timeout.Infinite, cancel);
        _isGiven = true;
        return this;
    }

    public ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel) =>
        card.TransmitAsync(command, cancel);

    public Task ResetAsync(CancellationToken cancel) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _removed.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
