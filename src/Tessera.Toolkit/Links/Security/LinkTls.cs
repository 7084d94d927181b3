using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Tessera.Toolkit.Links;

/// <summary>Mutual TLS between pinned keys: chains, names and dates of certificates do not count, keys do.</summary>
public static class LinkTls
{
    public const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>For links in a plain TLS stream: who relays its octets sees no certificate.</summary>
    public const SslProtocols StreamProtocols = SslProtocols.Tls13;

    /// <summary>For the side that listens.</summary>
    /// <param name="allowed">Which terminals may connect.</param>
    public static SslServerAuthenticationOptions ForServer(X509Certificate2 own, Func<PeerIdentity, bool> allowed) => new()
    {
        ServerCertificate = own,
        ClientCertificateRequired = true,
        EnabledSslProtocols = Protocols,
        AllowTlsResume = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = Pinned(allowed),
    };

    /// <summary>For the side that connects.</summary>
    /// <param name="pin">The one server it trusts.</param>
    public static SslClientAuthenticationOptions ForClient(X509Certificate2 own, PeerIdentity pin, string host) =>
        ForClient(own, identity => identity == pin, host);

    /// <inheritdoc cref="ForClient(X509Certificate2, PeerIdentity, string)"/>
    /// <param name="allowed">Which servers are spoken to.</param>
    public static SslClientAuthenticationOptions ForClient(
        X509Certificate2 own, Func<PeerIdentity, bool> allowed, string host) => new()
        {
            TargetHost = host,
            ClientCertificates = [own],
            LocalCertificateSelectionCallback = (_, _, _, _, _) => own,
            EnabledSslProtocols = Protocols,
            AllowTlsResume = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = Pinned(allowed),
        };

    /// <summary>The check of a peer's certificate by its key alone.</summary>
    public static RemoteCertificateValidationCallback Pinned(Func<PeerIdentity, bool> allowed) =>
        (_, certificate, _, _) => certificate is X509Certificate2 peer && allowed(PeerIdentity.Of(peer));

    /// <summary>Who is at the other end.</summary>
    /// <exception cref="AuthenticationException">The peer showed no certificate.</exception>
    public static PeerIdentity PeerOf(SslStream stream) =>
        stream is { IsMutuallyAuthenticated: true, RemoteCertificate: X509Certificate2 peer }
            ? PeerIdentity.Of(peer)
            : throw new AuthenticationException("The peer showed no certificate.");
}
