using Tessera.Platform.Changes;
using Tessera.Platform.Holders;

namespace Tessera.Platform.Fields;

/// <summary>A field as a session finds it for its card.</summary>
/// <param name="Field">Its id on the card.</param>
/// <param name="Copy">What the card is known to have; null where it never proved anything.</param>
/// <param name="Waiting">Changes that wait for the card, the oldest first.</param>
/// <param name="Choices">Changes among which the holder has to choose.</param>
internal sealed record FieldState(
    byte Field, FieldCopy? Copy, IReadOnlyList<Origin> Waiting, IReadOnlyList<Origin> Choices);

/// <summary>A change and the kind of card it was made on; null where the issuer made it.</summary>
/// <param name="IsChosen">The holder chose it, where two cards had changed the field.</param>
internal sealed record Origin(Change Change, CardKind? Kind, bool IsChosen = false);
