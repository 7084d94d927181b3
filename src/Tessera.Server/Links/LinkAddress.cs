namespace Tessera.Server.Links;

/// <summary>Where terminals connect, known once the server listens.</summary>
internal sealed class LinkAddress
{
    public Uri? Value { get; private set; }

    public void Set(Uri address) => Value = address;
}
