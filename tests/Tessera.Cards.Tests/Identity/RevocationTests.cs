using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Identity;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Identity;

/// <summary>What revocation lists say, and when they say nothing (RFC 5280 §5, §6.3).</summary>
public sealed class RevocationTests : IDisposable
{
    private static readonly DateTimeOffset Made = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Since = Made.AddDays(5);
    private static readonly DateTimeOffset Now = Made.AddDays(10);
    private static readonly DateTimeOffset Next = Made.AddDays(20);

    private readonly TestAuthority _root = TestAuthority.Root("CN=Root", Made);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _leaf;

    public RevocationTests() => _leaf = _root.Issue("CN=Ada", _key, Made, Made.AddYears(2));

    [Fact]
    public void A_certificate_on_the_list_is_revoked_since_then_and_not_before()
    {
        var list = _root.List(Now, Next, (_leaf, Since));

        Fails(TrustFault.Revoked, "CN=Ada was revoked 2026-01-06T00:00:00Z (keyCompromise)", Judge(Now, list));
        Fails(TrustFault.Revoked, "CN=Ada was revoked 2026-01-06T00:00:00Z (keyCompromise)", Judge(Since, list));
        Assert.True(Judge(Since.AddSeconds(-1), _root.List(Made, Next), list).IsTrusted);
    }

    [Fact]
    public void A_list_that_ran_out_still_revokes_but_clears_nobody()
    {
        Fails(
            TrustFault.RevocationStale, "CN=Ada may be revoked: the next list of CN=Root was due 2026-01-21T00:00:00Z",
            Judge(Next.AddSeconds(1), _root.List(Now, Next)));
        Assert.True(Judge(Next, _root.List(Now, Next)).IsTrusted);
        Assert.True(Judge(Next.AddDays(1), _root.List(Now, Next, (_leaf, Since))).Has(TrustFault.Revoked));
    }

    [Fact]
    public void A_list_of_a_later_time_clears_nobody_either_but_knows_who_was_revoked_by_then()
    {
        Fails(
            TrustFault.RevocationTooNew, "CN=Ada may be revoked: all lists of CN=Root are of a later time",
            Judge(Now, _root.List(Now.AddSeconds(1), Next)));
        Assert.True(Judge(Now, _root.List(Now.AddDays(1), Next, (_leaf, Since))).Has(TrustFault.Revoked));
    }

    [Fact]
    public void The_newest_list_in_force_is_the_one_that_counts()
    {
        var verdict = Judge(Now, _root.List(Made, Made.AddDays(1)), _root.List(Since, Next), _root.List(Made, Next));

        Assert.Equal(Since, RevocationList.Read(Assert.Single(verdict.RevocationLists).Memory).ThisUpdate);
    }

    [Fact]
    public void No_list_a_forged_one_and_one_of_who_may_not_sign_them_are_told_apart()
    {
        using var twin = TestAuthority.Root("CN=Root", Made);
        using var mute = TestAuthority.Root(
            "CN=Mute", Made, TestAuthority.Authority with { Usage = X509KeyUsageFlags.KeyCertSign });
        using var other = mute.Issue("CN=Ada", _key, Made, Made.AddYears(2));
        using var stranger = TestAuthority.Root("CN=Stranger", Made);

        Fails(
            TrustFault.RevocationUnknown, "CN=Ada may be revoked: no list of CN=Root is known",
            Judge(Now, stranger.List(Made, Next)));
        Fails(
            TrustFault.RevocationUnusable, "CN=Ada may be revoked: CN=Root did not sign its list",
            Judge(Now, twin.List(Made, Next, (_leaf, Since))));
        using var store = TrustStore.Of([mute.Certificate], lists: [RevocationList.Read(mute.List(Made, Next))]);
        Fails(
            TrustFault.RevocationUnusable, "CN=Ada may be revoked: CN=Mute did not sign its list",
            store.Judge(other, [], Now, CertificateUse.Authentication));
    }

    [Fact]
    public void A_list_altered_in_any_octet_is_not_read_or_not_signed()
    {
        var list = _root.List(Made, Next);
        for (var at = 0; at < list.Length; at++)
        {
            var altered = list.ToArray();
            altered[at] ^= 0x01;
            try
            {
                Assert.False(RevocationList.Read(altered).IsSignedBy(_root.Certificate), $"octet {at}");
            }
            catch (WireFormatException)
            {
                // Refused before its signature.
            }
        }

        for (var length = 0; length < list.Length; length++)
            Assert.Throws<WireFormatException>(() => RevocationList.Read(list.AsMemory(0, length)));
        Assert.True(RevocationList.Read(list).IsSignedBy(_root.Certificate));
    }

    [Fact]
    public void How_far_up_is_looked_is_the_callers_choice()
    {
        using var between = _root.Below("CN=Cards", Made);
        using var leaf = between.Issue("CN=Ada", _key, Made, Made.AddYears(2));
        var lists = new[] { RevocationList.Read(between.List(Made, Next)) };
        using var store = TrustStore.Of([_root.Certificate], [between.Certificate], lists);
        using var bare = TrustStore.Of([_root.Certificate], [between.Certificate]);

        Assert.True(store.Judge(leaf, [], Now, CertificateUse.Authentication, RevocationCheck.Leaf).IsTrusted);
        Fails(
            TrustFault.RevocationUnknown, "CN=Cards may be revoked: no list of CN=Root is known",
            store.Judge(leaf, [], Now, CertificateUse.Authentication));
        Assert.False(bare.Judge(leaf, [], Now, CertificateUse.Authentication, RevocationCheck.Leaf).IsTrusted);
        Assert.True(bare.Judge(leaf, [], Now, CertificateUse.Authentication, RevocationCheck.None).IsTrusted);
    }

