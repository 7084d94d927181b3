using Tessera.Platform.Views;

namespace Tessera.Platform.Applications;

/// <summary>
/// An application whose errands can be chosen before any card is there, such as by the keys of a telephone. A session
/// that carries one out has the name of the application, a colon and the name of the offer, so a replay finds it again.
/// </summary>
public interface IOfferingApplication : ICardApplication
{
    /// <summary>Between the names of an application and of its offer.</summary>
    const char Separator = ':';

    /// <summary>What a caller hears first.</summary>
    string Greeting { get; }

    /// <summary>What can be chosen, in the order in which it is offered.</summary>
    IReadOnlyList<Offer> Offers { get; }

    /// <summary>What carries out an offer; null where there is none of that name.</summary>
    ICardApplication? Take(string offer);
}

/// <summary>Something that can be chosen before a card is there.</summary>
/// <param name="Name">Names it for ever among the offers of its application: small letters, digits and hyphens.</param>
/// <param name="Title">What the holder calls it.</param>
/// <param name="Price">What it costs; null where that is not known before.</param>
public sealed record Offer(string Name, string Title, Amount? Price = null);
