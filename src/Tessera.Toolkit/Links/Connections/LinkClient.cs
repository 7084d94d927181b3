using System.Security.Cryptography;
using System.Threading.Channels;
using Tessera.Wire;

namespace Tessera.Toolkit.Links;

/// <summary>
/// The terminal side of a link: connects for ever, says what is in the reader, runs the scripts that come.
/// </summary>
public sealed class LinkClient
{
    private const int QueuedScripts = 4;

    private readonly LinkClientOptions _options;
    private readonly TimeProvider _time;
    private readonly Bytes _run = new(RandomNumberGenerator.GetBytes(TerminalHello.RunLength));
    private readonly Lock _gate = new();
    private readonly Channel<Work> _work = Channel.CreateBounded<Work>(QueuedScripts);
    private LinkConnection? _connection;
    private ReaderState _reader = ReaderState.NoReader;
    private LinkStatus _status = LinkStatus.Initial;

    /// <exception cref="ArgumentException">No Hello can carry that name or profile.</exception>
    public LinkClient(LinkClientOptions options, TimeProvider? time = null)
    {
        _options = options;
        _time = time ?? TimeProvider.System;
        _ = Bytes.Of(Hello());
    }

    public LinkStatus Status
    {
        get
        {
            lock (_gate) return _status;
        }
    }

    /// <summary>The reader changed: tells the server, now or in the next Hello.</summary>
    public void Report(ReaderState reader)
    {
        lock (_gate)
        {
            _reader = reader;
            _connection?.Send(LinkFrame.Of(FrameType.Event, new CardReaderEvent(reader)));
        }
    }

    /// <summary>The holder switched the relay on or off: tells the server.</summary>
    /// <returns>False where the server is not there.</returns>
    public bool Relay(RelayState state)
    {
        lock (_gate)
        {
            if (_connection is null || !_status.Connected) return false;
            _connection.Send(LinkFrame.Of(FrameType.Relay, state));
            return true;
        }
    }

    /// <summary>Serves until cancelled; fails only when a script cannot be run at all.</summary>
    /// <param name="connect">
    /// Opens an authenticated channel to the server; where it cannot, throws <see cref="ConnectionLostException"/> or
    /// <see cref="TimeoutException"/>.
    /// </param>
    public async Task RunAsync(Func<CancellationToken, Task<IFrameChannel>> connect, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var working = WorkAsync(stop.Token);
        var connecting = ConnectAsync(connect, stop.Token);
        await Task.WhenAny(working, connecting);
        await stop.CancelAsync();
        await Task.WhenAll(working, connecting);
    }

    private async Task WorkAsync(CancellationToken cancel)
    {
        await foreach (var (connection, frame) in _work.Reader.ReadAllAsync(cancel))
        {
            if (connection.HasEnded) continue;

            if (frame.Type == FrameType.Open)
            {
                await _options.Reopen(frame.Body.Read<OpenRequest>().Session, cancel);
                continue;
            }

            if (frame.Type == FrameType.Command)
            {
                connection.Send(await _options.Relay(frame.Body.Read<RelayCommand>(), cancel) is { } response
                    ? LinkFrame.Of(FrameType.Response, response)
                    : LinkFrame.Of(FrameType.Relay, RelayState.Off("The relay is off.")));
                continue;
            }

            var answer = await _options.Run(frame.Body, cancel);
            connection.Send(new LinkFrame(FrameType.Answer, answer));
        }
    }

    private async Task ConnectAsync(Func<CancellationToken, Task<IFrameChannel>> connect, CancellationToken cancel)
    {
        var backoff = new Backoff(_options.FirstDelay, _options.MaxDelay);
        while (true)
        {
            var end = await ConnectOnceAsync(connect, cancel);
            backoff = Status.Connected ? backoff.After(end) : backoff.AfterFailure();
            var pause = Task.Delay(backoff.Delay(RandomNumberGenerator.GetInt32(Backoff.JitterSteps)), _time, cancel);
            Tell(Status with { Connected = false, Pairing = PairingCode.None, Reason = end.ToString(), Bye = end.Reason });
            await pause;
        }
    }

    private async Task<LinkEnd> ConnectOnceAsync(
        Func<CancellationToken, Task<IFrameChannel>> connect, CancellationToken cancel)
    {
        try
        {
            var channel = await OpenAsync(connect, cancel);
            return await ConverseAsync(new LinkConnection(channel, LinkRole.Terminal, _options.Hello, _time), cancel);
        }
        catch (Exception e) when (e is ConnectionLostException or TimeoutException)
        {
            return new LinkEnd(EndedBy.Transport, Reason: null, e.Message);
        }
    }

    private async Task<IFrameChannel> OpenAsync(
        Func<CancellationToken, Task<IFrameChannel>> connect, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(_options.Connect, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            return await connect(either.Token);
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException("The server did not answer in time.", e);
        }
    }

    private async Task<LinkEnd> ConverseAsync(LinkConnection connection, CancellationToken cancel)
    {
        lock (_gate)
        {
            connection.Send(LinkFrame.Of(FrameType.Hello, Hello()));
            _connection = connection;
        }

        // What an older connection asked for and was not begun, the server asks again on this one.
        while (_work.Reader.TryRead(out _)) { }
        try
        {
            return await connection.RunAsync(frame => Handle(connection, frame), cancel);
        }
        finally
        {
            lock (_gate) _connection = null;
        }
    }

    private TerminalHello Hello() => new(_run, _options.Name, _options.Profile, _reader);

    private ValueTask Handle(LinkConnection connection, LinkFrame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Hello:
                var hello = frame.Body.Read<ServerHello>();
                if (hello.Server != _options.Server.Id) throw new WireFormatException("server", 0, "is another one");
                Tell(Status with { Connected = true, Resumed = hello.Resumed, Reason = "", Bye = null });
                break;
            case FrameType.Pairing:
                Tell(Status with { Pairing = frame.Body.Read<PairingCode>() });
                break;
            case FrameType.Open:
                Enqueue(connection, frame with { Body = Bytes.Of(frame.Body.Read<OpenRequest>()) });
                break;
            case FrameType.Relay:
                _options.RelayReturned(frame.Body.Read<RelayState>().Reason);
                break;
            case FrameType.Command:
                Enqueue(connection, frame with { Body = Bytes.Of(frame.Body.Read<RelayCommand>()) });
                break;
            default:
                Enqueue(connection, frame);
                break;
        }

        return ValueTask.CompletedTask;
    }

    private void Enqueue(LinkConnection connection, LinkFrame frame)
    {
        if (!_work.Writer.TryWrite(new Work(connection, frame)))
            connection.End(ByeReason.Overrun, $"More than {QueuedScripts} scripts at once.");
    }

    private void Tell(LinkStatus status)
    {
        lock (_gate) _status = status;
        _options.Changed(status);
    }

    private sealed record Work(LinkConnection Connection, LinkFrame Frame);
}
