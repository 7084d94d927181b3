using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;

namespace Tessera.Platform.Applications;

/// <summary>A program on the server that works with a card and its holder, wherever they are.</summary>
/// <remarks>
/// After a restart it is run from its start again, with the recorded results of its steps. So between steps it only
/// computes; time, randomness and other systems go through <c>CardSession.OnceAsync</c>.
/// </remarks>
public interface ICardApplication
{
    /// <summary>Names the application for ever: in addresses, in sessions, and as the merchant it is paid as.</summary>
    string Name { get; }

    /// <summary>What a holder sees in a list of applications.</summary>
    string Title { get; }

    /// <summary>What it is for, in a sentence below its title. Default: nothing.</summary>
    string Summary => "";

    /// <summary>What it keeps on cards. Default: nothing.</summary>
    IReadOnlyList<CardField> Fields => [];

    /// <summary>
    /// By what its holders may be verified. What the issuer of the purses does not allow is not; where the two have nothing
    /// in common, the issuer's word holds. Default: by any.
    /// </summary>
    Verification Verification => Verification.Any;

    /// <summary>The card has what it works with. Default: a place for one of its fields, if it has any.</summary>
    bool IsOn(CardRegistration card) => Fields.Count == 0 || Fields.Any(field => card.Carries(field.Application));

    /// <summary>Runs one session to its end.</summary>
    Task RunAsync(CardSession session, CancellationToken cancel);
}
