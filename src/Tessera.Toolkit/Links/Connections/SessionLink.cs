using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>One session of a remote _terminal. Its terminal's gate guards what changes.</summary>
internal sealed class SessionLink : ILink, IDisposable
{
    private readonly RemoteTerminal _terminal;
    private readonly ReaderState _opened;
    private readonly Dictionary<byte, Bytes> _sent = [];
    private readonly CancellationTokenSource _ended = new();
    private string? _reason;
    private Flight? _flight;
    private TaskCompletionSource<ILink>? _reopening;

    public SessionLink(RemoteTerminal terminal, TerminalProfile profile, ReaderState opened)
    {
        _terminal = terminal;
        _opened = opened;
        Profile = profile;
        Ended = _ended.Token;
    }

    public LinkTraits Traits => _terminal.Options.Traits;

    public TerminalProfile Profile { get; }

    public Bytes Terminal => _terminal.Id;

    public ushort Session => _opened.Session;

    public Bytes Atr => _opened.Atr;

    public Opening? Opening => null;

    public CancellationToken Ended { get; }

    /// <summary>The session it takes the place of within the same insertion.</summary>
    internal ushort Follows => _opened.Follows;

    /// <summary>The script without an answer, to be sent again on a new connection.</summary>
    internal LinkFrame? Unanswered => _flight is { } flight ? new LinkFrame(FrameType.Script, flight.Script) : null;

    internal bool WantsReopening => _reopening is not null;

    public async Task<Bytes> SendAsync(byte number, Bytes script, CancellationToken cancel)
    {
        Check(number, script);
        var flight = new Flight(number, script);
        Launch(flight);
        try
        {
            return await flight.Answer.Task.WaitAsync(_terminal.Options.Answer, _terminal.Time, cancel);
        }
        finally
        {
            lock (_terminal.Gate) _flight = null;
        }
    }

    public Task<ILink> ReopenAsync(CancellationToken cancel)
    {
        lock (_terminal.Gate)
        {
            ThrowIfEnded();
            if (_reopening is null)
            {
                _reopening = new TaskCompletionSource<ILink>(TaskCreationOptions.RunContinuationsAsynchronously);
                _terminal.Send(this, LinkFrame.Of(FrameType.Open, new OpenRequest(Session)));
            }

            return _reopening.Task.WaitAsync(_terminal.Options.Answer, _terminal.Time, cancel);
        }
    }

    /// <summary>Takes an answer; one that nobody waits for came late and is dropped.</summary>
    internal void Answer(ScriptHead? head, Bytes answer)
    {
        if (_flight is { } flight && (head is null || head == HeadOf(flight.Number)))
            flight.Answer.TrySetResult(answer);
    }

    /// <summary>Hands the link that follows to whoever asked for it; false when nobody did.</summary>
    internal bool Follow(SessionLink next) =>
        _reopening is not null && next.Follows == Session && _reopening.TrySetResult(next);

    internal void End(string reason)
    {
        _reason = reason;
        _flight?.Answer.TrySetException(new ConnectionLostException(reason));
        _reopening?.TrySetException(new ConnectionLostException(reason));
        _ = AnnounceAsync();
    }

    public void Dispose() => _ended.Dispose();

    private async Task AnnounceAsync()
    {
        using (this) await _ended.CancelAsync();
    }

    private void Launch(Flight flight)
    {
        lock (_terminal.Gate)
        {
            ThrowIfEnded();
            if (_flight is not null) throw new InvalidOperationException("A script of this session waits for its answer.");
            _flight = flight;
            _terminal.Send(this, new LinkFrame(FrameType.Script, flight.Script));
        }
    }

    private void Check(byte number, Bytes script)
    {
        if (script.Length > Traits.MaxScript)
            throw new ArgumentException($"A script has at most {Traits.MaxScript} octets here.", nameof(script));
        if (HeadOf(script) != HeadOf(number))
            throw new ArgumentException($"The script is not number {number} of session {Session:X4}.", nameof(script));

        lock (_terminal.Gate)
        {
            if (!_sent.TryAdd(number, script) && _sent[number] != script)
                throw new ArgumentException($"Another script was sent under number {number}.", nameof(script));
        }
    }

    private ScriptHead HeadOf(byte number) => new(ScriptHead.CurrentVersion, Session, number);

    private static ScriptHead? HeadOf(Bytes script)
    {
        try
        {
            return ScriptMessage.HeadOf(script, ScriptTags.Script);
        }
        catch (WireFormatException e)
        {
            throw new ArgumentException("This is no script.", nameof(script), e);
        }
    }

    private void ThrowIfEnded()
    {
        if (_reason is not null) throw new ConnectionLostException(_reason);
    }

    private sealed record Flight(byte Number, Bytes Script)
    {
        public TaskCompletionSource<Bytes> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
