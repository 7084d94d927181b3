using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Identity;
using Tessera.Cards.Piv;
using Tessera.Cards.Tests.Identity;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Sessions.Verifying;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit.Scripts;
using Xunit;

namespace Tessera.Platform.Tests.Signing;

/// <summary>A card of another maker, with a PIV application and nothing else, has sessions by its keys.</summary>
public sealed class KeyLoginTests : IAsyncLifetime
{
    private readonly List<AsymmetricAlgorithm> _made = [];
    private readonly List<SigningWorld> _worlds = [];
    private SigningWorld _world = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await WithAsync(HolderNaming.None);

    public ValueTask DisposeAsync()
    {
        _worlds.ForEach(world => world.Dispose());
        _made.ForEach(key => key.Dispose());
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_registered_card_proves_its_key_without_PIN_and_nothing_is_said_of_money()
    {
        var card = Card(PivKeyReference.CardAuthentication, out var certificate);
        await RegisterAsync(certificate);

        CardSession? seen = null;
        var (end, link) = await RunAsync(card, session: async (session, cancel) =>
        {
            seen = session;
            await session.RunAsync(Dialogue.Show("Welcome"), cancel);
        });

        Assert.Equal(SessionEnd.Completed, end);
        Assert.Equal(("Ada", false, true), (seen!.Holder.Name, seen.HasPurse, seen.MaySign));
        Assert.Equal(3, link.Ran.Count);
        Assert.Equal(0x9E, Assert.Single(link.Ran.SelectMany(script => script.Steps).OfType<SignStep>()).KeyReference);
        Assert.Equal(["Welcome"], _world.Person.Shown, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Without_key_9E_the_PIN_is_asked_for_9A_as_often_as_it_is_wrong_and_once_at_an_insertion()
    {
        var card = Card(PivKeyReference.Authentication, out var certificate);
        await RegisterAsync(certificate);
        using var link = Insert(card);
        _world.Person.Does("111111", "123456");

        Assert.Equal(SessionEnd.Completed, (await _world.Host.RunAsync(link, null, Nothing, Cancel)).End);
        Assert.Equal(
            ["Log in with your card.", "To sign, PIN:", "Wrong, 5 left\nTo sign, PIN:"], _world.Person.Shown,
            StringComparer.Ordinal);
        Assert.Equal(SessionEnd.Completed, (await _world.Host.RunAsync(link, null, Nothing, Cancel)).End);
        Assert.Equal(0, _world.Person.Left);

        using var again = Insert(card, 0x2B);
        _world.Person.Does("!cancel");
        Assert.Equal(SessionEnd.Left, (await _world.Host.RunAsync(again, null, Nothing, Cancel)).End);
    }

    [Fact]
    public async Task A_card_whose_PIN_is_blocked_is_refused_and_told_so()
    {
        var card = Card(PivKeyReference.Authentication, out var certificate, tries: 1);
        await RegisterAsync(certificate);
        _world.Person.Does("111111");

        Assert.Equal(SessionEnd.CardRefused, (await RunAsync(card)).End);
        Assert.Equal("Your PIN is blocked.", _world.Person.Shown[^1]);
    }

    [Fact]
    public async Task A_trusted_certificate_names_the_holder_where_the_operator_has_it_so()
    {
        var world = await WithAsync(HolderNaming.Mail);
        using var ada = Key();
        using var grace = Key();
        var first = Card(PivKeyReference.CardAuthentication, world.Authority.Issue(
            "CN=Ada Byron, E=Ada@Town.example", ada, SigningWorld.Now.AddDays(-1), SigningWorld.Now.AddYears(1)), ada);
        var second = Card(PivKeyReference.CardAuthentication, world.Authority.Issue(
            "CN=A. Byron, E=ada@town.example", grace, SigningWorld.Now.AddDays(-1), SigningWorld.Now.AddYears(1)), grace);

        List<Holder> holders = [];
        foreach (var card in (ForeignCard[])[first, second, first])
        {
            var (end, _) = await RunAsync(card, world, (session, _) =>
            {
                holders.Add(session.Holder);
                return Task.CompletedTask;
            });
            Assert.Equal(SessionEnd.Completed, end);
        }

        Assert.Equal("Ada Byron", Assert.Single(holders.Distinct()).Name);
        Assert.Equal(2, world.Keys.Keys.Count);
        Assert.All(world.Keys.Keys.Values, key => Assert.Equal("mail:ada@town.example", key.Name));
    }

    [Theory]
    [InlineData(HolderNaming.None)]
    [InlineData(HolderNaming.Mail)]
    public async Task A_trusted_card_that_nobody_registered_and_that_names_no_holder_is_refused(HolderNaming naming)
    {
        var world = await WithAsync(naming);
        using var key = Key();
        var card = Card(PivKeyReference.CardAuthentication, world.Authority.Issue(
            "CN=Eve", key, SigningWorld.Now.AddDays(-1), SigningWorld.Now.AddYears(1)), key);

        Assert.Equal(SessionEnd.CardRefused, (await RunAsync(card, world)).End);
        Assert.Equal("This card is not registered here. Please ask your issuer.", world.Person.Shown[^1]);
        Assert.Empty(world.Keys.Keys);
    }

    [Fact]
    public async Task A_key_does_not_pass_from_one_named_holder_to_another()
    {
        var world = await WithAsync(HolderNaming.Subject);
        using var key = Key();
        Assert.Equal(SessionEnd.Completed, (await RunAsync(Issued("CN=Ada"), world)).End);

        Assert.Equal(SessionEnd.CardRefused, (await RunAsync(Issued("CN=Eve"), world)).End);
        Assert.Contains("It was the card of subject:CN=Ada", Recorded(world)[^1].Words, StringComparison.Ordinal);

        ForeignCard Issued(string name) => Card(PivKeyReference.CardAuthentication, world.Authority.Issue(
            name, key, SigningWorld.Now.AddDays(-1), SigningWorld.Now.AddYears(1)), key);
    }

    [Fact]
    public async Task A_certificate_of_another_key_and_one_of_nobody_are_refused()
    {
        using var other = Key();
        Card(PivKeyReference.CardAuthentication, out var certificate);
        await RegisterAsync(certificate);
        var copied = Card(PivKeyReference.CardAuthentication, certificate, other);

        Assert.Equal(SessionEnd.CardRefused, (await RunAsync(copied)).End);
        Assert.Equal("This card does not prove that its certificate is its own.", _world.Person.Shown[^1]);

        var stranger = Card(PivKeyReference.CardAuthentication, out _);
        Assert.Equal(SessionEnd.CardRefused, (await RunAsync(stranger)).End);
        Assert.Equal("The certificate of this card is not trusted here.", _world.Person.Shown[^1]);
    }

    [Fact]
    public async Task A_registered_card_is_refused_once_its_certificate_is_taken_back_or_has_run_out()
    {
        var issued = _world.Authority.Issue("CN=Ada", Key(), SigningWorld.Now.AddDays(-2), SigningWorld.Now.AddYears(1));
        var card = Card(PivKeyReference.CardAuthentication, issued, _made[^1]);
        await RegisterAsync(issued);
        Assert.Equal(SessionEnd.Completed, (await RunAsync(card)).End);

        _world.Trust.Dispose();
        _world.Trust = TrustStore.Of([_world.Authority.Certificate], lists: [RevocationList.Read(_world.Authority.List(
            SigningWorld.Now.AddHours(-1), SigningWorld.Now.AddDays(1), (issued, SigningWorld.Now.AddMinutes(-5))))]);
        Assert.Equal(SessionEnd.CardRefused, (await RunAsync(card)).End);
        Assert.Equal("The certificate of this card was revoked. Please ask your issuer.", _world.Person.Shown[^1]);

        var late = _world.Authority.Issue("CN=Ada", Key(), SigningWorld.Now.AddDays(-2), SigningWorld.Now.AddDays(-1));
        var expired = Card(PivKeyReference.CardAuthentication, late, _made[^1]);
        await RegisterAsync(late);
        Assert.Equal(SessionEnd.CardRefused, (await RunAsync(expired)).End);
        Assert.Equal("The certificate of this card has expired. Please ask your issuer.", _world.Person.Shown[^1]);
    }

    [Theory]
    [InlineData(false, SessionEnd.Completed)]
    [InlineData(true, SessionEnd.CardRefused)]
    public async Task Of_a_registered_card_a_root_is_wanted_where_the_operator_wants_certificates(bool wanted, SessionEnd expected)
    {
        var world = await WithAsync(HolderNaming.None, wanted ? false : null);
        var card = Card(PivKeyReference.CardAuthentication, out var certificate);
        await RegisterAsync(certificate, world);

        Assert.Equal(expected, (await RunAsync(card, world)).End);
    }

    [Fact]
    public async Task A_card_that_was_reported_stolen_or_withdrawn_has_no_session()
    {
        var card = Card(PivKeyReference.CardAuthentication, out var certificate);
        var id = await RegisterAsync(certificate);

        _world.Holders.Change(id, CardState.Stolen);
        Assert.Equal(SessionEnd.CardRefused, (await RunAsync(card)).End);
        Assert.StartsWith("This card was reported stolen.", _world.Person.Shown[^1], StringComparison.Ordinal);
        _world.Holders.Change(id, CardState.Revoked);
        Assert.Equal(SessionEnd.CardRefused, (await RunAsync(card)).End);
        Assert.Equal("This card cannot be used here.", _world.Person.Shown[^1]);
    }

    [Theory]
    [InlineData(PivKeyReference.CardAuthentication)]
    [InlineData(PivKeyReference.Authentication)]
    public async Task One_that_was_disabled_is_told_so_before_anything_is_asked(byte reference)
    {
        var card = Card(reference, out var certificate);
        _world.Holders.Change(await RegisterAsync(certificate), CardState.Disabled);

        Assert.Equal(SessionEnd.CardRefused, (await RunAsync(card)).End);
        Assert.Equal(["This card has been disabled. Please ask your issuer."], _world.Person.Shown, StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_needs_a_purse_is_refused_in_words()
    {
        var card = Card(PivKeyReference.CardAuthentication, out var certificate);
        await RegisterAsync(certificate);
        using var link = Insert(card);

        var (_, end) = await _world.RunAsync(link, Dialogue.Pay(Amount.Of(1), "Tea"));

        Assert.Equal(DialogueEnd.CardRefused, end);
        Assert.Equal("This card carries no purse.", string.Join(' ', _world.Person.Shown));
    }

    [Fact]
    public async Task A_session_at_a_browser_goes_on_with_the_same_card_only()
    {
        var card = Card(PivKeyReference.CardAuthentication, out var certificate);
        var other = Card(PivKeyReference.CardAuthentication, out var others);
        await RegisterAsync(certificate);
        await RegisterAsync(others);
        var rich = Toolkit.TerminalProfile.Rich;
        using var link = Insert(card, profile: rich);
        using var wrong = Insert(other, 0x2B, rich);
        using var right = Insert(card, 0x2C, rich);
        var insertions = new Queue<SigningLink>([wrong, right]);
        _world.Page.OnTold = status =>
        {
            if (status.State != PageState.InsertCard || !insertions.TryDequeue(out var next)) return;
            var pulled = next == right ? wrong.PulledAsync() : Task.CompletedTask;
            Assert.True(wrong.Ended.IsCancellationRequested || next == wrong);
            Assert.True(_world.Host.Return(next), $"{pulled.Status}");
        };

        var outcome = await _world.Host.RunAsync(link, _world.Page, new World.Script(async (session, cancel) =>
        {
            await link.PulledAsync();
            _world.Person.Does("123456");
            await session.RunAsync(Dialogue.ChangePin(), cancel);
        }), Cancel);

        Assert.Contains(_world.Page.Told, status => status.Text.StartsWith("This is another card.", StringComparison.Ordinal));
        Assert.Same(right, outcome.Link);
        Assert.NotEmpty(right.Ran);
    }

    private static World.Script Nothing => new((_, _) => Task.CompletedTask);

    private async Task<SigningWorld> WithAsync(HolderNaming naming, bool? certificates = null)
    {
        var world = await SigningWorld.WithAsync(naming: naming, certificates: certificates);
        _worlds.Add(world);
        return world;
    }

    private async Task<(SessionEnd End, SigningLink Link)> RunAsync(
        ForeignCard card, SigningWorld? world = null, Func<CardSession, CancellationToken, Task>? session = null)
    {
        var at = world ?? _world;
        var link = Insert(card, world: at);
        var outcome = await at.Host.RunAsync(
            link, null, new World.Script(session ?? ((_, _) => Task.CompletedTask)), Cancel);
        Assert.Null(outcome.Fault);
        return (outcome.End, link);
    }

    private SigningLink Insert(
        ForeignCard card, ushort session = 0x2A, Toolkit.TerminalProfile? profile = null, SigningWorld? world = null)
    {
        var at = world ?? _world;
        return new SigningLink(at.Card, at.Person, profile ?? Toolkit.TerminalProfile.TextOnly, at.ServerId, session)
        {
            Foreign = card,
        };
    }

    private async Task<Cards.CardId> RegisterAsync(X509Certificate2 certificate, SigningWorld? world = null)
    {
        var at = world ?? _world;
        var digest = KnownKey.DigestOf(certificate);
        var card = KnownKey.CardOf(digest);
        await at.Keys.RegisterAsync(
            KnownKey.Registration(card, at.Registration.Holder, SigningWorld.Now),
            [new KnownKey(digest, card, certificate.Subject, null)], Cancel);
        return card;
    }

    private static List<KeyVerdict> Recorded(SigningWorld world) =>
        [.. Journal.Effects<KeyVerdict>(world.Sessions.Steps, "certificate")];

    private ECDsa Key()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _made.Add(key);
        return key;
    }

    /// <summary>One with a certificate that it signed itself.</summary>
    private ForeignCard Card(byte reference, out X509Certificate2 certificate, int tries = 6)
    {
        var key = Key();
        certificate = new CertificateRequest("CN=Foreign", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(SigningWorld.Now.AddDays(-1), SigningWorld.Now.AddYears(1));
        return Card(reference, certificate, key, tries);
    }

    private static ForeignCard Card(byte reference, X509Certificate2 certificate, AsymmetricAlgorithm key, int tries = 6)
    {
        var card = new ForeignCard { Tries = tries };
        card.Put(reference, certificate.RawData);
        card.Keys[reference] = key;
        return card;
    }
}