    [Fact]
    public void An_intermediate_that_was_revoked_takes_its_certificates_with_it()
    {
        using var between = _root.Below("CN=Cards", Made);
        using var leaf = between.Issue("CN=Ada", _key, Made, Made.AddYears(2));
        using var store = TrustStore.Of(
            [_root.Certificate], [between.Certificate],
            [
                RevocationList.Read(between.List(Made, Next)),
                RevocationList.Read(_root.List(Made, Next, (between.Certificate, Since))),
            ]);

        Fails(
            TrustFault.Revoked, "CN=Cards was revoked 2026-01-06T00:00:00Z (keyCompromise)",
            store.Judge(leaf, [], Now, CertificateUse.Authentication));
    }

    [Fact]
    public void A_list_that_holds_for_some_only_says_so_and_is_not_used()
    {
        var partial = Written(critical: "2.5.29.28");

        Assert.Equal("2.5.29.28", partial.NotUnderstood);
        using var store = TrustStore.Of([_root.Certificate], lists: [partial]);
        Fails(
            TrustFault.RevocationUnusable,
            "CN=Ada may be revoked: the list of CN=Root has the critical extension 2.5.29.28",
            store.Judge(_leaf, [], Now, CertificateUse.Authentication));
        Assert.Equal("1.2.3.4", Written(inEntry: "1.2.3.4").NotUnderstood);
    }

    [Fact]
    public void A_key_that_was_lost_before_it_was_told_counts_from_then()
    {
        var told = Written(invalid: Made.AddDays(2)).Find(_leaf.SerialNumberBytes.Span);

        Assert.Equal(new Revocation(Made.AddDays(2), X509RevocationReason.Superseded), told);
        Assert.Equal(new Revocation(Since, X509RevocationReason.Superseded), Written().Find(_leaf.SerialNumberBytes.Span));
    }

    [Fact]
    public void Without_a_next_update_nobody_knows_how_long_a_list_holds()
    {
        using var store = TrustStore.Of([_root.Certificate], lists: [Written(next: false, revokes: false)]);

        Fails(
            TrustFault.RevocationStale, "CN=Ada may be revoked: the list of CN=Root does not say until when it holds",
            store.Judge(_leaf, [], Now, CertificateUse.Authentication));
    }

    public void Dispose()
    {
        _leaf.Dispose();
        _key.Dispose();
        _root.Dispose();
    }

    /// <summary>A list that the platform does not make, octet for octet after RFC 5280 §5.1.</summary>
    private RevocationList Written(
        string? critical = null, string? inEntry = null, DateTimeOffset? invalid = null, bool next = true,
        bool revokes = true)
    {
        const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
        return RevocationList.Read(_root.Signed(EcdsaWithSha256, signed =>
        {
            signed.WriteInteger(1);
            using (signed.PushSequence()) signed.WriteObjectIdentifier(EcdsaWithSha256);
            signed.WriteEncodedValue(_root.Certificate.SubjectName.RawData);
            signed.WriteUtcTime(Made);
            if (next) signed.WriteUtcTime(Next);
            if (revokes)
            {
                using (signed.PushSequence())
                using (signed.PushSequence())
                {
                    signed.WriteInteger(_leaf.SerialNumberBytes.Span);
                    signed.WriteUtcTime(Since);
                    using (signed.PushSequence())
                    {
                        Extension(signed, "2.5.29.21", false, value => value.WriteEnumeratedValue(X509RevocationReason.Superseded));
                        if (invalid is { } time) Extension(signed, "2.5.29.24", false, value => value.WriteGeneralizedTime(time));
                        if (inEntry is not null) Extension(signed, inEntry, true, value => value.WriteNull());
                    }
                }
            }

            if (critical is null) return;
            using (signed.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            using (signed.PushSequence())
                Extension(signed, critical, true, value => value.WriteNull());
        }));
    }

    private static void Extension(AsnWriter writer, string id, bool critical, Action<AsnWriter> write)
    {
        var value = new AsnWriter(AsnEncodingRules.DER);
        write(value);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(id);
            if (critical) writer.WriteBoolean(true);
            writer.WriteOctetString(value.Encode());
        }
    }

    private TrustVerdict Judge(DateTimeOffset at, params byte[][] lists)
    {
        using var store = TrustStore.Of(
            [_root.Certificate], lists: lists.Select(list => RevocationList.Read(list)));
        return store.Judge(_leaf, [], at, CertificateUse.Authentication);
    }

    private static void Fails(TrustFault fault, string words, TrustVerdict verdict)
    {
        Assert.Equal(words, verdict.Words);
        Assert.Equal(fault, Assert.Single(verdict.Findings).Fault);
    }
}
