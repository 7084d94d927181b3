using Tessera.Platform.Applications;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;
using Tessera.Server.Hosting;
using Tessera.Server.Links;

namespace Tessera.Server.Browsers;

/// <summary>
/// A card's stay at a PC: its holder opens one of its applications after the other, each a session of its own.
/// </summary>
internal sealed class Visit(TerminalDesk desk, ApplicationCatalogue catalogue) : IVisit
{
    private static readonly Welcome Welcome = new();

    private ICardApplication _next = Wanted(desk, catalogue) ?? Welcome;
    private ICardApplication? _found;

    public IPage Page => desk.Page;

    /// <summary>What the next session runs.</summary>
    public ICardApplication Begin()
    {
        desk.Runs(_next == Welcome ? null : _next);
        return _next;
    }

    /// <summary>What a session runs that a restart interrupted.</summary>
    public ICardApplication? Find(string name)
    {
        _found = string.Equals(name, Welcome.Name, StringComparison.Ordinal) ? Welcome : catalogue.Find(name);
        desk.Runs(_found == Welcome ? null : _found);
        return _found;
    }

    /// <summary>Such a session went on at this insertion, to its end.</summary>
    public void Resumed() => _next = _found ?? _next;

    /// <summary>After a session: what now, as the holder says; where it was to be begun again, the same.</summary>
    /// <exception cref="OperationCanceledException">The card went away meanwhile.</exception>
    public async Task<bool> GoOnAsync(SessionOutcome outcome, CancellationToken cancel)
    {
        if (outcome.Link.Ended.IsCancellationRequested) return false;
        desk.Runs(null);
        var isLeft = desk.TakeLeave();
        if (desk.TakeRenewal() && outcome.End == SessionEnd.Left && !isLeft) return true;
        var isOver = outcome.End is SessionEnd.Completed or SessionEnd.Left;
        IReadOnlyList<ICardApplication> carried = isOver && outcome.Card is { } card ? catalogue.On(card) : [];
        var wasWelcome = _next == Welcome;
        if ((wasWelcome || isLeft) && Wanted(desk, catalogue) is { } wanted && carried.Contains(wanted)) _next = wanted;
        else if (wasWelcome && carried.Count == 1) _next = carried[0];
        else if (carried.Count > 1 || (isLeft && carried.Count > 0))
            _next = await ChooseAsync(wasWelcome || isLeft ? Choice : Goodbye, carried, cancel);
        else await Page.PresentAsync(new ChoicePage(EndOf(outcome, wasWelcome), ["Begin again"]), cancel);
        return true;
    }

    public void End() { }

    private static View Choice => View.Titled("What would you like to do?");

    private static View Goodbye => View.Titled("Goodbye").Text("Your session is over. You may take your card.");

    private static ICardApplication? Wanted(TerminalDesk desk, ApplicationCatalogue catalogue) =>
        desk.Wanted is { } name ? catalogue.Find(name) : null;

    private static View EndOf(SessionOutcome outcome, bool wasWelcome) => outcome.End switch
    {
        SessionEnd.CardRefused when outcome.Refused is { } words => View.Titled("This card cannot be used").Text(words),
        SessionEnd.CardRefused => View.Titled("This card is not known here").Text(
            "It was not issued by this server, or it was withdrawn. Nothing was moved."),
        SessionEnd.Completed or SessionEnd.Left when wasWelcome => View.Titled("Nothing to open").Text(
            "This card carries no application of this server."),
        SessionEnd.Completed or SessionEnd.Left => Goodbye,
        _ => View.Titled("The session ended early").Text(
            "Nothing is lost: whatever was under way is settled when you go on."),
    };

    private async Task<ICardApplication> ChooseAsync(
        View view, IReadOnlyList<ICardApplication> carried, CancellationToken cancel)
    {
        desk.Offer(carried);
        try
        {
            while (true)
            {
                var request = new ChoicePage(view, [.. carried.Select(application => application.Title)]);
                if (await Page.PresentAsync(request, cancel) is Chosen { Place: var place }
                    && (uint)place < (uint)carried.Count) return carried[place];
            }
        }
        finally
        {
            desk.Offer([]);
        }
    }
}
