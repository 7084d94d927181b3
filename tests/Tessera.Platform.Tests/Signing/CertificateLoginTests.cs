using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.Cards.Identity;
using Tessera.Cards.Piv;
using Tessera.Platform.Sessions;
using Tessera.Platform.Sessions.Verifying;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Testing;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Signing;

/// <summary>A card with a certificate logs in by it, in the script that opens the session.</summary>
public class CertificateLoginTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_card_proves_itself_in_the_opening_script_and_the_verdict_is_on_record(bool required)
    {
        using var world = await SigningWorld.WithAsync(certificates: required);
        using var plain = await SigningWorld.WithAsync();

        var (end, link) = await RunAsync(world);
        var (_, without) = await RunAsync(plain);

        Assert.Equal(SessionEnd.Completed, end);
        Assert.Equal(0x9E, Assert.Single(link.Ran[0].Steps.OfType<SignStep>()).KeyReference);
        Assert.Equal(without.Ran.Count, link.Ran.Count);
        Assert.Equal((true, "trusted"), Recorded(world));
    }

    [Fact]
    public async Task Another_session_asks_with_another_nonce()
    {
        using var world = await SigningWorld.WithAsync(certificates: true);

        var (_, first) = await RunAsync(world);
        var (_, second) = await RunAsync(world, session: 0x2B);

        var nonces = first.Ran.Concat(second.Ran).SelectMany(script => script.Steps).OfType<SignStep>()
            .Select(sign => sign.Nonce).ToList();
        Assert.Equal(2, nonces.Distinct().Count());
        Assert.All(nonces, nonce => Assert.Equal(SignStep.NonceLength, nonce.Length));
    }

    [Fact]
    public async Task A_revoked_card_is_refused_and_told_so()
    {
        using var world = await SigningWorld.WithAsync(certificates: false);
        var certificate = await CertificateAsync(world);
        Trust(world, world.Authority, (certificate, SigningWorld.Now.AddMinutes(-1)));

        var (end, _) = await RunAsync(world);

        Assert.Equal(SessionEnd.CardRefused, end);
        Assert.Equal("The certificate of this card was revoked. Please ask your issuer.", world.Person.Shown[^1]);
        var (accepted, words) = Recorded(world);
        Assert.False(accepted);
        Assert.Contains("was revoked 2026-11-22T14:04:06Z (keyCompromise)", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_of_an_authority_that_is_not_believed_is_refused()
    {
        using var world = await SigningWorld.WithAsync(certificates: false);
        using var other = TestAuthority.Root("CN=Other", SigningWorld.Now.AddYears(-1));
        Trust(world, other);

        var (end, _) = await RunAsync(world);

        Assert.Equal(SessionEnd.CardRefused, end);
        Assert.Equal("The certificate of this card is not trusted here.", world.Person.Shown[^1]);
    }

    [Fact]
    public async Task The_certificate_of_another_key_or_of_another_card_does_not_help()
    {
        using var world = await SigningWorld.WithAsync(certificates: false);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var copied = world.Authority.Issue("CN=Ada", key, SigningWorld.Now.AddDays(-1), SigningWorld.Now.AddYears(1));
        await WriteAsync(world, copied);

        var (end, _) = await RunAsync(world);

        Assert.Equal(SessionEnd.CardRefused, end);
        Assert.Equal("This card does not prove that its certificate is its own.", world.Person.Shown[^1]);
        Assert.Equal((false, "The card does not have the key."), Recorded(world));

        using var elsewhere = await SigningWorld.WithAsync(certificates: false);
        using var own = await CertificateAsync(elsewhere);
        using var renamed = elsewhere.Authority.Issue(
            "CN=Ada, SERIALNUMBER=0807060504030201", own.GetECDsaPublicKey()!, SigningWorld.Now.AddDays(-1),
            SigningWorld.Now.AddYears(1));
        await WriteAsync(elsewhere, renamed);
        Assert.Equal(SessionEnd.CardRefused, (await RunAsync(elsewhere)).End);
        Assert.Equal((false, "It is that of another card."), Recorded(elsewhere));
    }

    [Theory]
    [InlineData(false, SessionEnd.Completed)]
    [InlineData(true, SessionEnd.CardRefused)]
    public async Task A_card_without_a_certificate_is_accepted_unless_one_is_required(bool required, SessionEnd expected)
    {
        using var world = await SigningWorld.WithAsync(signs: false, certificates: required);

        var (end, _) = await RunAsync(world);

        Assert.Equal(expected, end);
        if (required) Assert.Equal("Only cards with a certificate can be used here.", world.Person.Shown[^1]);
    }

    [Fact]
    public async Task What_is_no_certificate_is_not_passed_over()
    {
        using var world = await SigningWorld.WithAsync(certificates: false);
        await WriteAsync(world, new Bytes((byte[])[0x30, 0x03, 0x02, 0x01, 0x01]));

        Assert.Equal(SessionEnd.CardRefused, (await RunAsync(world)).End);
        Assert.Equal("The certificate of this card is not trusted here.", world.Person.Shown[^1]);
    }

    private static async Task<(SessionEnd End, SigningLink Link)> RunAsync(SigningWorld world, ushort session = 0x2A)
    {
        var link = world.Insert(session: session);
        var outcome = await world.Host.RunAsync(link, null, new World.Script((_, _) => Task.CompletedTask), Cancel);
        Assert.Null(outcome.Fault);
        return (outcome.End, link);
    }

    /// <summary>What the session has on record of the certificate.</summary>
    private static (bool Accepted, string Words) Recorded(SigningWorld world)
    {
        var verdict = Assert.Single(Journal.Effects<CertificateVerdict>(world.Sessions.Steps, "certificate"));
        return (verdict.IsAccepted, verdict.Words);
    }

    private static void Trust(
        SigningWorld world, TestAuthority authority, params (X509Certificate2, DateTimeOffset)[] revoked)
    {
        world.Trust.Dispose();
        var list = authority.List(SigningWorld.Now.AddHours(-1), SigningWorld.Now.AddDays(1), revoked);
        world.Trust = TrustStore.Of([authority.Certificate], lists: [RevocationList.Read(list)]);
    }

    private static async Task<X509Certificate2> CertificateAsync(SigningWorld world)
    {
        var piv = (await PivClient.SelectAsync(new CardChannel(world.Insert()), Cancel))!;
        return X509CertificateLoader.LoadCertificate((await piv.CertificateAsync(0x9E, Cancel))!.Value.Span);
    }

    private static Task WriteAsync(SigningWorld world, X509Certificate2 certificate) =>
        WriteAsync(world, new Bytes(certificate.RawData));

    private static async Task WriteAsync(SigningWorld world, Bytes certificate)
    {
        var piv = (await PivClient.SelectAsync(new CardChannel(world.Insert()), Cancel))!;
        using var key = DemonstrationKeys.CreatePivManagementKey();
        await piv.AuthenticateAsync(PivAlgorithm.TripleDes, key, Cancel);
        await piv.WriteCertificateAsync(0x9E, certificate.Memory, Cancel);
        world.Card.Reset();
    }
}
