namespace Tessera.Wire;

/// <summary>The peer went away: a card was pulled, a reader unplugged, a link or a session broken.</summary>
public sealed class ConnectionLostException(string reason, Exception? cause = null) : IOException(reason, cause);
