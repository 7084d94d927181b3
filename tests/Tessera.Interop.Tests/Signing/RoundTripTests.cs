using System.Diagnostics;
using Tessera.Cards.Piv;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Signing;
using Tessera.Terminal.Tests.Agents;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Signing;

/// <summary>A document signed at a network terminal over mutual TLS: what travels, counted and not timed.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(PivAlgorithm.P256)]
    [InlineData(PivAlgorithm.Rsa2048)]
    public async Task Behind_the_hello_one_script_goes_down_and_one_answer_comes_up(PivAlgorithm algorithm)
    {
        await using var server = new LinkServer();
        using var world = await SigningWorld.WithAsync(algorithm, server: server.Certificate);
        server.Enrol(WillingTerminal.IdentityOf(_folder.Path), "Counter");
        await using var terminal = new WillingTerminal(_folder.Path, server.Address, server.Pin, world.Card);
        var link = await server.SessionAsync(Cancel);

        var begun = Stopwatch.GetTimestamp();
        var outcome = await world.Host.SignAsync(link, "desk", SigningWorld.Contract, null, Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"{algorithm}: {Stopwatch.GetElapsedTime(begun).TotalMilliseconds:F0} ms");

        Assert.Equal((SessionEnd.Completed, ""), (outcome.End, outcome.Words));
        Assert.Equal((1, 1), terminal.Messages);
    }
}
