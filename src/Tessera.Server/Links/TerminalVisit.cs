using Tessera.Platform.Applications;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;
using Tessera.Server.Hosting;

namespace Tessera.Server.Links;

/// <summary>
/// A card's stay at a terminal without pages: the first application runs, or where the card has not what that works with,
/// another one.
/// </summary>
internal sealed class TerminalVisit(ApplicationCatalogue catalogue) : IVisit
{
    private ICardApplication? _next;

    public IPage? Page => null;

    public ICardApplication Begin()
    {
        var next = _next ?? new Reception(catalogue, Open);
        _next = null;
        return next;
    }

    public ICardApplication? Find(string name) => string.Equals(name, catalogue.First.Name, StringComparison.Ordinal)
        ? new Reception(catalogue, Open)
        : catalogue.Find(name);

    public void Resumed() { }

    public Task<bool> GoOnAsync(SessionOutcome outcome, CancellationToken cancel) =>
        Task.FromResult(_next is not null && outcome.End == SessionEnd.Completed && !cancel.IsCancellationRequested);

    public void End() { }

    private void Open(ICardApplication application) => _next = application;

    /// <summary>
    /// The first application. For a card without it the session finds out what the card has, and what the holder wants of
    /// that; it is opened in a session of its own, under its name.
    /// </summary>
    private sealed class Reception(ApplicationCatalogue catalogue, Action<ICardApplication> open) : ICardApplication
    {
        public string Name => catalogue.First.Name;

        public string Title => catalogue.First.Title;

        public Verification Verification => catalogue.First.Verification;

        public async Task RunAsync(CardSession session, CancellationToken cancel)
        {
            if (session.Has(catalogue.First))
            {
                await catalogue.First.RunAsync(session, cancel);
                return;
            }

            switch (catalogue.All.Where(session.Has).ToList())
            {
                case []:
                    await session.RunAsync(Dialogue.Show("This card carries no application of this server."), cancel);
                    break;
                case [var only]:
                    open(only);
                    break;
                case var several:
                    open(await session.RunAsync(
                        Dialogue.Choose(View.Titled("What would you like?"), several, each => each.Title), cancel));
                    break;
            }
        }
    }
}
