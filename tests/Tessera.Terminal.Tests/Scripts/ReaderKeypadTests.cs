using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Tests.Displays;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Scripts;

/// <summary>docs/protocols/script.md §6.2: PINs are typed at the keypad of the card's reader, where it has one.</summary>
public sealed class ReaderKeypadTests : IAsyncLifetime
{
    private const string Verify = "00200080";
    private const string ChangePin = "00240080";
    private const string Move = "80540100";

    private Counter _counter = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _counter = await Counter.OpenAsync(Cancel);

    public ValueTask DisposeAsync() => _counter.DisposeAsync();

    [Fact]
    public async Task A_PIN_is_typed_at_the_keypad_of_the_reader_where_it_has_one_and_the_payment_stands_on_the_screen()
    {
        var pad = new Keypad(_counter.Card);
        _counter.Card.PinPad = pad;
        var script = await _counter.AuthoriseAsync(Cancel);
        var running = _counter.Runner.RunAsync(script, Cancel);
        await _counter.Screen.AnswerAsync<ListShown>(new Selected(1), Cancel);

        var (_, shown) = await _counter.Screen.AskedAsync<TextShown>(Cancel);
        Assert.Equal("4.80 EUR, PIN:\nAirport 4.80\non the reader", shown.Text);
        pad.Type(DemonstrationKeys.Pin);

        Assert.Equal(480u, _counter.Till.Paid(script, await running)?.Amount);
        Assert.Equal(1, _counter.Card.Commands.Count(command => string.Equals(command, Verify, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(PinEntryEnd.Cancelled, StopReason.EndedByHolder)]
    [InlineData(PinEntryEnd.TimedOut, StopReason.NoAnswerFromHolder)]
    [InlineData(PinEntryEnd.WrongLength, StopReason.NoAnswerFromHolder)]
    public async Task An_entry_at_the_reader_that_ends_without_a_PIN_ends_the_script(PinEntryEnd end, StopReason reason)
    {
        var pad = new Keypad(_counter.Card);
        _counter.Card.PinPad = pad;
        var running = _counter.Runner.RunAsync(await _counter.AuthoriseAsync(Cancel), Cancel);
        await _counter.Screen.AnswerAsync<ListShown>(new Selected(1), Cancel);
        await _counter.Screen.AskedAsync<TextShown>(Cancel);
        pad.End(end);

        Assert.Equal(reason, (await running).Read<ResponseScript>().Stopped?.Reason);
        Assert.DoesNotContain(Move, _counter.Card.Commands, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_claims_a_keypad_it_has_not_leaves_the_PIN_to_the_screen()
    {
        var pad = new Keypad(_counter.Card);
        _counter.Card.PinPad = pad;
        var script = await _counter.AuthoriseAsync(Cancel);
        var running = _counter.Runner.RunAsync(script, Cancel);
        await _counter.Screen.AnswerAsync<ListShown>(new Selected(1), Cancel);
        await _counter.Screen.AskedAsync<TextShown>(Cancel);
        pad.End(PinEntryEnd.Unusable);

        var (ask, _) = await _counter.Screen.AskedAsync<SecretAsked>(Cancel);
        Assert.True(_counter.Screen.TryAnswer(ask, new Entry(DemonstrationKeys.Pin)));
        Assert.Equal(480u, _counter.Till.Paid(script, await running)?.Amount);
    }

    [Fact]
    public async Task A_PIN_is_changed_at_the_keypad_of_the_reader_where_it_has_one()
    {
        var pad = new Keypad(_counter.Card);
        _counter.Card.PinPad = pad;
        var running = _counter.Runner.RunAsync(Changed(1), Cancel);

        Assert.Equal("PIN, 2 x new PIN\non the reader", (await _counter.Screen.AskedAsync<TextShown>(Cancel)).Request.Text);
        pad.Type(DemonstrationKeys.Pin, "87654321");

        Assert.Null((await running).Read<ResponseScript>().Stopped);
        Assert.Equal(1, _counter.Card.Commands.Count(command => string.Equals(command, ChangePin, StringComparison.Ordinal)));
        _counter.Card.PinPad = null;
        var script = await _counter.AuthoriseAsync(Cancel, 2);
        var paying = _counter.Runner.RunAsync(script, Cancel);
        await _counter.Screen.AnswerAsync<ListShown>(new Selected(1), Cancel);
        await _counter.Screen.TypeAsync("4.80 EUR, PIN:\nAirport 4.80", "87654321", Cancel);
        Assert.Equal(480u, _counter.Till.Paid(script, await paying)?.Amount);
    }

    [Theory]
    [InlineData(PinEntryEnd.Differed, StopReason.EndedByHolder, 3)]
    [InlineData(PinEntryEnd.Cancelled, StopReason.EndedByHolder, 1)]
    [InlineData(PinEntryEnd.TimedOut, StopReason.NoAnswerFromHolder, 1)]
    [InlineData(PinEntryEnd.WrongLength, StopReason.NoAnswerFromHolder, 3)]
    public async Task A_change_at_the_reader_that_ends_without_new_PIN_ends_the_script(
        PinEntryEnd end, StopReason reason, int entries)
    {
        var pad = new Keypad(_counter.Card);
        _counter.Card.PinPad = pad;
        pad.End(end);

        var answer = (await _counter.Runner.RunAsync(Changed(1), Cancel)).Read<ResponseScript>();

        Assert.Equal(new Stopped(reason, 2), answer.Stopped);
        Assert.Equal(entries, pad.Entries);
        Assert.DoesNotContain(ChangePin, _counter.Card.Commands, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_claims_to_change_PINs_and_does_not_leaves_it_to_the_screen()
    {
        var pad = new Keypad(_counter.Card);
        _counter.Card.PinPad = pad;
        pad.End(PinEntryEnd.Unusable);
        var running = _counter.Runner.RunAsync(Changed(1), Cancel);

        await _counter.Screen.TypeAsync("PIN:", DemonstrationKeys.Pin, Cancel);
        await _counter.Screen.TypeAsync("New PIN:", "87654321", Cancel);
        await _counter.Screen.TypeAsync("New PIN again:", "87654321", Cancel);

        Assert.Null((await running).Read<ResponseScript>().Stopped);
        Assert.Equal(1, pad.Entries);
        Assert.Equal(1, _counter.Card.Commands.Count(command => string.Equals(command, ChangePin, StringComparison.Ordinal)));
    }

    /// <summary>The PIN is to be changed.</summary>
    private Bytes Changed(byte number) =>
        Bytes.Of(new ScriptBuilder().Send(PurseCommands.Select).ChangePin(out _).Build(_counter.Session, number));
}
