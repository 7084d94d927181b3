using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>
/// A card in a far terminal whose holder lets programs here use it (docs/protocols/link.md §8): one command at a time, as
/// it is.
/// </summary>
public sealed class RelayedCard : IDisposable
{
    private readonly LinkConnection _connection;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ended = new();
    private TaskCompletionSource<Bytes>? _waiting;
    private ushort _number;
    private string? _reason;

    internal RelayedCard(Bytes terminal, Bytes atr, LinkConnection connection, TimeSpan patience, TimeProvider time)
    {
        (Terminal, Atr, _connection, _patience, _time) = (terminal, atr, connection, patience, time);
        Ended = _ended.Token;
    }

    /// <summary>The terminal that the card is in.</summary>
    public Bytes Terminal { get; }

    public Bytes Atr { get; }

    /// <summary>Signalled when the card is here no longer.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Sends one command.</summary>
    /// <param name="apdu">Empty: the card is only reset.</param>
    /// <param name="reset">The card is reset first.</param>
    /// <returns>The answer as it came; empty to a reset alone.</returns>
    /// <exception cref="ArgumentException">The command is too long for a link.</exception>
    /// <exception cref="ConnectionLostException">The card is here no longer.</exception>
    /// <exception cref="InvalidOperationException">Another command waits for its answer.</exception>
    /// <exception cref="TimeoutException">No answer in the time this link allows.</exception>
    public async Task<Bytes> TransmitAsync(Bytes apdu, bool reset, CancellationToken cancel)
    {
        if (apdu.Length > RelayCommand.MaxApdu)
            throw new ArgumentException($"A command has at most {RelayCommand.MaxApdu} octets here.", nameof(apdu));
        var answer = new TaskCompletionSource<Bytes>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_reason is not null) throw new ConnectionLostException(_reason);
            if (_waiting is not null) throw new InvalidOperationException("A command waits for its answer.");
            _waiting = answer;
            _connection.Send(LinkFrame.Of(FrameType.Command, new RelayCommand(++_number, reset, apdu)));
        }

        return await answer.Task.WaitAsync(_patience, _time, cancel);
    }

    /// <summary>Has no use for the card any more, and says so to the terminal.</summary>
    public void Return(string reason)
    {
        if (End(reason)) _connection.Send(LinkFrame.Of(FrameType.Relay, RelayState.Off(reason)));
    }

    public void Dispose() => _ended.Dispose();

    /// <exception cref="WireFormatException">Nobody asked for that answer.</exception>
    internal void Take(RelayAnswer answer)
    {
        lock (_gate)
        {
            if (_waiting is null || answer.Number != _number)
                throw new WireFormatException("number", 0, $"{answer.Number} answers no command");
            _waiting.TrySetResult(answer.Apdu);
            _waiting = null;
        }
    }

    internal bool End(string reason)
    {
        lock (_gate)
        {
            if (_reason is not null) return false;
            _reason = reason;
            _waiting?.TrySetException(new ConnectionLostException(reason));
        }

        _ = AnnounceAsync();
        return true;
    }

    private async Task AnnounceAsync()
    {
        using (this) await _ended.CancelAsync();
    }
}
