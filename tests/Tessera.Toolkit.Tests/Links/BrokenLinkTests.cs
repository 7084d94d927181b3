using System.Collections.Concurrent;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;
using static Tessera.Toolkit.Tests.Links.PlayedTerminal;
using static Tessera.Toolkit.Tests.Links.Scripts;

namespace Tessera.Toolkit.Tests.Links;

/// <summary>Client and listener with a wire that breaks: each script runs once, each answer arrives once.</summary>
public sealed class BrokenLinkTests
{
    // The conversation of RunAsync takes seven frames down and seven up; one more each is never reached.
    private const int Frames = 8;

    // Milliseconds after which a conversation that stands still has failed.
    private const int Patience = 30_000;

    public static IEnumerable<TheoryDataRow<int, bool, bool, bool>> EveryCut() =>
        from frame in Enumerable.Range(0, Frames)
        from atServer in new[] { false, true }
        from sent in new[] { false, true }
        from after in new[] { false, true }
        select new TheoryDataRow<int, bool, bool, bool>(frame, atServer, sent, after);

    [Theory(Timeout = Patience)]
    [MemberData(nameof(EveryCut))]
    public async Task Cut_at_every_frame(int frame, bool atServer, bool sent, bool after)
    {
        var none = new HashSet<int>();
        var one = new HashSet<int> { frame };
        var cuts = new Cuts(sent ? one : none, sent ? none : one, after);

        await new Conversation(atServer ? [] : [cuts], atServer ? [cuts] : []).RunAsync();
    }

    [Fact(Timeout = Patience)]
    public async Task Cut_at_many_frames()
    {
        var random = new Random(5);
        for (var round = 0; round < 100; round++)
            await new Conversation([Some(), Some()], [Some(), Some()]).RunAsync();

        Cuts Some() => new(Places(), Places(), after: random.Next(2) == 0);

        HashSet<int> Places() => [.. Enumerable.Range(0, 30).Where(_ => random.Next(4) == 0)];
    }

    [Fact(Timeout = Patience)]
    public async Task Uncut() => await new Conversation([], []).RunAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private sealed class Conversation(IReadOnlyList<Cuts> atTerminal, IReadOnlyList<Cuts> atServer)
    {
        private readonly ConcurrentDictionary<Bytes, int> _executions = new();
        private readonly ManualTime _time = new();
        private LinkClient? _client;
        private ReaderState _reader = ReaderState.Open(Atr, 5);

        public async Task RunAsync()
        {
            var listener = new LinkListener(new LinkListenerOptions { Server = Identity(0x55) }, _time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            _client = new LinkClient(
                new LinkClientOptions
                {
                    Name = "Kiosk",
                    Profile = KioskProfile,
                    Server = Identity(0x55),
                    Run = ExecuteAsync,
                    Reopen = ReopenAsync,
                    FirstDelay = TimeSpan.Zero,
                    MaxDelay = TimeSpan.Zero,
                },
                _time);
            _client.Report(_reader);
            var running = _client.RunAsync(_ => Task.FromResult(Connect(listener)), stop.Token);

            var talking = TalkAsync(listener);
            await await Task.WhenAny(talking, running);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => UntilAsync(running));
            await UntilAsync(listener.DisposeAsync().AsTask());
        }

        /// <summary>A Bye may be cut too: who said it waits for the other side no longer than its time.</summary>
        private Task UntilAsync(Task done) => _time.AdvanceUntilAsync(done, TimeSpan.FromSeconds(1));

        private async Task TalkAsync(LinkListener listener)
        {
            var link = await listener.Links.ReadAsync(Token);
            await SendAsync(link, 1);
            await SendAsync(link, 2);
            var next = await link.ReopenAsync(Token);
            Assert.Equal(6, next.Session);
            await SendAsync(next, 1);
            Report(ReaderState.Empty);
            await EndAsync(next);

            Assert.All(_executions.Values, times => Assert.Equal(1, times));
            Assert.Equal(3, _executions.Count);
            Assert.False(listener.Links.TryRead(out _));
        }

        private static async Task SendAsync(ILink link, byte number) =>
            Assert.Equal(Answer(link.Session, number), await link.SendAsync(number, Script(link.Session, number), Token));

        private static async Task EndAsync(ILink link)
        {
            var ended = new TaskCompletionSource();
            await using var registration = link.Ended.Register(ended.SetResult);
            await ended.Task.WaitAsync(Token);
        }

        private IFrameChannel Connect(LinkListener listener)
        {
            var (left, right) = Wires.Channels();
            var server = atServer.Aggregate((IFrameChannel)right, (channel, cuts) => cuts.Through(channel));
            _ = listener.ServeAsync(server, Identity(0xAA), Token);
            return atTerminal.Aggregate((IFrameChannel)left, (channel, cuts) => cuts.Through(channel));
        }

        /// <summary>As the journal behind a terminal does: executed once, answered as often as asked.</summary>
        private Task<Bytes> ExecuteAsync(Bytes script, CancellationToken cancel)
        {
            _executions.TryAdd(script, 1);
            return Task.FromResult(AnswerTo(script));
        }

        private Task ReopenAsync(ushort session, CancellationToken cancel)
        {
            if (_reader.Session == session) Report(ReaderState.Open(Atr, (ushort)(session + 1), follows: session));
            return Task.CompletedTask;
        }

        private void Report(ReaderState reader)
        {
            _reader = reader;
            _client!.Report(reader);
        }
    }
}
