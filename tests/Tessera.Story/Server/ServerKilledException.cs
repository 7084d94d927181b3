namespace Tessera.Story.Server;

/// <summary>The server was killed at a durable step: nothing after it happened.</summary>
internal sealed class ServerKilledException(string where) : Exception($"The server was killed {where}.");
