using System.Globalization;

namespace Tessera.Phone.Sip;

/// <summary>Answers challenges with a user's password (RFC 3261 §22.2, §22.3).</summary>
internal sealed class DigestClient(SipCredentials credentials)
{
    /// <summary>
    /// The header field that answers a 401 or 407; null where it has no challenge that we can answer.
    /// </summary>
    public SipHeader? Answer(SipRequest request, SipResponse response)
    {
        var (asks, answers) = response.Status == SipStatus.Unauthorized
            ? ("WWW-Authenticate", "Authorization")
            : ("Proxy-Authenticate", "Proxy-Authorization");
        var challenge = response.Headers.Named(asks).Select(DigestChallenge.Read).OfType<DigestChallenge>()
            .OrderByDescending(offered => offered.Algorithm).FirstOrDefault();
        if (challenge is null) return null;

        // Asked again for the same realm, and not because the nonce was old: the password is wrong.
        var repeated = request.Headers.Named(answers).Select(DigestAuthorization.Read)
            .Any(given => given is not null && given.Realm.Equals(challenge.Realm, StringComparison.Ordinal));
        if (repeated && !challenge.IsStale) return null;
        var answer = Authorize(challenge, request.Method, request.Uri.ToString(), TransactionLayer.Unique());
        return new SipHeader(answers, answer.ToString());
    }

    internal DigestAuthorization Authorize(DigestChallenge challenge, string method, string uri, string clientNonce)
    {
        var given = new DigestAuthorization(credentials.User, challenge.Realm, challenge.Nonce, uri, "")
        {
            Algorithm = challenge.Algorithm, Opaque = challenge.Opaque,
            Qop = challenge.HasQop ? "auth" : null,
            Count = challenge.HasQop ? 1.ToString("x8", CultureInfo.InvariantCulture) : null,
            ClientNonce = challenge.HasQop ? clientNonce : null,
        };
        return given with { Response = challenge.Algorithm.Response(given, credentials.Password, method) };
    }
}
