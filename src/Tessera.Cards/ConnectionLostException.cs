namespace Tessera.Cards;

/// <summary>The peer went away: a card was pulled, a reader unplugged, a link broken.</summary>
public sealed class ConnectionLostException(string reason, Exception? cause = null) : IOException(reason, cause);
