using Tessera.Platform.Applications;
using Tessera.Platform.Holders;
using Tessera.Toolkit.Links;

namespace Tessera.Server.Hosting;

/// <summary>The card applications this server hosts.</summary>
public sealed class ApplicationCatalogue(IReadOnlyList<ICardApplication> applications)
{
    public IReadOnlyList<ICardApplication> All { get; } = applications;

    /// <summary>What a terminal without a menu of its own runs.</summary>
    public ICardApplication First => All[0];

    /// <summary>What a session at that link runs: what the card asked for when it opened it, else the first.</summary>
    public ICardApplication For(ILink link) => (link.Opening is { } opening ? Find(opening.Application) : null) ?? First;

    /// <summary>Those that a card has what it takes for.</summary>
    public IReadOnlyList<ICardApplication> On(CardRegistration card) => [.. All.Where(application => application.IsOn(card))];

    /// <summary>The application of that name, or what carries out an offer of one, such as <c>shop:coffee</c>.</summary>
    public ICardApplication? Find(string name)
    {
        var at = name.IndexOf(IOfferingApplication.Separator, StringComparison.Ordinal);
        return at < 0 ? Named(name) : (Named(name[..at]) as IOfferingApplication)?.Take(name[(at + 1)..]);
    }

    private ICardApplication? Named(string name) =>
        All.FirstOrDefault(application => string.Equals(application.Name, name, StringComparison.Ordinal));
}
