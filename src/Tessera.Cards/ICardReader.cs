using Tessera.Cards.Pins;
using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>A place where a card is inserted and removed: a PC/SC reader, a slot of the virtual reader.</summary>
public interface ICardReader : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Powers the card that is in, waiting for one as long as it takes.</summary>
    /// <exception cref="ConnectionLostException">The reader itself is gone.</exception>
    Task<ICard> InsertedAsync(CancellationToken cancel);
}

/// <summary>A powered card, from insertion to removal.</summary>
public interface ICard : ICardChannel, IAsyncDisposable
{
    /// <summary>Answer to reset.</summary>
    Bytes Atr { get; }

    /// <summary>Completes when the card or its reader is gone.</summary>
    Task Removed { get; }

    /// <summary>Warm reset: everything volatile on the card is gone.</summary>
    Task ResetAsync(CancellationToken cancel);

    /// <summary>
    /// Keeps other programs from the card until the result is disposed, for commands that belong together; to be disposed
    /// soon. Default: no other program reaches it anyway.
    /// </summary>
    /// <exception cref="TimeoutException">Another program did not let go of it.</exception>
    /// <exception cref="ConnectionLostException">The card or the reader went away.</exception>
    Task<IAsyncDisposable> HoldAsync(CancellationToken cancel) => Task.FromResult<IAsyncDisposable>(NoHold.Instance);

    /// <summary>The keypad of the reader that the card is in. Default: it has none.</summary>
    /// <exception cref="ConnectionLostException">The card or the reader went away.</exception>
    Task<IPinPad?> FindPinPadAsync(CancellationToken cancel) => Task.FromResult<IPinPad?>(null);
}

/// <summary>The hold on a card that nobody else reaches.</summary>
internal sealed class NoHold : IAsyncDisposable
{
    public static NoHold Instance { get; } = new();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
