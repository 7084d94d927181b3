using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>
/// A challenge: the value of WWW-Authenticate or Proxy-Authenticate (RFC 3261 §20.44, RFC 7616 §3.3).
/// </summary>
internal sealed record DigestChallenge(string Realm, string Nonce, DigestAlgorithm Algorithm)
{
    public string? Opaque { get; init; }

    /// <summary>The server wants <c>qop=auth</c>; without it is the way of RFC 2069.</summary>
    public bool HasQop { get; init; } = true;

    /// <summary>The answer before was right, but to a nonce that is too old.</summary>
    public bool IsStale { get; init; }

    public override string ToString() =>
        $"Digest realm={SipParameter.Quoted(Realm)}, nonce={SipParameter.Quoted(Nonce)}, algorithm={Algorithm.Name()}"
        + (HasQop ? ", qop=\"auth\"" : "") + (IsStale ? ", stale=true" : "")
        + (Opaque is null ? "" : $", opaque={SipParameter.Quoted(Opaque)}");

    /// <summary>Null for a challenge that we cannot answer.</summary>
    public static DigestChallenge? Read(SipHeader header)
    {
        if (DigestFields.Read(header) is not { } fields) return null;
        if (DigestAlgorithms.Named(fields["algorithm"]) is not { } algorithm) return null;
        if (fields["realm"] is not { } realm || fields["nonce"] is not { } nonce) return null;
        var offered = fields["qop"]?.Split(',', StringSplitOptions.TrimEntries);
        if (offered is not null && !offered.Contains("auth", StringComparer.OrdinalIgnoreCase)) return null;
        return new DigestChallenge(realm, nonce, algorithm)
        {
            Opaque = fields["opaque"],
            HasQop = offered is not null,
            IsStale = fields["stale"]?.Equals("true", StringComparison.OrdinalIgnoreCase) ?? false,
        };
    }
}

/// <summary>The answer: the value of Authorization or Proxy-Authorization (RFC 3261 §20.7, RFC 7616 §3.4).</summary>
internal sealed record DigestAuthorization(string UserName, string Realm, string Nonce, string Uri, string Response)
{
    public DigestAlgorithm Algorithm { get; init; }

    public string? Qop { get; init; }

    /// <summary>Eight hexadecimal digits: how often this nonce was used.</summary>
    public string? Count { get; init; }

    public string? ClientNonce { get; init; }

    public string? Opaque { get; init; }

    public override string ToString() =>
        $"Digest username={SipParameter.Quoted(UserName)}, realm={SipParameter.Quoted(Realm)}, "
        + $"nonce={SipParameter.Quoted(Nonce)}, uri={SipParameter.Quoted(Uri)}, response=\"{Response}\", "
        + $"algorithm={Algorithm.Name()}"
        + (Qop is null ? "" : $", qop={Qop}, nc={Count}, cnonce={SipParameter.Quoted(ClientNonce!)}")
        + (Opaque is null ? "" : $", opaque={SipParameter.Quoted(Opaque)}");

    /// <summary>Null for another scheme, or where a field is missing.</summary>
    public static DigestAuthorization? Read(SipHeader header)
    {
        if (DigestFields.Read(header) is not { } fields) return null;
        if (DigestAlgorithms.Named(fields["algorithm"]) is not { } algorithm) return null;
        if (fields["username"] is not { } user || fields["realm"] is not { } realm || fields["nonce"] is not { } nonce)
            return null;
        if (fields["uri"] is not { } uri || fields["response"] is not { } response) return null;
        return new DigestAuthorization(user, realm, nonce, uri, response)
        {
            Algorithm = algorithm, Qop = fields["qop"], Count = fields["nc"], ClientNonce = fields["cnonce"],
            Opaque = fields["opaque"],
        };
    }
}

/// <summary>The comma-separated fields behind the word Digest.</summary>
internal static class DigestFields
{
    /// <summary>Null for another scheme or for what is no such list.</summary>
    public static SipParameters? Read(SipHeader header)
    {
        var scanner = new SipScanner(header.Value, header.Name, header.Offset);
        try
        {
            if (!scanner.TakeToken("the scheme").Equals("Digest", StringComparison.OrdinalIgnoreCase)) return null;
            scanner.SkipSpace();
            List<SipParameter> fields = [];
            do
            {
                var name = scanner.TakeToken("the name of a field");
                scanner.Take('=');
                fields.Add(scanner.Next == '"'
                    ? new SipParameter(name, scanner.TakeQuoted(), IsQuoted: true)
                    : new SipParameter(name, scanner.TakeToken("the value of a field")));
            }
            while (scanner.TryTake(','));

            scanner.TakeEnd();
            return [.. fields];
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}
