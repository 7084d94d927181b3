using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Tessera.Toolkit.Links;

namespace Tessera.Terminal.Tests.Agents;

/// <summary>A server that terminals reach by mutual TLS on 127.0.0.1, with a real listener of links behind it.</summary>
internal sealed class LinkServer : IAsyncDisposable
{
    private readonly X509Certificate2 _certificate = LinkCertificate.Create("server");
    private readonly TcpListener _socket = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<PeerIdentity, string> _terminals = new();
    private readonly ConcurrentDictionary<Stream, byte> _open = new();
    private readonly Channel<TerminalStatus> _statuses = Channel.CreateUnbounded<TerminalStatus>();
    private readonly Channel<RelayedCard> _relayed = Channel.CreateUnbounded<RelayedCard>();
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;
    private LinkListener? _listener;

    public LinkServer()
    {
        _socket.Start();
        _listener = NewListener();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"tls://127.0.0.1:{((IPEndPoint)_socket.LocalEndpoint).Port}");

    public X509Certificate2 Certificate => _certificate;

    public PeerIdentity Pin => PeerIdentity.Of(_certificate);

    public LinkListener Listener => _listener ?? throw new InvalidOperationException("The server is away.");

    /// <summary>Cards that their holders let programs here use.</summary>
    public ChannelReader<RelayedCard> Relayed => _relayed.Reader;

    /// <summary>Makes a terminal known.</summary>
    public void Enrol(PeerIdentity terminal, string name) => _terminals[terminal] = name;

    /// <summary>The next session that a terminal opens.</summary>
    public ValueTask<ILink> SessionAsync(CancellationToken cancel) => Listener.Links.ReadAsync(cancel);

    /// <summary>The next word of a terminal that says what is wanted.</summary>
    public async Task<TerminalStatus> StatusAsync(Func<TerminalStatus, bool> wanted, CancellationToken cancel)
    {
        while (true)
        {
            var status = await _statuses.Reader.ReadAsync(cancel);
            if (wanted(status)) return status;
        }
    }

    /// <summary>Breaks every connection without a word, as a network does.</summary>
    public void Cut()
    {
        foreach (var stream in _open.Keys) stream.Dispose();
    }

    /// <summary>Ends as by a power cut; who connects is turned away until <see cref="Return"/>.</summary>
    public async Task LeaveAsync()
    {
        var listener = Interlocked.Exchange(ref _listener, null);
        Cut();
        if (listener is not null) await listener.DisposeAsync();
    }

    /// <summary>Starts again, and remembers nothing but its key and its terminals.</summary>
    public void Return() => _listener = NewListener();

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested) return;
        await LeaveAsync();
        await _closing.CancelAsync();
        _socket.Dispose();
        await _accepting;
        _closing.Dispose();
        _certificate.Dispose();
    }

    private LinkListener NewListener() => new(new LinkListenerOptions
    {
        Server = Pin,
        Relayed = card => _relayed.Writer.TryWrite(card),
        Changed = status => _statuses.Writer.TryWrite(status),
    });

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true) serving.Add(ServeAsync(await _socket.AcceptTcpClientAsync(_closing.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var socket = client;
        if (_listener is not { } listener) return;
        var stream = new SslStream(client.GetStream());
        _open.TryAdd(stream, 0);
        try
        {
            await stream.AuthenticateAsServerAsync(LinkTls.ForServer(_certificate, _terminals.ContainsKey), _closing.Token);
            await listener.ServeAsync(new StreamFrameChannel(stream), LinkTls.PeerOf(stream), _closing.Token);
        }
        catch (Exception e) when (e is IOException or AuthenticationException
            or OperationCanceledException or ObjectDisposedException)
        {
            // A terminal that is none of ours, or a server that is away again.
        }
        finally
        {
            _open.TryRemove(stream, out _);
            await stream.DisposeAsync();
        }
    }
}
