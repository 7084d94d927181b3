using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Wire;

namespace Tessera.Cards.Identity;

/// <summary>
/// One certificate against one store at one time (RFC 5280 §6.1): the platform builds and checks the path, without
/// going anywhere; revocation, strength and usage are looked into here.
/// </summary>
internal sealed class ChainJudge(TrustStore store, DateTimeOffset at)
{
    private const int LeastRsaBits = 2048;
    private const int LeastCurveBits = 256;

    private readonly List<TrustFinding> _findings = [];
    private readonly List<Bytes> _relied = [];

    public TrustVerdict Judge(
        X509Certificate2 leaf, IReadOnlyList<X509Certificate2> presented, CertificateUse use, RevocationCheck revocation)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(store.Roots.ToArray());
        policy.ExtraStore.AddRange(store.Intermediates.Concat(presented).ToArray());
        policy.DisableCertificateDownloads = true;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.VerificationTime = at.UtcDateTime;
        policy.VerificationTimeIgnored = false;
        try
        {
            chain.Build(leaf);
            var path = chain.ChainElements.Select(element => element.Certificate).ToList();
            foreach (var element in chain.ChainElements) Look(element, path);
            if (UsageRules.Against(leaf, use) is { } why)
                Find(TrustFault.WrongUsage, leaf, $"is not for {NameOf(use)}: {why}");
            if (_findings.Count == 0) Revocations(path, revocation);
            return new TrustVerdict(at, _findings, [.. path.Select(each => new Bytes(each.RawData))], _relied);
        }
        catch (CryptographicException e)
        {
            // Whoever made the certificate wrote a date or a name that is none.
            var finding = new TrustFinding(TrustFault.Unreadable, "", $"the certificate cannot be read: {e.Message}");
            return new TrustVerdict(at, [finding], [new Bytes(leaf.RawData)], []);
        }
        finally
        {
            foreach (var element in chain.ChainElements) element.Certificate.Dispose();
        }
    }

    private void Look(X509ChainElement element, List<X509Certificate2> path)
    {
        var certificate = element.Certificate;
        foreach (var status in element.ChainElementStatus) Look(certificate, status.Status);

        var place = path.IndexOf(certificate);
        if (place > 0 && !UsageRules.Permits(certificate, X509KeyUsageFlags.KeyCertSign))
            Find(TrustFault.NotAnAuthority, certificate, "may not issue certificates by its key usage");
        if (place < path.Count - 1 && !DerSignature.IsStrong(certificate))
            Find(TrustFault.Weak, certificate, "is signed by an algorithm that is not taken");
        if (IsShort(certificate)) Find(TrustFault.Weak, certificate, "has a key that is too short or of another kind");
    }

    private void Look(X509Certificate2 certificate, X509ChainStatusFlags status)
    {
        switch (status)
        {
            case X509ChainStatusFlags.NoError:
                break;
            case X509ChainStatusFlags.NotTimeValid when at.UtcDateTime < certificate.NotBefore.ToUniversalTime():
                Find(TrustFault.NotYetValid, certificate, $"is not valid before {Time(certificate.NotBefore)}");
                break;
            case X509ChainStatusFlags.NotTimeValid:
                Find(TrustFault.Expired, certificate, $"expired {Time(certificate.NotAfter)}");
                break;
            case X509ChainStatusFlags.UntrustedRoot:
                Find(TrustFault.UnknownRoot, certificate, "is none of the trusted roots");
                break;
            case X509ChainStatusFlags.PartialChain:
                Find(TrustFault.UnknownRoot, certificate, $"leads to no trusted root: its issuer is {IssuerOf(certificate)}");
                break;
            case X509ChainStatusFlags.NotSignatureValid:
                Find(TrustFault.BadSignature, certificate, "is not signed by the key of its issuer");
                break;
            case X509ChainStatusFlags.InvalidBasicConstraints:
                Find(TrustFault.NotAnAuthority, certificate, "may not issue what it issued by its basic constraints");
                break;
            case X509ChainStatusFlags.NotValidForUsage:
                Find(TrustFault.NotAnAuthority, certificate, "may not issue certificates by its key usage");
                break;
            default:
                Find(TrustFault.Constrained, certificate, $"breaks a constraint: {status}");
                break;
        }
    }

    private void Revocations(List<X509Certificate2> path, RevocationCheck revocation)
    {
        var depth = revocation switch
        {
            RevocationCheck.None => 0,
            RevocationCheck.Leaf => Math.Min(1, path.Count - 1),
            _ => path.Count - 1,
        };
        for (var i = 0; i < depth; i++) Revocation(path[i], path[i + 1]);
    }

    /// <summary>
    /// A list that was issued later counts where it says that the certificate was revoked by then; that it is good only
    /// a list says that was in force (RFC 5280 §6.3.3).
    /// </summary>
    private void Revocation(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        var named = store.Lists
            .Where(list => list.Issuer.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)).ToList();
        var signed = named.Where(list => list.IsSignedBy(issuer)).ToList();
        var usable = signed.Where(list => list.NotUnderstood is null).ToList();

        var serial = certificate.SerialNumberBytes;
        var revoked = usable.Select(list => list.Find(serial.Span)).FirstOrDefault(each => each?.Since <= at);
        var newest = usable.Where(list => list.ThisUpdate <= at).MaxBy(list => list.ThisUpdate);
        var name = IssuerOf(certificate);
        if (revoked is not null)
            Find(TrustFault.Revoked, certificate, $"was revoked {Time(revoked.Since.UtcDateTime)} ({NameOf(revoked.Reason)})");
        else if (named.Count == 0)
            Find(TrustFault.RevocationUnknown, certificate, $"may be revoked: no list of {name} is known");
        else if (signed.Count == 0)
            Find(TrustFault.RevocationUnusable, certificate, $"may be revoked: {name} did not sign its list");
        else if (usable.Count == 0)
            Find(TrustFault.RevocationUnusable, certificate,
                $"may be revoked: the list of {name} has the critical extension {signed[0].NotUnderstood}");
        else if (newest is null)
            Find(TrustFault.RevocationTooNew, certificate, $"may be revoked: all lists of {name} are of a later time");
        else if (newest.NextUpdate is not { } next)
            Find(TrustFault.RevocationStale, certificate, $"may be revoked: the list of {name} does not say until when it holds");
        else if (next < at)
            Find(TrustFault.RevocationStale, certificate,
                $"may be revoked: the next list of {name} was due {Time(next.UtcDateTime)}");
        else
            _relied.Add(newest.Der);
    }

    private void Find(TrustFault fault, X509Certificate2 certificate, string words)
    {
        var name = CertificateName.Of(certificate.SubjectName);
        var finding = new TrustFinding(fault, name, $"{name} {words}");
        if (!_findings.Contains(finding)) _findings.Add(finding);
    }

    private static bool IsShort(X509Certificate2 certificate) => CertificateKey.KindOf(certificate) is var (bits, curve)
        && bits < (curve is null ? LeastRsaBits : LeastCurveBits);

    private static string IssuerOf(X509Certificate2 certificate) => CertificateName.Of(certificate.IssuerName);

    private static string NameOf(CertificateUse use) => use switch
    {
        CertificateUse.Authentication => "authentication",
        CertificateUse.Signature => "signatures",
        _ => "secrets",
    };

    /// <summary>The name that the standard has for it (RFC 5280 §5.3.1).</summary>
    private static string NameOf(X509RevocationReason reason)
    {
        var name = reason.ToString();
        return reason is X509RevocationReason.CACompromise ? "cACompromise"
            : reason is X509RevocationReason.AACompromise ? "aACompromise"
            : char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static string Time(DateTime time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
