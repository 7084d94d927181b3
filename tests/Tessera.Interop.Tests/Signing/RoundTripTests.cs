using System.Collections.Concurrent;
using System.Diagnostics;
using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Signing;
using Tessera.Terminal;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Tests.Agents;
using Tessera.Testing;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard.Os;
using Tessera.Wire;
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
        server.Enrol(CardTerminal.IdentityOf(_folder.Path, "Counter"), "Counter");
        var reader = new HandReader();
        var frames = new ConcurrentQueue<FrameType>();
        await using var terminal = CardTerminal.Open(
            new CardTerminalOptions
            {
                Name = "Counter", Folder = _folder.Path, Pin = server.Pin, Profile = TerminalProfile.TextOnly,
            },
            new WillingHolder());
        terminal.Start(
            _ => Task.FromResult<ICardReader>(reader),
            async cancel => new Counted(
                await TerminalConnection.OpenAsync(
                    new TerminalConnectionOptions
                    {
                        Server = server.Address, Pin = server.Pin, Certificate = terminal.Certificate,
                    },
                    cancel),
                frames));
        reader.Insert(new Inserted(world.Card));
        var link = await server.SessionAsync(Cancel);

        var begun = Stopwatch.GetTimestamp();
        var outcome = await world.Host.SignAsync(link, "desk", SigningWorld.Contract, null, Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"{algorithm}: {Stopwatch.GetElapsedTime(begun).TotalMilliseconds:F0} ms");

        Assert.Equal((SessionEnd.Completed, ""), (outcome.End, outcome.Words));
        Assert.Equal(1, frames.Count(type => type == FrameType.Script));
        Assert.Equal(1, frames.Count(type => type == FrameType.Answer));
    }

    /// <summary>Presses a key at once, whatever is shown, and types the PIN at once.</summary>
    private sealed class WillingHolder : IScreen
    {
        public Task<ScreenAnswer> AskAsync(ScreenRequest request, CancellationToken cancel) =>
            Task.FromResult<ScreenAnswer>(request is SecretAsked ? new Entry("123456") : new Acknowledged());

        public void Idle(IdleState state)
        {
            // Nobody looks.
        }
    }

    /// <summary>The card of the world, in a reader; the world's to dispose.</summary>
    private sealed class Inserted(CardOs card) : ICard
    {
        public Bytes Atr => card.Atr;

        public Task Removed { get; } = new TaskCompletionSource().Task;

        public ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel) =>
            ValueTask.FromResult(card.Transmit(Bytes.Of(command).Span).Read<ResponseApdu>());

        public Task ResetAsync(CancellationToken cancel)
        {
            card.Reset();
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Counted(IFrameChannel channel, ConcurrentQueue<FrameType> frames) : IFrameChannel
    {
        public async ValueTask<LinkFrame?> ReceiveAsync(CancellationToken cancel)
        {
            var frame = await channel.ReceiveAsync(cancel);
            if (frame is { Type: var type }) frames.Enqueue(type);
            return frame;
        }

        public ValueTask SendAsync(LinkFrame frame, CancellationToken cancel)
        {
            frames.Enqueue(frame.Type);
            return channel.SendAsync(frame, cancel);
        }

        public ValueTask DisposeAsync() => channel.DisposeAsync();
    }
}
