using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Pins;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.Terminal.Tests.Scripts;

/// <summary>A real virtual card that a test puts into a reader and pulls when it likes.</summary>
internal sealed class CardInHand : ICard
{
    public static readonly CardId Id = CardId.Parse("0123456789ABCDEF");

    private readonly CardOs _os;
    private readonly List<string> _commands = [];
    private readonly TaskCompletionSource _removed = NewSignal();
    private Silence? _silence;

    /// <param name="finger">A finger the card knows; the card's from here on.</param>
    public CardInHand(FingerTemplate? finger = null)
    {
        _os = Make(finger);
        Atr = _os.Reset();
    }

    public Bytes Atr { get; }

    public Task Removed => _removed.Task;

    public bool IsDisposed { get; private set; }

    /// <summary>The keypad of the reader it is in; null for none.</summary>
    public IPinPad? PinPad { get; set; }

    /// <summary>CLA to P2 of what it was asked.</summary>
    public IReadOnlyList<string> Commands
    {
        get
        {
            lock (_commands) return [.. _commands];
        }
    }

    /// <summary>Does a command and answers nothing until it speaks, pulled or not; completes when it is asked that.</summary>
    public Task FallSilentAt(string command)
    {
        _silence = new Silence(command, NewSignal(), NewSignal());
        return _silence.Begun.Task;
    }

    public void Speak() => _silence!.Over.SetResult();

    public void Pull() => _removed.TrySetResult();

    public async ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (Removed.IsCompleted) throw new ConnectionLostException("The card was removed.");
        var header = Convert.ToHexString([command.Cla, command.Ins, command.P1, command.P2]);
        lock (_commands) _commands.Add(header);
        var answer = _os.Transmit(Bytes.Of(command).Span).Read<ResponseApdu>();
        if (_silence is { } silence && string.Equals(silence.Command, header, StringComparison.Ordinal))
        {
            silence.Begun.TrySetResult();
            await silence.Over.Task.WaitAsync(cancel);
        }

        return answer;
    }

    public Task<IPinPad?> FindPinPadAsync(CancellationToken cancel) => Task.FromResult(PinPad);

    public Task ResetAsync(CancellationToken cancel)
    {
        _os.Reset();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        _os.Dispose();
        return ValueTask.CompletedTask;
    }

    private static CardOs Make(FingerTemplate? finger)
    {
        var medium = new MemoryMedium();
        using (var personalisation = Personalisation.Demonstration(Id, finger: finger)) CardImage.Create(medium, personalisation);
        return CardImage.Open(medium);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Silence(string Command, TaskCompletionSource Begun, TaskCompletionSource Over);
}
