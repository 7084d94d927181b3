using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>A SIM that can be reached by short messages, and the number it is reached at.</summary>
/// <param name="Number">In international form, digits only.</param>
/// <param name="KeyVersion">Of the issuer's master keys that its packets are made with.</param>
/// <param name="Profile">The TERMINAL PROFILE its phone told last; empty before the first.</param>
public sealed record Subscriber(CardId Card, string Number, byte KeyVersion, Bytes Profile = default);
