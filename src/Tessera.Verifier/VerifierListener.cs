using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Verifiers;
using Tessera.Wire;

namespace Tessera.Verifier;

/// <summary>The port where servers ask a verifier: TLS 1.3 between pinned keys (docs/protocols/verifier.md §3).</summary>
public sealed class VerifierListener : IDisposable
{
    /// <summary>Connections served at one time; more wait.</summary>
    private const int MaxConnections = 16;

    /// <summary>For one connection, all of it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly VerifierFolder _folder;
    private readonly VerifierDesk _desk;
    private readonly Func<PeerIdentity, bool> _allowed;
    private readonly TimeProvider _time;
    private readonly TcpListener _listener;

    private VerifierListener(
        VerifierFolder folder, VerifierDesk desk, Func<PeerIdentity, bool> allowed, TimeProvider time, TcpListener listener) =>
        (_folder, _desk, _allowed, _time, _listener) = (folder, desk, allowed, time, listener);

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Told of a connection that came to nothing; must return at once. Default nobody.</summary>
    public Action<string> Refused { get; init; } = _ => { };

    /// <param name="desk">Not owned.</param>
    /// <param name="at">Port 0 takes a free one.</param>
    /// <param name="allowed">Which servers may ask.</param>
    /// <exception cref="SocketException">Somebody else listens there.</exception>
    public static VerifierListener Start(
        VerifierFolder folder, VerifierDesk desk, IPEndPoint at, Func<PeerIdentity, bool> allowed, TimeProvider time,
        Action<string>? refused = null)
    {
        var listener = new TcpListener(at);
        listener.Start();
        return new VerifierListener(folder, desk, allowed, time, listener) { Refused = refused ?? (_ => { }) };
    }

    /// <summary>Serves until it is cancelled.</summary>
    /// <exception cref="OperationCanceledException">It was.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var places = new SemaphoreSlim(MaxConnections, MaxConnections);
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                await places.WaitAsync(cancel);
                serving.RemoveAll(task => task.IsCompleted);
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(cancel), places, cancel));
            }
        }
        finally
        {
            await Task.WhenAll(serving);
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(TcpClient client, SemaphoreSlim places, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            using (client)
            {
                await using var tls = new SslStream(client.GetStream());
                var options = LinkTls.ForServer(_folder.Certificate, _allowed);
                options.EnabledSslProtocols = LinkTls.StreamProtocols;
                await tls.AuthenticateAsServerAsync(options, either.Token);
                var server = LinkTls.PeerOf(tls);
                while (await VerifierFrame.ReadAsync(tls, either.Token) is { } question)
                    await VerifierFrame.WriteAsync(tls, await _desk.AnswerAsync(question, server, either.Token), either.Token);
            }
        }
        catch (Exception e) when (e is IOException or AuthenticationException or WireFormatException or InvalidDataException
            or OperationCanceledException)
        {
            Refused(e.Message);
        }
        finally
        {
            places.Release();
        }
    }
}
