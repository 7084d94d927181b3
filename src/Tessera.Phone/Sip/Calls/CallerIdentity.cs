using System.Net;

namespace Tessera.Phone.Sip;

/// <summary>How sure it is who calls.</summary>
public enum CallerCertainty
{
    /// <summary>Nothing that names anybody.</summary>
    Unknown,

    /// <summary>The caller does not want to be named.</summary>
    Withheld,

    /// <summary>What the caller says of itself (From): anybody can write anything there.</summary>
    Claimed,

    /// <summary>What a trusted peer says of the caller (P-Asserted-Identity, RFC 3325).</summary>
    Asserted,
}

/// <summary>Who calls, and how sure that is.</summary>
/// <param name="Uri">Null where it is unknown or withheld.</param>
public sealed record CallerIdentity(CallerCertainty Certainty, SipUri? Uri = null, string DisplayName = "")
{
    private static readonly string[] Nobody = ["unknown", "unavailable", "anonymous", "restricted"];

    /// <summary>The telephone number, digits with a plus where there is one; null where the URI has none.</summary>
    public string? Number
    {
        get
        {
            var user = SipGrammar.Unescape((Uri?.IsSip == true ? Uri.User : Uri?.Opaque) ?? "").Split(';')[0];
            var number = string.Concat(user.Where(c => c is not ('-' or '.' or '(' or ')' or ' ')));
            return number.TrimStart('+') is { Length: > 0 } digits && number.Length - digits.Length <= 1
                && digits.All(char.IsAsciiDigit) ? number : null;
        }
    }

    /// <summary>What an INVITE says, read with the trust that its peer has.</summary>
    internal static CallerIdentity Of(SipRequest invite, bool trusted)
    {
        var privacy = invite.Headers.Named("Privacy")
            .SelectMany(header => header.Value.Split(';', StringSplitOptions.TrimEntries));
        if (privacy.Any(value => value is "id" or "user" or "header") || IsAnonymous(invite.From))
            return new CallerIdentity(CallerCertainty.Withheld);
        if (trusted && Best(invite.Addresses("P-Asserted-Identity")) is { } asserted)
            return new CallerIdentity(CallerCertainty.Asserted, asserted.Uri, asserted.DisplayName);

        var from = invite.From;
        var nobody = from.Uri.User is null || Nobody.Contains(from.Uri.User, StringComparer.OrdinalIgnoreCase);
        return from.Uri.IsSip && nobody
            ? new CallerIdentity(CallerCertainty.Unknown)
            : new CallerIdentity(CallerCertainty.Claimed, from.Uri, from.DisplayName);
    }

    /// <summary>There may be a SIP URI and a telephone number (RFC 3325 §9.1): the number is preferred.</summary>
    private static NameAddress? Best(IReadOnlyList<NameAddress> asserted) =>
        asserted.FirstOrDefault(address => address.Uri.Scheme is "tel") ?? (asserted is [var first, ..] ? first : null);

    private static bool IsAnonymous(NameAddress from) =>
        from.Uri.Host.EndsWith("anonymous.invalid", StringComparison.OrdinalIgnoreCase)
        || (from.Uri.User?.Equals("anonymous", StringComparison.OrdinalIgnoreCase) ?? false);
}

/// <summary>Peers that are believed what they assert: networks of addresses.</summary>
internal sealed class TrustedPeers(IReadOnlyList<IPNetwork> networks)
{
    public bool Contains(IPAddress address) => networks.Any(network => network.Contains(address));
}
