using System.Runtime.CompilerServices;
using System.Text;
using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Interop.Tests.Phone.Modems;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Scripts;
using Tessera.Testing;
using Tessera.Toolkit;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Pcsc;

/// <summary>A reader with a keypad behind pcscd: its driver reads our blocks and types the PIN into the command.</summary>
[Collection(PcscdAlone.Name)]
public sealed class PinPadTests(PrivatePcscd pcscd) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly CardOsInReader _inserted = new();
    private int _journals;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Keys => _folder.File("keys");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _inserted.DisposeAsync();
        await pcscd.StopAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_PIN_goes_from_the_keypad_to_the_card()
    {
        await using var card = await InsertAsync();
        var pad = await card.FindPinPadAsync(Cancel);
        Assert.NotNull(pad);

        Assert.Equal(Said("63C2"), await EnterAsync(pad, "999999", PinPlace.Verify()));
        Assert.Equal(Said("9000"), await EnterAsync(pad, DemonstrationKeys.Pin, PinPlace.Verify()));
        Assert.Equal(StatusWord.Success, (await card.TransmitAsync(PinCommands.Status, Cancel)).Status);
    }

    [Fact]
    public async Task A_new_PIN_is_typed_twice_after_the_old_one()
    {
        await using var card = await InsertAsync();
        var pad = (await card.FindPinPadAsync(Cancel))!;

        Assert.Equal(PinEntryEnd.Differed, (await EnterAsync(pad, "123456 654321 654322", PinPlace.Change())).End);
        Assert.Equal(Said("9000"), await EnterAsync(pad, "123456 87654321 87654321", PinPlace.Change()));
        Assert.Equal(Said("9000"), await EnterAsync(pad, "87654321", PinPlace.Verify()));
    }

    [Fact]
    public async Task A_script_changes_the_PIN_at_the_keypad_and_no_digit_comes_by_the_terminal()
    {
        await using var card = await InsertAsync();
        await File.WriteAllTextAsync(Keys, "123456 87654321 87654321", Cancel);

        var answer = await RunAsync(card, new ScriptBuilder().Send(PurseCommands.Select).ChangePin(out _));

        Assert.Equal("9000", ((CardResult)answer.Results[^1]).Answer.Status.ToString());
        Assert.Null(answer.Stopped);
        await File.WriteAllTextAsync(Keys, "87654321", Cancel);
        Assert.Null((await RunAsync(card, new ScriptBuilder().Send(PurseCommands.Select).VerifyPin())).Stopped);
    }

    [Fact]
    public async Task A_reader_that_cannot_change_a_PIN_as_it_claims_leaves_it_to_the_screen()
    {
        await using var card = await InsertAsync();
        await File.WriteAllTextAsync(Keys, "lie", Cancel);
        var display = new AtTheTerminal();

        var answer = await RunAsync(card, new ScriptBuilder().Send(PurseCommands.Select).ChangePin(out _), display);

        Assert.Null(answer.Stopped);
        Assert.Equal(["PIN:", "New PIN:", "New PIN again:"], display.Asked);
    }

    [Fact]
    public async Task An_entry_that_does_not_reach_the_card_costs_no_try()
    {
        await using var card = await InsertAsync();
        var pad = (await card.FindPinPadAsync(Cancel))!;

        Assert.Equal(PinEntryEnd.Cancelled, (await EnterAsync(pad, "cancel", PinPlace.Verify())).End);
        Assert.Equal(PinEntryEnd.TimedOut, (await EnterAsync(pad, "timeout", PinPlace.Verify())).End);
        Assert.Equal(PinEntryEnd.WrongLength, (await EnterAsync(pad, "12345", PinPlace.Verify())).End);
        Assert.Equal(PinEntryEnd.WrongLength, (await EnterAsync(pad, "123456789", PinPlace.Verify())).End);
        Assert.Equal(PinEntryEnd.Unusable, (await EnterAsync(pad, "lie", PinPlace.Verify())).End);
        Assert.Equal(3, (await card.TransmitAsync(PinCommands.Status, Cancel)).Status.TriesLeft);
    }

    [Fact]
    public async Task A_reader_without_a_keypad_has_none()
    {
        await using var reader = await pcscd.OpenAsync(null, Cancel);
        _inserted.Insert(pcscd.EndPoint);
        await using var card = await reader.InsertedAsync(Cancel);

        Assert.Null(await card.FindPinPadAsync(Cancel));
    }

    /// <summary>Runs a script beside the card; a holder that is asked for digits at the terminal has none.</summary>
    private async Task<ResponseScript> RunAsync(ICard card, ScriptBuilder script, IHolderInterface? holder = null)
    {
        using var journal = FileScriptJournal.Open(_folder.File($"journal{_journals++}"));
        var rules = TerminalRules.ForTerminal(Bytes.FromHex("A1A2A3A4A5A6A7A8"), TerminalProfile.Rich);
        var runner = new ScriptRunner(
            journal, rules, holder ?? new ScreenHolder(new RichScreen()), new ScriptLimits(), TimeProvider.System);
        var session = runner.Insert(card).Session;
        return (await runner.RunAsync(Bytes.Of(script.Build(session, 1)), Cancel)).Read<ResponseScript>();
    }

    private static PinPadAnswer Said(string status) =>
        new(PinEntryEnd.Answered, Bytes.FromHex(status).Read<StatusWord>());

    private async Task<PinPadAnswer> EnterAsync(IPinPad pad, string typed, PinPlace place)
    {
        await File.WriteAllTextAsync(Keys, typed, Cancel);
        return await pad.EnterAsync(place, Cancel);
    }

    /// <summary>A card in a reader whose driver was just compiled.</summary>
    private async Task<ICard> InsertAsync()
    {
        if (!File.Exists("/usr/bin/gcc")) Assert.Skip("install gcc");
        var driver = _folder.File("libkeypad.so");
        var source = Path.Combine(Path.GetDirectoryName(Here())!, "keypad.c");
        await PeerTool.RunAsync("/usr/bin/gcc", ["-shared", "-fPIC", "-o", driver, source, "-ldl"], default, Cancel);
        await using var reader = await pcscd.OpenAsync(null, Cancel, (driver, Keys));
        _inserted.Insert(pcscd.EndPoint);
        var card = await reader.InsertedAsync(Cancel);
        Assert.NotNull(await PurseClient.SelectAsync(card, Cancel));
        return card;
    }

    /// <summary>Types at the terminal itself, and clears every text.</summary>
    private sealed class AtTheTerminal : IHolderInterface
    {
        public List<string> Asked { get; } = [];

        public async Task<StepOutcome> PerformAsync(Perform action, CancellationToken cancel)
        {
            if (action.Prompt is null) await Task.Delay(Timeout.Infinite, cancel);
            Asked.Add(action.Command.Text!);
            var digits = action.Prompt!.Kind == PromptKind.Pin ? DemonstrationKeys.Pin : "87654321";
            return new HolderEntered(Encoding.ASCII.GetBytes(digits));
        }
    }

    private static string Here([CallerFilePath] string file = "") => file;

    private sealed class CardOsInReader : IAsyncDisposable
    {
        private InsertedCard? _card;

        public void Insert(System.Net.IPEndPoint reader) =>
            _card = InsertedCard.Insert(reader, InsertedCard.Demonstration(CardId.Parse("0123456789ABCDEF")));

        public ValueTask DisposeAsync() => _card?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
