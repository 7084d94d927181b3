namespace Tessera.Cards.Issuing;

/// <summary>A card is not issued, or not taken back: the reason is for the operator to read, and holds no secret.</summary>
public sealed class IssuingException(string reason) : Exception(reason);
