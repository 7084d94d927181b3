using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Applications;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Sessions;

/// <summary>An application speaks to the second card of a terminal (docs/protocols/script.md §10).</summary>
public class SecondCardTests
{
    private static readonly Bytes Nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");
    private static readonly CommandApdu Read = StoreCommands.Read(7, Nonce);
    private static readonly TerminalProfile Till = TerminalProfile.TextOnly.WithAdditionalReader();

    private static readonly Dialogue<(IReadOnlyList<ResponseApdu>? Module, Receipt Receipt)> Sale =
        Dialogue.AskSecondCard(StoreCommands.Select, Read).Then(Dialogue.Pay(Amount.Of(12.50m), "Lunch"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_answers_in_the_script_that_pays_and_its_answers_are_in_the_digest_of_the_receipt()
    {
        using var world = await World.WithAsync(2000);
        using var till = world.Insert(Till);
        world.Person.SecondCard = Module;
        world.Person.Does("123456");

        var (module, receipt) = await RunAsync(world, till, Sale);

        Assert.Equal([Module(StoreCommands.Select), Module(Read)], module!);
        Assert.Equal(Amount.Of(12.50m), receipt.Amount);
        var script = Assert.Single(till.Ran, script => script.Moves(MoveKind.Debit));
        Assert.Equal(3, script.Steps.Count(IsForSecondCard));
    }

    [Fact]
    public async Task A_status_is_an_answer()
    {
        using var world = await World.WithAsync(0);
        using var till = world.Insert(Till);
        world.Person.SecondCard = _ => new ResponseApdu(StatusWord.FileNotFound);

        var module = await RunAsync(world, till, Dialogue.AskSecondCard(StoreCommands.Select));

        Assert.Equal(StatusWord.FileNotFound, Assert.Single(module!).Status);
    }

    [Fact]
    public async Task Where_none_is_in_the_reader_the_dialogue_goes_on_without()
    {
        using var world = await World.WithAsync(2000);
        using var till = world.Insert(Till);
        world.Person.Does("123456");

        var (module, receipt) = await RunAsync(world, till, Sale);

        Assert.Null(module);
        Assert.Equal(Amount.Of(12.50m), receipt.Amount);
        Assert.Equal(750, world.Account);
    }

    [Fact]
    public async Task A_terminal_without_a_second_reader_is_not_asked()
    {
        using var world = await World.WithAsync(2000);
        using var phone = world.Insert(TerminalProfile.Phone);
        world.Person.SecondCard = Module;
        world.Person.Does("123456");

        Assert.Null((await RunAsync(world, phone, Sale)).Module);
        Assert.DoesNotContain(phone.Ran, script => script.Steps.Any(IsForSecondCard));
    }

    [Fact]
    public async Task What_the_terminal_does_not_allow_ends_the_dialogue()
    {
        using var world = await World.WithAsync(2000);
        using var till = world.Insert(Till);
        world.Person.SecondCard = Module;

        DialogueEnd? ended = null;
        await world.RunAsync(till, async (session, cancel) => ended = await PinTests.EndOfAsync(
            session, Dialogue.AskSecondCard(PurseCommands.Select), cancel));

        Assert.Equal(DialogueEnd.TerminalRefused, ended);
    }

    [Fact]
    public async Task A_payment_behind_answers_that_are_lost_is_made_once_and_owed()
    {
        using var world = await World.WithAsync(2000);
        using var till = world.Insert(Till);
        world.Person.SecondCard = Module;
        world.Person.Does("123456");
        var first = true;
        till.Faults = script => script.Moves(MoveKind.Debit) && first && !(first = false) ? Fault.Interrupted : Fault.None;

        DialogueEnd? ended = null;
        await world.RunAsync(till, async (session, cancel) => ended = await PinTests.EndOfAsync(session, Sale, cancel));

        Assert.Equal(DialogueEnd.Unclear, ended);
        Assert.Single(world.Card.Log, movement => movement.Amount == 1250);
        Assert.Single(await world.Treasury.OwedAsync(world.Holder.Id, Cancel));
    }

    [Fact]
    public async Task A_test_plays_it()
    {
        var test = new TestSession(Till, Amount.Of(20)) { SecondCard = Module }.EntersPin();
        Assert.Equal(2, (await test.RunAsync(Sale, Cancel)).Module!.Count);

        test = new TestSession(TerminalProfile.Phone, Amount.Of(20)) { SecondCard = Module }.EntersPin();
        Assert.Null((await test.RunAsync(Sale, Cancel)).Module);
    }

    [Fact]
    public void One_step_has_one_to_eight_commands()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Dialogue.AskSecondCard());
        Assert.Throws<ArgumentOutOfRangeException>(() => Dialogue.AskSecondCard([.. Enumerable.Repeat(Read, 9)]));
    }

    private static ResponseApdu Module(CommandApdu command) =>
        new(command == Read ? Bytes.FromHex("C1C2C3") : Bytes.FromHex("6F00"), StatusWord.Success);

    private static bool IsForSecondCard(ScriptStep step) => step is ToolkitStep
    {
        Command.Type: CommandType.PowerOnCard or CommandType.PerformCardApdu,
    };

    private static async Task<T> RunAsync<T>(World world, ModelLink link, Dialogue<T> dialogue)
    {
        var result = default(T);
        await world.RunAsync(link, async (session, cancel) => result = await session.RunAsync(dialogue, cancel));
        return result!;
    }
}
