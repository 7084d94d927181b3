namespace Tessera.Cards;

/// <summary>
/// Another program reset the card, or had it in between: what was selected and verified on it is gone. The card is still
/// there; the next command finds it as after a reset.
/// </summary>
public sealed class CardResetException(string message) : IOException(message);
