using Tessera.Platform.Sessions;
using Tessera.Platform.Views;
using Tessera.Server.Browsers;
using Xunit;

namespace Tessera.Server.Tests.Browsers;

public class BrowserPageTests
{
    private static readonly ChoicePage Choice = new(View.Titled("Purse"), ["Load", "Pay"]);

    private readonly BrowserPage _page = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_under_the_ticket_shown_is_taken_once()
    {
        var presented = _page.PresentAsync(Choice, Cancel);
        var ticket = _page.Sight.Ticket;

        Assert.True(_page.TryAnswer(ticket, new Chosen(1)));
        Assert.False(_page.TryAnswer(ticket, new Chosen(0)));
        Assert.Equal(new Chosen(1), await presented);
    }

    [Fact]
    public async Task An_answer_to_a_page_that_is_gone_is_not_taken()
    {
        var first = _page.PresentAsync(Choice, Cancel);
        var old = _page.Sight.Ticket;
        _page.TryAnswer(old, new Chosen(0));
        await first;
        var second = _page.PresentAsync(Choice, Cancel);

        Assert.False(_page.TryAnswer(old, new Chosen(1)));
        Assert.False(_page.TryAnswer("", new Chosen(1)));
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task Whoever_watches_is_woken_by_every_change()
    {
        var seen = _page.Sight;
        var changed = _page.ChangedAsync(seen, Cancel);
        Assert.False(changed.IsCompleted);

        await _page.TellAsync(new PageStatus(PageState.InsertCard, "Insert your card."), Cancel);

        await changed;
        Assert.Equal(PageState.InsertCard, _page.Sight.Status?.State);
        Assert.True(_page.ChangedAsync(seen, Cancel).IsCompleted);
    }

    [Fact]
    public async Task A_request_that_is_given_up_leaves_the_page()
    {
        using var gone = new CancellationTokenSource();
        var presented = _page.PresentAsync(Choice, gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => presented);
        Assert.Null(_page.Sight.Request);
    }
}
