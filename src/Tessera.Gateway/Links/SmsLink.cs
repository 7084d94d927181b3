using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>
/// A session of the toolkit applet on a SIM: scripts travel as secured packets in short messages
/// (docs/protocols/sms.md).
/// </summary>
public sealed class SmsLink : ILink, IDisposable
{
    private readonly Lock _gate = new();
    private readonly GatewaySite _site;
    private readonly ScriptSender _sender;
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _heard;
    private string? _reason;
    private Flight? _flight;
    private byte _taken;

    internal SmsLink(GatewaySite site, SmsSession session, Subscriber subscriber, OutboxPacket? earlier)
    {
        _site = site;
        _heard = session.Heard;
        _sender = new ScriptSender(site, session, subscriber, earlier);
        (Id, Number) = (session.Id, subscriber.Number);
        Begun = session.Begun;
        Opening = session.Opening.Read<Opening>();
        Profile = ProfileOf(session.Profile, site.Options);
        Terminal = Bytes.Of(session.Id.Card);
        Traits = TraitsOf(site.Options);
        Ended = _ended.Token;
    }

    /// <summary>The card and the number it gave the session.</summary>
    public SmsSessionId Id { get; }

    /// <summary>Where the card is reached, digits only.</summary>
    public string Number { get; }

    /// <summary>
    /// A script was sent in this session before the gateway was started: whoever takes the link goes on with what was
    /// under way, and begins nothing.
    /// </summary>
    public bool Begun { get; }

    public Opening Opening { get; }

    Opening? ILink.Opening => Opening;

    public LinkTraits Traits { get; }

    public TerminalProfile Profile { get; }

    /// <summary>The card id.</summary>
    public Bytes Terminal { get; }

    public ushort Session => Id.Number;

    /// <summary>Empty: a phone does not tell it.</summary>
    public Bytes Atr => Bytes.Empty;

    public CancellationToken Ended { get; }

    /// <summary>Short messages of this session so far, both directions, every part counted.</summary>
    public SmsTraffic Traffic => _sender.Traffic;

    public async Task<Bytes> SendAsync(byte number, Bytes script, CancellationToken cancel)
    {
        Check(number, script);
        var flight = Launch(number, script);
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var sending = _sender.SendAsync(flight, () => ValidUntil, stop.Token);
            if (await Task.WhenAny(flight.Answer, sending) == sending) await sending;
            try
            {
                var answer = await flight.Answer.WaitAsync(cancel);
                lock (_gate) _taken = Math.Max(_taken, number);
                return answer;
            }
            finally
            {
                await stop.CancelAsync();
                await EndOfAsync(sending, stop.Token);
            }
        }
        finally
        {
            lock (_gate) _flight = null;
            flight.Land();
        }
    }

    /// <summary>A card opens its sessions itself: there is no other for the same insertion.</summary>
    public Task<ILink> ReopenAsync(CancellationToken cancel) => Task.FromException<ILink>(
        new ConnectionLostException("Only the card opens a session on the short message road."));

    /// <summary>
    /// The application has ended: nothing of this session is sent any more, and it is not handed out again.
    /// </summary>
    public Task CloseAsync(CancellationToken cancel) => CloseAsync("The session is over.", cancel);

    public void Dispose() => _ended.Dispose();

    /// <param name="octets">Empty where the profile is not known.</param>
    internal static TerminalProfile ProfileOf(Bytes octets, SmsGatewayOptions options) =>
        octets.Length == 0 ? options.UnknownProfile : new TerminalProfile(octets, TerminalCapabilities.None);

    internal static LinkTraits TraitsOf(SmsGatewayOptions options) =>
        new(SmsRoom.Script(options.MaxParts), options.RoundTrip);

    /// <summary>When the session ends unless the card speaks.</summary>
    private DateTimeOffset ValidUntil
    {
        get
        {
            lock (_gate) return _heard + _site.Options.SessionLife;
        }
    }

    /// <summary>Completes when the session is over, for whatever reason.</summary>
    internal Task Over => _over.Task;

    /// <summary>Ends the session when the card was silent for its life.</summary>
    internal async Task WatchAsync(CancellationToken stop)
    {
        while (!_over.Task.IsCompleted && ValidUntil - _site.Time.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            // A delay counts whole milliseconds: part of one would be none, again and again.
            var wait = TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(_over.Task, Task.Delay(wait, _site.Time, over.Token));
            await over.CancelAsync();
            stop.ThrowIfCancellationRequested();
        }

        if (!_over.Task.IsCompleted) await CloseAsync("The card was silent.", stop);
    }

    /// <summary>The card answered; what it says first holds.</summary>
    internal void Answer(byte number, Bytes answer)
    {
        lock (_gate)
        {
            _sender.Answered(number);
            if (_flight?.Number == number) _flight.Take(answer);
        }
    }

    internal void Hear(DateTimeOffset at, MessageCount count)
    {
        lock (_gate) _heard = at > _heard ? at : _heard;
        _sender.CountUp(count);
    }

    /// <summary>What became of a short message to this card.</summary>
    internal void Settle(PartReference part, PartState state) => _sender.Settle(part, state);

    /// <summary>Ends the link; what is on record stays as it is.</summary>
    /// <returns>False when it had ended.</returns>
    internal bool End(string reason)
    {
        lock (_gate)
        {
            if (_reason is not null) return false;
            _reason = reason;
            _sender.Stop();
            _flight?.Fail(new ConnectionLostException(reason));
        }

        _over.TrySetResult();
        _ = AnnounceAsync();
        return true;
    }

    /// <summary>Awaits that an ended link does nothing any more.</summary>
    internal Task LandedAsync()
    {
        lock (_gate) return _flight?.Landed ?? Task.CompletedTask;
    }

    private static async Task EndOfAsync(Task sending, CancellationToken stop)
    {
        try
        {
            await sending;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task CloseAsync(string reason, CancellationToken cancel)
    {
        byte taken;
        lock (_gate) taken = _taken;
        await _site.Store.CloseAsync(Id, taken, _site.Time.GetUtcNow(), cancel);
        _site.Late.Offer();
        if (End(reason)) _site.Tell(new SessionClosed(_site.Time.GetUtcNow(), Id, reason, Traffic));
    }

    private async Task AnnounceAsync()
    {
        using (this) await _ended.CancelAsync();
    }

    private Flight Launch(byte number, Bytes script)
    {
        lock (_gate)
        {
            if (_reason is not null) throw new ConnectionLostException(_reason);
            if (_flight is not null)
                throw new InvalidOperationException("A script of this session waits for its answer.");
            return _flight = new Flight(number, script);
        }
    }

    private void Check(byte number, Bytes script)
    {
        if (script.Length > Traits.MaxScript)
            throw new ArgumentException($"A script has at most {Traits.MaxScript} octets here.", nameof(script));
        if (!CommandScript.TryRead(script, out var read, out _))
            throw new ArgumentException("This is no script.", nameof(script));
        if (read.Head != new ScriptHead(ScriptHead.CurrentVersion, Session, number))
            throw new ArgumentException($"The script is not number {number} of session {Session:X4}.", nameof(script));
    }
}
