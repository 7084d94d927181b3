namespace Tessera.Server.Links;

/// <summary>Where terminals connect, known once the server listens.</summary>
internal sealed class LinkAddress
{
    /// <summary>Links by WebSocket.</summary>
    public Uri? Value { get; private set; }

    /// <summary>Links in a plain TLS stream, where the server takes them.</summary>
    public Uri? Stream { get; private set; }

    public void Set(Uri address, Uri? stream) => (Value, Stream) = (address, stream);
}
