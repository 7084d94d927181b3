using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>What a listener remembers of one terminal across its connections.</summary>
internal sealed class RemoteTerminal(Bytes id, LinkListenerOptions options, TimeProvider time, Func<ILink, bool> opened)
    : IDisposable
{
    private string _name = "";
    private TerminalProfile _profile = new(Bytes.Empty, TerminalCapabilities.None);
    private Bytes _run;
    private ReaderState _reader = ReaderState.NoReader;
    private PairingCode? _pairing;
    private LinkConnection? _connection;
    private SessionLink? _link;
    private RelayedCard? _relayed;
    private ushort _lastEnded;
    private ITimer? _window;

    public Bytes Id => id;

    public LinkListenerOptions Options => options;

    public TimeProvider Time => time;

    public Lock Gate { get; } = new();

    /// <summary>When it was last connected, for choosing whom to forget.</summary>
    public DateTimeOffset Seen { get; private set; }

    public bool IsForgettable
    {
        get
        {
            lock (Gate) return _connection is null && _link is null;
        }
    }

    public TerminalStatus Status
    {
        get
        {
            lock (Gate) return new TerminalStatus(id, _name, _profile, _connection is not null, _reader);
        }
    }

    /// <summary>A connection of this terminal said Hello: it takes the place of any other.</summary>
    public void Attach(LinkConnection connection, TerminalHello hello)
    {
        lock (Gate)
        {
            _connection?.End(ByeReason.Replaced, "A newer connection of this terminal is here.");
            EndRelay("The terminal connected anew.");
            _window?.Dispose();
            _connection = connection;
            var resumed = hello.Run == _run;
            if (!resumed) EndLink("The terminal started again.");
            (_run, _name, _profile) = (hello.Run, hello.Name, hello.Profile);

            connection.Send(LinkFrame.Of(FrameType.Hello, new ServerHello(options.Server.Id, resumed)));
            _pairing ??= options.Pair(id);
            if (_pairing != PairingCode.None) connection.Send(LinkFrame.Of(FrameType.Pairing, _pairing));
            var before = _link;
            Apply(hello.Reader);
            if (_link is { } link && link == before) Resume(link, connection);
            options.Changed(Status);
        }
    }

    /// <summary>The reader changed.</summary>
    public void Report(LinkConnection connection, ReaderState reader)
    {
        lock (Gate)
        {
            if (connection != _connection) return;
            Apply(reader);
            options.Changed(Status);
        }
    }

    public void Answer(LinkConnection connection, Bytes answer)
    {
        var head = ScriptMessage.HeadOf(answer, ScriptTags.Answer);
        lock (Gate)
        {
            if (connection == _connection) _link?.Answer(head, answer);
        }
    }

    /// <summary>The holder lets programs here use the card, or no longer.</summary>
    public void Relay(LinkConnection connection, RelayState state)
    {
        lock (Gate)
        {
            if (connection != _connection) return;
            _relayed?.End(state.IsOn ? "The relay was switched on again." : state.Reason);
            _relayed = null;
            if (!state.IsOn) return;
            if (options.Relayed is not { } relayed || _link is not null)
            {
                connection.Send(LinkFrame.Of(FrameType.Relay, RelayState.Off("The server has no use for the card.")));
                return;
            }

            _relayed = new RelayedCard(id, state.Atr, connection, options.RelayAnswer, time);
            relayed(_relayed);
        }
    }

    public void Answer(LinkConnection connection, RelayAnswer answer)
    {
        lock (Gate)
        {
            if (connection == _connection) _relayed?.Take(answer);
        }
    }

    /// <summary>A connection is over: its session waits for the next one, unless the terminal went for good.</summary>
    public void Detach(LinkConnection connection, LinkEnd end)
    {
        lock (Gate)
        {
            if (connection != _connection) return;
            if (end is { By: EndedBy.Peer, Reason: ByeReason.GoingAway }) EndLink("The terminal shut down.");
            Leave();
        }
    }

    /// <summary>Ends the connection, not the session: what is sent from now on waits for the next one.</summary>
    public bool Pause()
    {
        lock (Gate)
        {
            if (_connection is not { } connection) return false;
            // Without a text: each octet is said to people who cannot hear each other meanwhile.
            connection.End(ByeReason.Voice, "");
            Leave();
            return true;
        }
    }

    /// <summary>Ends the session, and the connection.</summary>
    public bool Release(string reason, ByeReason bye = ByeReason.GoingAway)
    {
        lock (Gate)
        {
            var had = _link is not null;
            EndLink(reason);
            _window?.Dispose();
            if (_connection is { } connection)
            {
                connection.End(bye, reason);
                Leave();
            }

            return had;
        }
    }

    public void Show(PairingCode pairing)
    {
        lock (Gate)
        {
            _pairing = pairing;
            _connection?.Send(LinkFrame.Of(FrameType.Pairing, pairing));
        }
    }

    /// <summary>Sends a frame of a session where it can be sent now; a script waits for the next connection.</summary>
    public void Send(SessionLink link, LinkFrame frame)
    {
        if (link != _link) return;
        if (_connection is null) options.Wanted(id);
        else _connection.Send(frame);
    }

    public void Dispose()
    {
        lock (Gate)
        {
            _window?.Dispose();
            EndLink("The server shuts down.");
        }
    }

    /// <summary>No connection any more: a session waits for the next one, for a while.</summary>
    private void Leave()
    {
        _connection = null;
        EndRelay("The terminal is not connected any more.");
        Seen = time.GetUtcNow();
        if (_link is { } link)
        {
            _window = time.CreateTimer(_ => GiveUp(), state: null, options.ResumeWindow, Timeout.InfiniteTimeSpan);
            if (link.Unanswered is not null || link.WantsReopening) options.Wanted(id);
        }

        options.Changed(Status);
    }

    private void EndRelay(string reason)
    {
        _relayed?.End(reason);
        _relayed = null;
    }

    private static void Resume(SessionLink link, LinkConnection connection)
    {
        if (link.Unanswered is { } script) connection.Send(script);
        if (link.WantsReopening) connection.Send(LinkFrame.Of(FrameType.Open, new OpenRequest(link.Session)));
    }

    private void Apply(ReaderState reader)
    {
        _reader = reader;
        if (_link is { } same && same.Session == reader.Session)
        {
            if (same.Atr != reader.Atr) throw new WireFormatException("session", 0, "names another card than before");
            return;
        }

        if (reader.Session == 0)
        {
            EndLink(reader.HasCard ? "The terminal ended the session." : "The card was removed.");
        }
        else if (reader.Session == _lastEnded)
        {
            _connection?.Send(LinkFrame.Of(FrameType.Open, new OpenRequest(reader.Session)));
        }
        else
        {
            OpenLink(new SessionLink(this, _profile, reader));
        }
    }

    private void OpenLink(SessionLink next)
    {
        EndRelay("A session was opened.");
        var previous = _link;
        _link = next;
        var taken = previous?.Follow(next) ?? false;
        if (previous is not null) End(previous, "A newer session was opened.");
        if (taken || opened(next)) return;

        EndLink("The server takes no more sessions.");
        _connection?.End(ByeReason.NoRoom, "No room for another session.");
    }

    private void EndLink(string reason)
    {
        if (_link is not { } link) return;
        _link = null;
        End(link, reason);
    }

    private void End(SessionLink link, string reason)
    {
        _lastEnded = link.Session;
        link.End(reason);
    }

    private void GiveUp()
    {
        lock (Gate)
        {
            if (_connection is null) EndLink("The terminal did not come back.");
        }
    }
}
