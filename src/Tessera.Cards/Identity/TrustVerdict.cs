using Tessera.Wire;

namespace Tessera.Cards.Identity;

/// <summary>What is wrong with a certificate or with one of its chain (RFC 5280 §6).</summary>
public enum TrustFault
{
    /// <summary>The platform takes it for a certificate and cannot read what is in it.</summary>
    Unreadable,

    /// <summary>Its chain ends at none of the roots.</summary>
    UnknownRoot,

    /// <summary>It was not signed by the key of its issuer.</summary>
    BadSignature,

    /// <summary>Its key is too short, or its signature is by an algorithm that is broken.</summary>
    Weak,

    Expired,
    NotYetValid,

    /// <summary>It may not be used for that.</summary>
    WrongUsage,

    /// <summary>It issued a certificate that it may not issue.</summary>
    NotAnAuthority,

    /// <summary>A constraint does not hold, or is one that is not understood here.</summary>
    Constrained,

    Revoked,

    /// <summary>No revocation list of its issuer is known.</summary>
    RevocationUnknown,

    /// <summary>The next revocation list of its issuer was due.</summary>
    RevocationStale,

    /// <summary>All revocation lists of its issuer are of a later time.</summary>
    RevocationTooNew,

    /// <summary>The revocation list was not signed by its issuer, or says what is not understood here.</summary>
    RevocationUnusable,
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Subject">The certificate in question.</param>
/// <param name="Words">One clause that names it, without a full stop.</param>
public sealed record TrustFinding(TrustFault Fault, string Subject, string Words);

/// <summary>Whether a certificate is to be believed, and everything that speaks against it.</summary>
/// <param name="At">The time that this is about.</param>
/// <param name="Findings">None where it is trusted.</param>
/// <param name="Path">The certificates, DER, from the one in question to the root, or as far as it came.</param>
/// <param name="RevocationLists">The lists, DER, that say of these that they are not revoked.</param>
public sealed record TrustVerdict(
    DateTimeOffset At, IReadOnlyList<TrustFinding> Findings, IReadOnlyList<Bytes> Path,
    IReadOnlyList<Bytes> RevocationLists)
{
    public bool IsTrusted => Findings.Count == 0;

    /// <summary>For people: one line.</summary>
    public string Words => IsTrusted ? "trusted" : string.Join("; ", Findings.Select(finding => finding.Words));

    public bool Has(TrustFault fault) => Findings.Any(finding => finding.Fault == fault);
}
