using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Toolkit.Verifiers;

/// <summary>
/// Asks a verifier over TLS 1.3 between pinned keys: a connection for each question (docs/protocols/verifier.md §3).
/// </summary>
/// <param name="own">Certificate with key of the server that asks; not owned.</param>
public sealed class VerifierClient(
    VerifierKey verifier, string host, int port, X509Certificate2 own, TimeProvider time)
{
    /// <summary>For connection, question and answer together.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public VerifierKey Verifier => verifier;

    /// <exception cref="IOException">The verifier is not there, is another one, or does not answer in time.</exception>
    public async Task<Bytes> AskAsync(VerifierRequest request, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(host, port, either.Token);
            await using var tls = new SslStream(socket.GetStream());
            var options = LinkTls.ForClient(own, verifier.Identity, host);
            options.EnabledSslProtocols = LinkTls.StreamProtocols;
            await tls.AuthenticateAsClientAsync(options, either.Token);
            await VerifierFrame.WriteAsync(tls, Bytes.Of(request), either.Token);
            return await VerifierFrame.ReadAsync(tls, either.Token)
                ?? throw new IOException($"The verifier {verifier.Name} ended the connection without an answer.");
        }
        catch (Exception e) when (e is SocketException or AuthenticationException or WireFormatException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new IOException($"The verifier {verifier.Name} does not answer: {e.Message}", e);
        }
    }
}
