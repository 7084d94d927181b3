using System.Collections.Concurrent;
using System.Threading.Channels;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>
/// The server side of links: serves authenticated connections and hands out the sessions of their terminals.
/// </summary>
public sealed class LinkListener : IAsyncDisposable
{
    private readonly LinkListenerOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<Bytes, RemoteTerminal> _terminals = new();
    private readonly Lock _seats = new();
    private readonly Channel<ILink> _links;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, byte> _serving = new();
    private int _disposed;

    public LinkListener(LinkListenerOptions options, TimeProvider? time = null)
    {
        _options = options;
        _time = time ?? TimeProvider.System;
        _links = Channel.CreateBounded<ILink>(options.MaxTerminals);
    }

    /// <summary>
    /// Every session a terminal opens, once in the life of this object; completed when it is disposed. A terminal whose
    /// session nobody takes is told to come back.
    /// </summary>
    public ChannelReader<ILink> Links => _links.Reader;

    public IReadOnlyList<TerminalStatus> Terminals => [.. _terminals.Values.Select(terminal => terminal.Status)];

    /// <summary>Serves one connection to its end and closes the channel.</summary>
    /// <param name="peer">Who the transport has authenticated at the other end.</param>
    public async Task<LinkEnd> ServeAsync(IFrameChannel channel, PeerIdentity peer, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, _stopping.Token);
        var serving = ServeToEndAsync(new LinkConnection(channel, LinkRole.Server, _options.Hello, _time), peer, stop.Token);
        _serving.TryAdd(serving, 0);
        try
        {
            return await serving;
        }
        finally
        {
            _serving.TryRemove(serving, out _);
        }
    }

    /// <summary>
    /// Shows a pairing code on a terminal, now and after every reconnection, until another one is shown.
    /// </summary>
    /// <returns>False when the terminal is not known.</returns>
    public bool Show(Bytes terminal, PairingCode pairing)
    {
        if (!_terminals.TryGetValue(terminal, out var known)) return false;
        known.Show(pairing);
        return true;
    }

    /// <summary>
    /// Ends the connection of a terminal, whose line returns to voice; its session goes on, and what is sent in it waits
    /// for the next connection.
    /// </summary>
    /// <returns>False when the terminal is not connected.</returns>
    public bool Pause(Bytes terminal) => _terminals.TryGetValue(terminal, out var known) && known.Pause();

    /// <summary>Ends the session of a terminal, and its connection, for good: the call it was in is over.</summary>
    /// <returns>False when the terminal has no session.</returns>
    public bool Release(Bytes terminal, string reason) =>
        _terminals.TryGetValue(terminal, out var known) && known.Release(reason);

    /// <summary>
    /// Ends the session of a terminal that is not known any more, and its connection, and forgets it. To be called when <see
    /// cref="LinkListenerOptions.Knows"/> says so already.
    /// </summary>
    public void Dismiss(Bytes terminal)
    {
        lock (_seats)
        {
            if (!_terminals.TryRemove(terminal, out var known)) return;
            known.Release("The terminal was withdrawn.", ByeReason.Unknown);
            known.Dispose();
        }
    }

    /// <summary>Says Bye to every terminal and ends every session.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _stopping.CancelAsync();
        await Task.WhenAll(_serving.Keys);
        foreach (var terminal in _terminals.Values) terminal.Dispose();
        _links.Writer.TryComplete();
        _stopping.Dispose();
    }

    private async Task<LinkEnd> ServeToEndAsync(LinkConnection connection, PeerIdentity peer, CancellationToken cancel)
    {
        RemoteTerminal? terminal = null;
        Enrolment? enrolment = null;
        var end = new LinkEnd(EndedBy.Us, ByeReason.GoingAway, "Failed.");
        try
        {
            return end = await connection.RunAsync(Handle, cancel);
        }
        finally
        {
            terminal?.Detach(connection, end);
        }

        ValueTask Handle(LinkFrame frame)
        {
            switch (frame.Type)
            {
                case FrameType.Hello:
                    terminal = Seat(peer, connection, frame.Body.Read<TerminalHello>());
                    break;
                case FrameType.Enrol when enrolment is null && _options.Enrolments is not null:
                    enrolment = Enrolment.Begin(peer, frame.Body.Read<EnrolRequest>());
                    connection.Send(LinkFrame.Of(FrameType.Challenge, enrolment.Challenge));
                    break;
                case FrameType.Proof when enrolment is not null:
                    Conclude(connection, enrolment, frame.Body.Read<EnrolProof>());
                    break;
                case FrameType.Event:
                    terminal?.Report(connection, frame.Body.Read<CardReaderEvent>().State);
                    break;
                case FrameType.Answer:
                    terminal?.Answer(connection, frame.Body);
                    break;
                case FrameType.Relay:
                    terminal?.Relay(connection, frame.Body.Read<RelayState>());
                    break;
                case FrameType.Response:
                    terminal?.Answer(connection, frame.Body.Read<RelayAnswer>());
                    break;
                default:
                    throw new WireFormatException("frame type", 0, $"{frame.Type} has no place here");
            }

            return ValueTask.CompletedTask;
        }
    }

    private void Conclude(LinkConnection connection, Enrolment enrolment, EnrolProof proof)
    {
        try
        {
            if (_options.Enrolments!.Conclude(enrolment, proof) is { } own)
                connection.Send(LinkFrame.Of(FrameType.Proof, own));
            else
                connection.End(ByeReason.Refused, "The code is wrong, too old, or was used.");
        }
        catch (InvalidOperationException full)
        {
            connection.End(ByeReason.NoRoom, full.Message);
        }
    }

    /// <summary>
    /// Attaches to the place of a terminal; a new one may take that of the one longest away without a session.
    /// </summary>
    /// <returns>Null where there is no place for it, and it has been told so.</returns>
    private RemoteTerminal? Seat(PeerIdentity peer, LinkConnection connection, TerminalHello hello)
    {
        var id = peer.Id;
        lock (_seats)
        {
            if (!_options.Knows(peer))
            {
                connection.End(ByeReason.Unknown, "The server does not know this terminal.");
                return null;
            }

            if (!_terminals.TryGetValue(id, out var terminal))
            {
                if (_terminals.Count >= _options.MaxTerminals && !ForgetOne())
                {
                    connection.End(ByeReason.NoRoom, "No room for another terminal.");
                    return null;
                }


                terminal = _terminals[id] = new RemoteTerminal(id, _options, _time, _links.Writer.TryWrite);
            }

            terminal.Attach(connection, hello);
            return terminal;
        }
    }

    private bool ForgetOne()
    {
        var away = _terminals.Values.Where(terminal => terminal.IsForgettable).MinBy(terminal => terminal.Seen);
        away?.Dispose();
        return away is not null && _terminals.TryRemove(away.Id, out _);
    }
}
