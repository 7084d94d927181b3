using Tessera.Apps;
using Tessera.Cards.Identity;
using Tessera.Cards.Purse;
using Tessera.Platform.Applications;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Signing;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Testing;
using Tessera.Toolkit;
using Tessera.Toolkit.Scripts;
using Xunit;

namespace Tessera.Platform.Tests.Signing;

/// <summary>
/// An application that begins with a document has it signed in the script that opens the session, and gets nothing before
/// the card is proven (docs/protocols/evidence.md §1.1).
/// </summary>
public class SignOpeningTests
{
    private static readonly Dialogue<SignedTransaction> Sign = Dialogue.Sign(SigningWorld.Contract);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_card_that_proves_itself_by_its_certificate_has_signed_and_it_is_filed_after_one_script()
    {
        using var world = await SigningWorld.WithAsync(certificates: true);
        using var till = world.Insert();
        world.Person.Does("123456");

        var begun = await RunAsync(world, till);

        Assert.Equal((SessionEnd.Completed, 1, 1), (begun.End, begun.Scripts, begun.Filed));
        Assert.Equal([0x9E, 0x9C], till.Ran[0].Steps.OfType<SignStep>().Select(step => step.KeyReference));
        Assert.Equal(SigningWorld.CardId, begun.Signed!.Card);
        Assert.True(EvidenceCheck.Check(SignTests.Only(world), world.Trust).Holds);
        Assert.Contains(till.Ran[1].Steps, IsInitialize);
        Assert.Equal(2, till.Ran.Count);
    }

    [Fact]
    public async Task A_card_that_was_there_before_proves_itself_behind_it_and_the_session_is_one_script()
    {
        using var world = await SigningWorld.WithAsync();
        using (var first = world.Insert())
        {
            world.Person.Does("123456");
            var begun = await RunAsync(world, first);
            Assert.Equal((SessionEnd.Completed, 2, 1), (begun.End, begun.Scripts, begun.Filed));
        }

        using var again = world.Insert(session: 0x2B);
        world.Person.Does("123456");
        var known = await RunAsync(world, again);

        Assert.Equal((SessionEnd.Completed, 1, 2), (known.End, known.Scripts, known.Filed));
        Assert.Single(again.Ran);
        var steps = again.Ran[0].Steps.ToList();
        Assert.True(steps.FindIndex(IsInitialize) > steps.FindIndex(step => step is SignStep { KeyReference: 0x9C }));
    }

    [Fact]
    public async Task What_the_card_says_behind_a_signature_is_not_in_the_evidence()
    {
        using var world = await SigningWorld.WithAsync();
        for (ushort session = 0x2A; session < 0x2C; session++)
        {
            using var till = world.Insert(session: session);
            world.Person.Does("123456");
            await RunAsync(world, till);
        }

        var file = EvidenceFile.Read(world.Evidence.Filed[^1].File.Span);
        var script = file.Script.Read<CommandScript>();
        Assert.Equal(file.Step, script.Numbered().Last().Ordinal);
        Assert.DoesNotContain(script.Steps, IsInitialize);
        Assert.Equal(
            file.Answer.Read<ResponseScript>().Executed,
            file.Answer.Read<ResponseScript>().Results.OfType<CardResult>().Count());
        Assert.True(EvidenceCheck.Check(file, world.Trust).Holds);
    }

    [Fact]
    public async Task Without_certificate_login_nothing_is_filed_before_the_card_has_given_its_S1()
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        world.Person.Does("123456");
        till.Answering = (script, answer) =>
        {
            if (!script.Steps.Any(IsInitialize)) return answer;
            Assert.Empty(world.Evidence.Filed);
            var octets = answer.ToArray();
            octets[^3] ^= 1;
            return new(octets);
        };

        var begun = await RunAsync(world, till);

