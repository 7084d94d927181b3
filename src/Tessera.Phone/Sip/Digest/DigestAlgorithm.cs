using System.Security.Cryptography;
using System.Text;

namespace Tessera.Phone.Sip;

/// <summary>Hashes of the digest scheme (RFC 7616 §3.3, RFC 8760).</summary>
public enum DigestAlgorithm
{
    /// <summary>For old telephones.</summary>
    Md5,

    Sha256,
}

/// <summary>What the digest scheme computes (RFC 7616 §3.4).</summary>
internal static class DigestAlgorithms
{
    public static string Name(this DigestAlgorithm algorithm) =>
        algorithm == DigestAlgorithm.Sha256 ? "SHA-256" : "MD5";

    public static DigestAlgorithm? Named(string? name) => name?.ToUpperInvariant() switch
    {
        null or "MD5" => DigestAlgorithm.Md5,
        "SHA-256" => DigestAlgorithm.Sha256,
        _ => null,
    };

    /// <summary>The response of somebody with that password to a challenge.</summary>
    public static string Response(
        this DigestAlgorithm algorithm, DigestAuthorization given, string password, string method)
    {
        var secret = algorithm.Hash($"{given.UserName}:{given.Realm}:{password}");
        var what = algorithm.Hash($"{method}:{given.Uri}");
        return given.Qop is null
            ? algorithm.Hash($"{secret}:{given.Nonce}:{what}")
            : algorithm.Hash($"{secret}:{given.Nonce}:{given.Count}:{given.ClientNonce}:{given.Qop}:{what}");
    }

    private static string Hash(this DigestAlgorithm algorithm, string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        return Convert.ToHexStringLower(
            algorithm == DigestAlgorithm.Sha256 ? SHA256.HashData(octets) : MD5.HashData(octets));
    }
}
