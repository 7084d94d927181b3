using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Wire;

namespace Tessera.Platform.Holders;

/// <summary>What stands behind the APDUs of a card.</summary>
public enum CardKind
{
    Iso = 1,
    Sim = 2,
}

/// <summary>Whether a registered card may be used.</summary>
public enum CardState
{
    Active = 1,

    /// <summary>
    /// The card said, under its own key, what cannot be true: it moves no value until someone has looked.
    /// </summary>
    Suspect = 2,

    /// <summary>Lost or withdrawn, for ever.</summary>
    Revoked = 3,

    /// <summary>
    /// Reported stolen: it has no session and moves no value, and its purse, if it has one, is deactivated at its next contact.
    /// </summary>
    Stolen = 4,

    /// <summary>
    /// Disabled by its issuer, as after verifications that failed: it has no session and moves no value, and its purse, if it
    /// has one, is deactivated at once or at its next contact.
    /// </summary>
    Disabled = 6,

    /// <summary>Back with its holder: its purse is reactivated at its next contact, and then it is active.</summary>
    Found = 5,
}

/// <summary>One card of one holder, as it was personalised.</summary>
/// <param name="Applications">Application identifiers of the applets on the card.</param>
/// <param name="KeyVersion">Which master key its keys come from.</param>
/// <param name="Currency">ISO 4217 digits of its purse, e.g. 0978.</param>
/// <param name="GreatestBalance">Most its purse may hold, minor units.</param>
public sealed record CardRegistration(
    CardId Card,
    HolderId Holder,
    CardKind Kind,
    IReadOnlyList<Bytes> Applications,
    byte KeyVersion,
    ushort Currency,
    uint GreatestBalance,
    CardState State,
    DateTimeOffset Since)
{
    /// <summary>
    /// The applet is on the card; or the section of the data store, alone or because all of the store is.
    /// </summary>
    public bool Carries(Bytes application) => Applications.Contains(application) || IsSection(application);

    /// <summary>The card can pay and load.</summary>
    public bool HasPurse => Carries(PurseCommands.Aid);

    /// <summary>An applet of ours tells its id; any other card is known by a key.</summary>
    public bool HasOwnId => Kind == CardKind.Sim || HasPurse
        || Applications.Any(each => each.Span.StartsWith(StoreCommands.Aid.Span));

    /// <summary>The card has keys that it signs with.</summary>
    public bool HasPiv => Carries(PivCommands.Aid);

    private bool IsSection(Bytes application) =>
        application.Length == StoreCommands.Aid.Length + 1 && application.Span.StartsWith(StoreCommands.Aid.Span) &&
        Applications.Contains(StoreCommands.Aid);
}