        Assert.Equal(SessionEnd.CardRefused, begun.End);
        Assert.Null(begun.Signed);
        Assert.Empty(world.Evidence.Filed);
        Assert.Contains(till.Ran[0].Steps, step => step is SignStep { KeyReference: 0x9C });
    }

    [Fact]
    public async Task What_a_card_signed_that_is_refused_is_thrown_away()
    {
        using var world = await SigningWorld.WithAsync(certificates: true);
        using (var till = world.Insert())
        {
            world.Revoke();
            world.Person.Does("123456");
            Assert.Equal((SessionEnd.Left, DialogueEnd.CardRefused), await EndAsync(world, till));
        }

        using var other = TestAuthority.Root("CN=Other", SigningWorld.Now.AddYears(-1));
        world.Trust.Dispose();
        world.Trust = TrustStore.Of([other.Certificate]);
        using var again = world.Insert(session: 0x2B);
        world.Person.Does("123456");

        var begun = await RunAsync(world, again);

        Assert.Equal((SessionEnd.CardRefused, 0), (begun.End, world.Evidence.Filed.Count));
        Assert.Contains(again.Ran[0].Steps, step => step is SignStep { KeyReference: 0x9C });
    }

    [Fact]
    public async Task A_card_that_was_reported_stolen_gets_its_order_first_and_nothing_is_filed()
    {
        using var world = await SigningWorld.WithAsync(certificates: true);
        await world.Treasury.ReportStolenAsync(SigningWorld.CardId, Cancel);
        using var till = world.Insert();
        world.Person.Does("123456");

        var begun = await RunAsync(world, till);

        Assert.Equal((SessionEnd.CardRefused, 0), (begun.End, world.Evidence.Filed.Count));
        Assert.Contains(till.Ran, script => script.Moves(MoveKind.Deactivate));
    }

    [Theory]
    [InlineData(DialogueEnd.Cancelled, "!cancel at text")]
    [InlineData(DialogueEnd.Cancelled, "!cancel")]
    [InlineData(DialogueEnd.TimedOut, "!late")]
    [InlineData(DialogueEnd.PinBlocked, "111111", "222222", "333333", "Stop")]
    public async Task Who_declines_in_the_opening_signs_nothing(DialogueEnd expected, params string[] answers)
    {
        using var world = await SigningWorld.WithAsync(certificates: true);
        using var till = world.Insert();
        world.Person.Does(answers);

        var begun = await RunAsync(world, till);

        Assert.Equal((SessionEnd.Left, expected), (begun.End, begun.Ended));
        Assert.Empty(world.Evidence.Filed);
    }

    [Fact]
    public async Task Wrong_PINs_are_asked_again_in_the_opening()
    {
        using var world = await SigningWorld.WithAsync(certificates: true);
        using var till = world.Insert();
        world.Person.Does("111111", "222222", "123456");

        var begun = await RunAsync(world, till);

        Assert.Equal((1, 1), (begun.Scripts, begun.Filed));
        Assert.True(EvidenceCheck.Check(SignTests.Only(world), world.Trust).Holds);
    }

    [Fact]
    public async Task A_choice_of_documents_and_what_is_said_behind_are_in_the_same_script()
    {
        using var world = await SigningWorld.WithAsync(certificates: true);
        using var till = world.Insert();
        world.Person.Does("Coal", "123456");
        var choice = Dialogue.Choose(
            View.Titled("What?"), ["Wood", "Coal", "Oil"], one => one,
            one => Dialogue.Sign(View.Titled($"Order of {one}").Text("To be paid.")).ThenShow("Thank you."));

        var begun = await RunAsync(world, till, choice.Select(chosen => chosen.Result));

        Assert.Equal((SessionEnd.Completed, 1, 1), (begun.End, begun.Scripts, begun.Filed));
        var file = SignTests.Only(world);
        Assert.Equal(["What?: Coal", "Order of Coal\nTo be paid."], file.Shown);
        Assert.Equal("Order of Coal", world.Evidence.Filed[0].Title);
        Assert.True(EvidenceCheck.Check(file, world.Trust).Holds);
        Assert.Contains("Thank you.", world.Person.Shown, StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_order_is_chosen_and_signed_in_the_opening()
    {
        using var world = await SigningWorld.WithAsync(certificates: true);
        using var till = world.Insert();
        world.Person.Does("Coal, 500 kg 240.00", "123456");

        var outcome = await world.Host.RunAsync(till, null, new OrdersApplication(), Cancel);

        Assert.Equal(SessionEnd.Completed, outcome.End);
        Assert.Equal((0, 1), (till.Ran.FindIndex(SignTests.Signs), till.Ran.Count(SignTests.Signs)));
        Assert.StartsWith("Order ", Assert.Single(world.Evidence.Filed).Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_cannot_sign_is_told_so_and_one_without_purse_signs()
    {
        using var none = await SigningWorld.WithAsync(signs: false);
        using var till = none.Insert();
        Assert.Equal((SessionEnd.Left, DialogueEnd.CardRefused), await EndAsync(none, till));
        Assert.Contains("This card cannot sign here.", none.Person.Shown, StringComparer.Ordinal);

        using var store = await SigningWorld.WithAsync(hasPurse: false, certificates: true);
        for (ushort session = 0x2A; session < 0x2C; session++)
        {
            using var counter = store.Insert(session: session);
            store.Person.Does("123456");
            Assert.Equal(1, (await RunAsync(store, counter)).Scripts);
        }

        Assert.Equal(2, store.Evidence.Filed.Count);
    }

    [Fact]
    public async Task Beside_a_browser_it_is_in_the_opening_too()
    {
        using var world = await SigningWorld.WithAsync(certificates: true);
        using var agent = world.Insert(TerminalProfile.Rich);
        world.Person.Does("123456");

        var begun = await RunAsync(world, agent);

        Assert.Equal((SessionEnd.Completed, 1, 1), (begun.End, begun.Scripts, begun.Filed));
        Assert.Contains(world.Page.Told, told => told.State == PageState.LookAtTerminal);
    }

    [Fact]
    public async Task An_application_that_begins_otherwise_than_it_opens_fails_and_nothing_is_filed()
    {
        using var world = await SigningWorld.WithAsync(certificates: true);
        foreach (var other in (Func<CardSession, CancellationToken, Task>[])
            [(session, cancel) => session.RunAsync(Dialogue.Sign(View.Titled("Another")), cancel), (_, _) => Task.CompletedTask])
        {
            using var till = world.Insert(session: (ushort)world.Person.Shown.Count);
            world.Person.Does("123456");
            var outcome = await world.Host.RunAsync(till, null, new Opening(Sign, other), Cancel);
            Assert.IsType<InvalidOperationException>(outcome.Fault);
        }

        Assert.Empty(world.Evidence.Filed);
    }

    [Fact]
    public async Task Wherever_the_server_dies_it_is_signed_once_and_filed_once()
    {
        var writes = 0;
        for (var point = 0; point <= 2 * writes; point++)
        {
            using var world = await SigningWorld.WithAsync(certificates: true);
            using var till = world.Insert();
            world.Person.Does("123456");
            SignedTransaction? signed = null;
            var application = new Opening(Sign, async (session, cancel) => signed = await session.RunAsync(Sign, cancel));
            var before = world.Power.Writes;
            world.Power.FailAt(point);
            try
            {
                await world.Host.RunAsync(till, null, application, Cancel);
            }
            catch (CrashException)
            {
                // It is started again.
            }

            if (world.Power.HasFailed)
            {
                world.Restart();
                if (await world.Host.ResumeAsync(till, null, _ => application, Cancel) is null && signed is null)
                    await world.Host.RunAsync(till, null, application, Cancel);
            }

            if (point == 0) writes = world.Power.Writes - before;
            Assert.Single(till.Ran, SignTests.Signs);
            Assert.Equal(signed!.Evidence, SignTests.Only(world).Id.ToString());
        }

        Assert.InRange(writes, 8, 40);
    }

    private static async Task<(SessionEnd, DialogueEnd?)> EndAsync(SigningWorld world, SigningLink link)
    {
        var begun = await RunAsync(world, link);
        return (begun.End, begun.Ended);
    }

    /// <summary>Runs a session that begins with the dialogue; what was so when the application had its result.</summary>
    private static async Task<Begun> RunAsync(
        SigningWorld world, SigningLink link, Dialogue<SignedTransaction>? dialogue = null)
    {
        var begun = new Begun();
        var outcome = await world.Host.RunAsync(
            link, link.Profile.HasRichPages ? world.Page : null,
            new Opening(dialogue ?? Sign, async (session, cancel) =>
            {
                try
                {
                    begun.Signed = await session.RunAsync(dialogue ?? Sign, cancel);
                }
                catch (DialogueEndedException ended)
                {
                    begun.Ended = ended.End;
                    throw;
                }
                finally
                {
                    (begun.Scripts, begun.Filed) = (link.Ran.Count, world.Evidence.Filed.Count);
                }
            }), Cancel);
        Assert.Null(outcome.Fault);
        begun.End = outcome.End;
        return begun;
    }

    private static bool IsInitialize(ScriptStep step) => step is CardStep { Command: { Cla: 0x80, Ins: 0x50 } };

    private sealed class Begun
    {
        public SignedTransaction? Signed { get; set; }

        public DialogueEnd? Ended { get; set; }

        public int Scripts { get; set; }

        public int Filed { get; set; }

        public SessionEnd End { get; set; }
    }

    private sealed class Opening(Dialogue dialogue, Func<CardSession, CancellationToken, Task> run) : IOpeningApplication
    {
        public string Name => "opening";

        public string Title => "Opening";

        Dialogue IOpeningApplication.Opening(SessionReference session, DateTimeOffset opened) => dialogue;

        public Task RunAsync(CardSession session, CancellationToken cancel) => run(session, cancel);
    }
}
