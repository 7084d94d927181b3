using System.Security.Cryptography;
using System.Text;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Sessions;
using Tessera.Platform.Sessions.Verifying;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Testing;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Verifiers;
using Tessera.Verifier;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>Holders are identified by a real verifier, where issuer and terminal want that (docs/protocols/verifier.md §5).</summary>
public sealed class VerifierTests : IDisposable
{
    private const string Pin = "493827";
    private const string Asked = "Your balance\nPIN goes to\nLake Bank:";
    private const string Told = "You have 20.00.";

    private static readonly TerminalProfile Phone = TerminalProfile.Phone with { Capabilities = TerminalCapabilities.Verifier };

    /// <summary>Its short id is what the model takes for the identity of the server.</summary>
    private static readonly PeerIdentity Server = new(new Bytes((byte[])[.. World.Server.Span, .. new byte[24]]));

    private readonly TempFolder _folder = new();
    private readonly VerifierFolder _keys;
    private readonly ReferenceStore _references;
    private readonly VerifierDesk _desk;
    private readonly List<VerifierRequest> _questions = [];
    private Func<VerifierRequest, Bytes, Bytes> _onTheWay = (_, answer) => answer;

    public VerifierTests()
    {
        _keys = VerifierFolder.Create(_folder.File("verifier"), "Lake Bank");
        _references = new ReferenceStore(_keys, TimeProvider.System);
        _desk = new VerifierDesk(_keys, _references, TimeProvider.System);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _desk.Dispose();
        _references.Dispose();
        _keys.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_verifier_identifies_and_the_card_is_not_asked_to_move_anything()
    {
        using var world = await WorldAsync();
        using var phone = world.Insert(Phone);
        world.Person.Does(Pin);

        Assert.Null(await EndOfAsync(world, phone));

        Assert.Contains(Asked, world.Person.Shown, StringComparer.Ordinal);
        Assert.Contains(Told, world.Person.Shown, StringComparer.Ordinal);
        Assert.All(world.Card.Log, movement => Assert.Equal(MoveTerms.WithoutPin, movement.Terms));
        Assert.Equal(2, _questions.Count);
        Assert.DoesNotContain(phone.Answers, answer => answer.ToString().Contains("343933383237", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_released_is_not_in_a_script_before_the_verdict()
    {
        using var world = await WorldAsync();
        using var phone = world.Insert(Phone);
        world.Person.Does("!cancel");

        Assert.Equal(DialogueEnd.Cancelled, await EndOfAsync(world, phone));

        Assert.DoesNotContain(phone.Came, script => script.ToString().Contains(
            Convert.ToHexString(Encoding.ASCII.GetBytes("20.00")), StringComparison.Ordinal));
        Assert.Single(_questions);
    }

    [Fact]
    public async Task A_wrong_PIN_is_asked_again_until_the_holder_is_blocked()
    {
        using var world = await WorldAsync();
        using var phone = world.Insert(Phone);
        world.Person.Does("000000", "000000", "000000");

        Assert.Equal(DialogueEnd.PinBlocked, await EndOfAsync(world, phone));
        Assert.Equal(DialogueEnd.PinBlocked, await EndOfAsync(world, world.Insert(Phone, session: 0x2B)));

        string[] said = ["Wrong PIN. 2 tries left.", "Wrong PIN. 1 try left.", "You are blocked at Lake Bank. Please ask there."];
        Assert.Equal(
            said, world.Person.Shown.Where(text => said.Contains(text, StringComparer.Ordinal)).Take(3), StringComparer.Ordinal);
        Assert.Equal(3, world.Person.Shown.Count(text => text is Asked));
        Assert.DoesNotContain(Told, world.Person.Shown, StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_it_refuses_is_counted_at_the_card_until_it_identifies()
    {
        using var world = await WorldAsync();
        var card = world.Registration.Card;
        foreach (var (does, counted) in ((string, int)[])[("!cancel", 1), ("!cancel", 2), (Pin, 0)])
        {
            world.Person.Does(does);
            await EndOfAsync(world, world.Insert(Phone, session: (ushort)(0x2A + counted)));
            Assert.Equal(counted, world.Holders.Tries[card].Count);
        }
    }

    [Fact]
    public async Task Payments_are_confirmed_by_the_card_as_ever()
    {
        using var world = await WorldAsync();
        using var phone = world.Insert(Phone);
        world.Person.Does("123456");

        Receipt? receipt = null;
        await world.RunAsync(
            phone, async (session, cancel) => receipt = await session.RunAsync(
                Dialogue.Pay(Amount.Of(12.50m), "Lunch"), cancel), Verification.Any);

        Assert.Equal(PaymentMethod.Pin, receipt!.Method);
        Assert.Equal(750, world.Account);
        Assert.Empty(_questions);
    }

    [Fact]
    public async Task An_application_that_wants_the_card_to_verify_has_it()
    {
        using var world = await WorldAsync();
        using var phone = world.Insert(Phone);
        world.Person.Does("123456");

        await world.RunAsync(phone, IdentifyAsync, Verification.Pin);

        Assert.Contains("Your balance\nIdentify, PIN:", world.Person.Shown, StringComparer.Ordinal);
        Assert.Empty(_questions);
    }

    [Fact]
    public async Task A_terminal_that_is_not_set_up_for_it_is_told_apart_and_nothing_is_asked()
    {
        using var world = await WorldAsync();

        Assert.Equal(DialogueEnd.TerminalRefused, await EndOfAsync(world, world.Insert(TerminalProfile.Phone)));
        using var other = VerifierFolder.Create(_folder.File("other"), "Sea Bank");
        world.Verifier = other.Public;
        Assert.Equal(DialogueEnd.TerminalRefused, await EndOfAsync(world, world.Insert(Phone, session: 0x2B)));

        Assert.Equal(2, world.Person.Shown.Count(text => text is "This terminal sends nothing to Lake Bank."));
        Assert.DoesNotContain(world.Person.Shown, text => text.Contains("PIN goes to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_verifier_that_is_silent_talks_nonsense_or_does_not_sign_identifies_nobody()
    {
        using var forger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Func<VerifierRequest, Bytes, Bytes>[] troubles =
        [
            (_, _) => throw new IOException("down"),
            (_, _) => Bytes.FromHex("0102"),
            (asked, answer) => asked is VerificationRequest ? throw new IOException("down") : answer,
            (asked, answer) => asked is VerificationRequest of
                ? Bytes.Of(VerifierVerdict.Sign(forger, of, VerifierResult.Verified, 3, DateTimeOffset.UnixEpoch))
                : answer,
        ];
        foreach (var trouble in troubles)
        {
            using var world = await WorldAsync();
            _onTheWay = trouble;
            world.Person.Does(Pin);

            Assert.Equal(DialogueEnd.NotVerified, await EndOfAsync(world, world.Insert(Phone)));

            Assert.Contains("Lake Bank cannot be asked now. Please try again later.", world.Person.Shown, StringComparer.Ordinal);
            Assert.DoesNotContain(Told, world.Person.Shown, StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task A_nonce_that_a_restart_of_the_verifier_made_stale_is_asked_for_again()
    {
        using var world = await WorldAsync();
        var challenges = 0;
        _onTheWay = (asked, answer) => asked is ChallengeRequest && ++challenges == 1
            ? Bytes.Of(answer.Read<VerifierChallenge>() with { Nonce = new Bytes(new byte[16]) })
            : answer;
        world.Person.Does(Pin, Pin);

        Assert.Null(await EndOfAsync(world, world.Insert(Phone)));

        Assert.Equal(2, challenges);
        Assert.Contains(Told, world.Person.Shown, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_holder_that_the_verifier_does_not_know_is_told_so()
    {
        using var world = await WorldAsync(enrolled: false);

        Assert.Equal(DialogueEnd.NotVerified, await EndOfAsync(world, world.Insert(Phone)));

        Assert.Contains("Lake Bank does not know you yet.", world.Person.Shown, StringComparer.Ordinal);
    }

    private static async Task IdentifyAsync(CardSession session, CancellationToken cancel)
    {
        await session.RunAsync(Dialogue.Identify("Your balance").ThenShow(Told), cancel);
    }

    /// <summary>How an identification ended; null where it had its result.</summary>
    private static async Task<DialogueEnd?> EndOfAsync(World world, ModelLink link)
    {
        using var at = link;
        DialogueEnd? end = null;
        await world.RunAsync(
            link, async (session, cancel) =>
            {
                try
                {
                    await IdentifyAsync(session, cancel);
                }
                catch (DialogueEndedException ended)
                {
                    end = ended.End;
                }
            }, Verification.Any);
        return end;
    }

    private async Task<World> WorldAsync(bool enrolled = true)
    {
        var world = await World.WithAsync(
            2000, options: new SessionOptions { Verification = Verification.Pin | Verification.Verifier, DisableAfter = 9 });
        world.Verifier = _keys.Public;
        world.Believe(new SessionVerifier(_keys.Public, AskAsync));
        if (!enrolled) return world;
        using var held = await _references.HoldAsync(Cancel);
        using var reference = new HolderReference();
        using var pin = PinBlock.OfPin(Pin);
        reference.SetPin(pin, rounds: 1000);
        held.Keep(world.Registration.Card, reference);
        return world;
    }

    private async Task<Bytes> AskAsync(VerifierRequest question, CancellationToken cancel)
    {
        _questions.Add(question);
        return _onTheWay(question, await _desk.AnswerAsync(Bytes.Of(question), Server, cancel));
    }
}
