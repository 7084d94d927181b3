using System.Net;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Verifiers;
using Xunit;

namespace Tessera.Verifier.Tests;

/// <summary>A verifier on a real port: who may ask it, and whom a server takes for it.</summary>
public sealed class VerifierListenerTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly X509Certificate2 _server = LinkCertificate.Create("server");
    private readonly CancellationTokenSource _stop = new();
    private VerifierFolder _keys = null!;
    private ReferenceStore _references = null!;
    private VerifierDesk _desk = null!;
    private VerifierListener _listener = null!;
    private Task _running = Task.CompletedTask;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _keys = VerifierFolder.Create(_folder.File("verifier"), "Test Bank");
        _references = new ReferenceStore(_keys, TimeProvider.System);
        _desk = new VerifierDesk(_keys, _references, TimeProvider.System);
        _listener = VerifierListener.Start(
            _keys, _desk, new IPEndPoint(IPAddress.Loopback, 0), peer => peer == PeerIdentity.Of(_server), TimeProvider.System);
        _running = _listener.RunAsync(_stop.Token);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        _listener.Dispose();
        _desk.Dispose();
        _references.Dispose();
        _keys.Dispose();
        _server.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Its_server_gets_an_answer()
    {
        var answer = await Client(_keys.Public, _server).AskAsync(new ChallengeRequest(new CardId(7)), Cancel);

        Assert.Equal(ComparableEntries.None, answer.Read<VerifierChallenge>().Comparable);
    }

    [Fact]
    public async Task Another_server_gets_none()
    {
        using var stranger = LinkCertificate.Create("stranger");

        await Assert.ThrowsAsync<IOException>(
            () => Client(_keys.Public, stranger).AskAsync(new ChallengeRequest(new CardId(7)), Cancel));
    }

    [Fact]
    public async Task A_server_asks_nobody_but_its_verifier()
    {
        using var other = VerifierFolder.Create(_folder.File("other"), "Test Bank");

        await Assert.ThrowsAsync<IOException>(
            () => Client(other.Public, _server).AskAsync(new ChallengeRequest(new CardId(7)), Cancel));
    }

    [Fact]
    public void What_it_publishes_is_read_as_it_was_written_and_nothing_else_is()
    {
        var text = _keys.Public.ToString();

        Assert.Equal(_keys.Public, VerifierKey.Parse(text));
        Assert.Throws<FormatException>(() => VerifierKey.Parse(text.Replace("sealing 04", "sealing 05", StringComparison.Ordinal)));
        Assert.Throws<FormatException>(() => VerifierKey.Parse(text.Replace("Test Bank", "", StringComparison.Ordinal)));
        Assert.Throws<FormatException>(() => VerifierKey.Parse(text + "\n"));
        Assert.Throws<FormatException>(() => VerifierKey.Parse(text[..^20] + "\n"));
        Assert.Throws<IOException>(() => VerifierFolder.Create(_folder.File("verifier"), "Again"));
    }

    private VerifierClient Client(VerifierKey verifier, X509Certificate2 own) =>
        new(verifier, "127.0.0.1", _listener.EndPoint.Port, own, TimeProvider.System);
}
