using Tessera.Terminal.Displays;
using Xunit;

namespace Tessera.Terminal.Tests.Displays;

public class RichScreenTests
{
    private readonly RichScreen _screen = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_PIN_typed_in_the_moment_its_request_is_withdrawn_is_zeroed()
    {
        for (var round = 0; round < 500; round++)
        {
            using var withdrawn = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            var asked = _screen.AskAsync(new SecretAsked(SecretKind.Pin, "PIN:", 6, 8, null), withdrawn.Token);
            using var entry = new Entry("123456");
            var typing = Task.Run(() => _screen.TryAnswer(_screen.Sight.Ask, entry), Cancel);
            await withdrawn.CancelAsync();
            await typing;

            await asked.ContinueWith(_ => { }, Cancel, TaskContinuationOptions.None, TaskScheduler.Default);
            Assert.Null(_screen.Sight.Request);
            if (asked.IsCompletedSuccessfully) Assert.Same(entry, await asked);
            else Assert.Equal(new string('\0', 6), entry.Reveal().ToString());
        }
    }

    [Fact]
    public async Task A_text_that_waits_for_nobody_stays_until_the_terminal_has_something_else_to_say()
    {
        Assert.IsType<Acknowledged>(await _screen.AskAsync(new TextShown("Paid", Waits: false), Cancel));
        Assert.Equal(new TextShown("Paid", Waits: false), _screen.Sight.Request);
        Assert.False(_screen.TryAnswer(_screen.Sight.Ask, new Acknowledged()));

        _screen.Idle(new IdleState("Counter", Card: false, Connected: true, "", "", ""));

        Assert.Null(_screen.Sight.Request);
    }

    [Fact]
    public async Task A_text_that_waits_for_nobody_stays_where_only_a_link_comes_or_goes()
    {
        var rest = new IdleState("Counter", Card: true, Connected: true, "", "", "");
        _screen.Idle(rest);
        await _screen.AskAsync(new TextShown("Paid", Waits: false), Cancel);

        _screen.Idle(rest with { Connected = false });
        _screen.Idle(rest);
        Assert.Equal(new TextShown("Paid", Waits: false), _screen.Sight.Request);

        _screen.Idle(rest with { Card = false });
        Assert.Null(_screen.Sight.Request);
    }

    [Fact]
    public async Task It_asks_one_thing_at_a_time()
    {
        var asked = _screen.AskAsync(new DecisionAsked("One?", null), Cancel);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _screen.AskAsync(new DecisionAsked("Two?", null), Cancel));

        Assert.True(_screen.TryAnswer(_screen.Sight.Ask, new Decided(Yes: true)));
        Assert.Equal(new Decided(Yes: true), await asked);
    }
}
