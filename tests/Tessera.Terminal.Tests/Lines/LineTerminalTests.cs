using Tessera.Cards.Purse;
using Tessera.Phone.Data;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Lines;
using Tessera.Terminal.Ports;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Testing;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Biometrics;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Lines;

public sealed class LineTerminalTests : IAsyncLifetime
{
    private const string Select = "00A40400";
    private const string Verify = "00200080";
    private const string Debit = "80540100";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Key[] Pin =
        [Key.Ok, Key.Digit1, Key.Digit2, Key.Digit3, Key.Digit4, Key.Digit5, Key.Digit6, Key.Ok];

    /// <summary>What the holder sees and does in a payment.</summary>
    private static readonly (string Step, string Text, Key[] Keys)[] Steps =
        [("list", "Where to?", [Key.Ok]), ("payment", "3.20 EUR", Pin), ("thanks", "Paid. Thank you", [])];

    private readonly LineWorld _world = new();
    private readonly CardInHand _card = new();
    private readonly List<IDisposable> _tills = [];
    private LastingCard? _inserted;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _card.DisposeAsync();
        _tills.ForEach(till => till.Dispose());
    }

    [Fact]
    public async Task The_key_is_pressed_the_card_pays_with_the_PIN_typed_on_the_device_and_voice_is_back()
    {
        var till = await TillAsync();
        _world.Reader.Insert(new LastingCard(_card));
        _world.Call();
        var asked = _world.AwaitAsync();
        await _world.PressAsync();
        Assert.True(await asked);
        var link = await _world.Listener.Links.ReadAsync(Cancel);
        Assert.Equal(TerminalProfile.Text(4, 20, TerminalCapabilities.None), link.Profile);
        Assert.Equal(LineTerminal.IdentityOf(_world.Options).Id, link.Terminal);
        var status = await Eventually.SeeAsync(
            () => Task.FromResult(_world.Device.Status), known => known.Connected, Cancel);
        Assert.Equal((LineStage.Data, true), (status.Stage, status.Card));
        Assert.InRange(status.Rung!.Value, 5, 8);

        till.TakeState(await link.SendAsync(1, Till.Opening(link.Session, 1), Cancel));
        var script = till.Purchase(link.Session, 2);
        var paying = link.SendAsync(2, script, Cancel);
        await _world.SeeAsync("Where to?");
        _world.Type(Key.Down, Key.Ok);
        await _world.SeeAsync("4.80 EUR");
        _world.Type(Pin);

        Assert.Equal(480u, till.Paid(script, await paying, link.Profile)?.Amount);
        Assert.True(_world.Listener.Pause(link.Terminal));
        await _world.StageAsync(LineStage.Armed);
        var muted = _world.Telephone.Silent;
        var heard = _world.Telephone.Loud;
        Assert.True(muted > 0);
        Assert.Equal(0, heard);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ends_with_more_than_one_modem_find_each_other_whoever_asks(bool all)
    {
        await using var world = new LineWorld(modems: all ? LineModems.All : [LineModems.Bell202, LineModems.Ofdm]);
        world.Reader.Insert(new LastingCard(_card));
        world.Call();
        var asked = world.AwaitAsync();
        await world.PressAsync();
        Assert.True(await asked);
        var link = await world.Listener.Links.ReadAsync(Cancel);
        Assert.Null((await link.SendAsync(1, Till.Opening(link.Session, 1), Cancel)).Read<ResponseScript>().End);
        world.Listener.Pause(link.Terminal);
        await world.StageAsync(LineStage.Armed);

        var second = link.SendAsync(2, Till.Opening(link.Session, 2), Cancel);
        Assert.True(await world.EscapeAsync());

        Assert.Null((await second).Read<ResponseScript>().End);
    }

    [Fact]
    public async Task Without_the_key_nothing_leads_to_data()
    {
        _world.Reader.Insert(new LastingCard(_card));
        _world.Call();
        await _world.SeeAsync("Press data key");

        Assert.False(await _world.EscapeAsync());

        Assert.Equal((LineStage.Voice, null), (_world.Device.Status.Stage, _world.Device.Status.Ending));
        Assert.Empty(_world.Listener.Terminals);
    }

    [Fact]
    public async Task The_key_is_nothing_without_call_or_card()
    {
        Assert.Equal(DataKeyAnswer.NoCall, _world.Device.PressDataKey());
        _world.Call();
        await _world.SeeAsync("Insert card");
        Assert.Equal(DataKeyAnswer.NoCard, _world.Device.PressDataKey());

        Assert.False(await _world.EscapeAsync());
    }

    [Fact]
    public async Task A_key_that_nobody_answers_leads_back_to_voice()
    {
        await using var world = new LineWorld(armed: TimeSpan.FromSeconds(2));
        world.Reader.Insert(new LastingCard(_card));
        world.Call();
        await world.PressAsync();

        await Eventually.SeeAsync(
            () => Task.FromResult(world.Device.Status),
            status => status is { Stage: LineStage.Voice, Ending: LineEnding.NoAnswer }, Cancel);
        await world.SeeAsync("No answer");
    }

    [Fact]
    public async Task The_server_comes_again_without_a_key_after_its_word_that_the_session_goes_on()
    {
        var link = await ConnectAsync();
        await link.SendAsync(1, Till.Opening(link.Session, 1), Cancel);
        _world.Listener.Pause(link.Terminal);
        await _world.StageAsync(LineStage.Armed);

        var second = link.SendAsync(2, Till.Opening(link.Session, 2), Cancel);
        Assert.True(await _world.EscapeAsync());

        Assert.Null((await second).Read<ResponseScript>().End);
    }

    [Fact]
    public async Task Data_that_ended_otherwise_lead_to_no_more()
    {
        var link = await ConnectAsync();

        _world.Listener.Release(link.Terminal, "The call is over.");
        await _world.StageAsync(LineStage.Voice);

        Assert.False(await _world.EscapeAsync());
    }

    [Theory]
    [InlineData("card")]
    [InlineData("key")]
    public async Task A_device_that_waits_for_data_is_disarmed_by_its_card_and_by_its_clear_key(string what)
    {
        var link = await ConnectAsync();
        _world.Listener.Pause(link.Terminal);
        await _world.StageAsync(LineStage.Armed);

        if (what is "card") _card.Pull();
        else _world.Type(Key.Clear);
        await _world.StageAsync(LineStage.Voice);

        Assert.False(await _world.EscapeAsync());
    }

    [Fact]
    public async Task A_card_pulled_in_data_ends_its_session_and_no_more_data_are_begun()
    {
        var till = await TillAsync();
        var link = await ConnectAsync();
        till.TakeState(await link.SendAsync(1, Till.Opening(link.Session, 1), Cancel));
        var paying = link.SendAsync(2, till.Purchase(link.Session, 2), Cancel);
        await _world.SeeAsync("Where to?");

        _card.Pull();

        await LostAsync(paying);
        var ended = await _world.StatusAsync(known => known.Reader == ReaderState.Empty);
        Assert.True(ended.Connected && link.Ended.IsCancellationRequested);
        _world.Listener.Pause(link.Terminal);
        await _world.StageAsync(LineStage.Voice);
        Assert.False(await _world.EscapeAsync());
    }

    [Fact]
    public async Task A_call_that_breaks_off_in_data_goes_on_in_the_next_and_the_card_pays_once()
    {
        var till = await TillAsync();
        var link = await ConnectAsync();
        till.TakeState(await link.SendAsync(1, Till.Opening(link.Session, 1), Cancel));
        var script = till.Purchase(link.Session, 2);
        var paying = link.SendAsync(2, script, Cancel);
        await _world.SeeAsync("Where to?");
        _world.Type(Key.Ok);
        await _world.SeeAsync("3.20 EUR");

        await _world.DropAsync();
        _world.Type(Pin);
        await _world.SeeAsync("Paid. Thank you");
        Assert.Equal(LineStage.NoCall, _world.Device.Status.Stage);
        _world.Call();
        var asked = _world.AwaitAsync();
        await _world.StageAsync(LineStage.Voice);
        Assert.Equal(DataKeyAnswer.Asking, _world.Device.PressDataKey());
        Assert.True(await asked);

        Assert.Equal(320u, till.Paid(script, await paying, link.Profile)?.Amount);
        Assert.Equal(1, Moves());
    }

    /// <summary>The power goes at each step of a payment; then the server sends what it has not heard of again.</summary>
    [Theory]
    [InlineData("select", 0)]
    [InlineData("list", 0)]
    [InlineData("payment", 0)]
    [InlineData("verify", 0)]
    [InlineData("move", 1)]
    [InlineData("thanks", 1)]
    public async Task A_device_whose_power_was_lost_runs_no_script_twice(string step, int moves)
    {
        var till = await TillAsync();
        var balance = await BalanceAsync();
        var link = await ConnectAsync();
        till.TakeState(await link.SendAsync(1, Till.Opening(link.Session, 1), Cancel));
        var reached = step switch
        {
            "select" => _card.FallSilentAt(Select),
            "verify" => _card.FallSilentAt(Verify),
            "move" => _card.FallSilentAt(Debit),
            _ => null,
        };
        var script = till.Purchase(link.Session, 2);
        var paying = link.SendAsync(2, script, Cancel);
        foreach (var (name, text, keys) in Steps.Take(step switch { "select" => 0, "verify" or "move" => 2, _ => 3 }))
        {
            await _world.SeeAsync(text);
            if (string.Equals(step, name, StringComparison.Ordinal)) break;
            _world.Type(keys);
        }

        if (reached is not null) await reached.WaitAsync(Patience, Cancel);
        if (step is "thanks") await paying;
        await _world.LosePowerAsync(() =>
        {
            _inserted!.PowerOff();
            if (reached is not null) _card.Speak();
        });

        _world.Restart();
        _world.Reader.Insert(new LastingCard(_card));
        var answer = await _world.SendAgainAsync(script);

        if (step is "thanks") Assert.Equal(await paying, answer);
        else Assert.Equal(StopReason.Interrupted, answer.Read<ResponseScript>().Stopped?.Reason);
        Assert.Equal(moves, Moves());
        Assert.Equal(balance - (moves * 320u), await BalanceAsync());
    }

    [Fact]
    public async Task A_script_prints_on_the_paper_of_the_device_and_its_profile_says_that_it_can()
    {
        var paper = new VirtualPaper();
        await using var world = new LineWorld(ports: new TerminalPorts { Printer = new EscPosPrinter(paper.Head) });
        world.Reader.Insert(new LastingCard(_card));
        world.Call();
        var asked = world.AwaitAsync();
        await world.PressAsync();
        Assert.True(await asked);
        var link = await world.Listener.Links.ReadAsync(Cancel);
        Assert.True(link.Profile.HasPrinter);

        var script = Bytes.Of(new ScriptBuilder().Print("Thank you\nCome again").Build(link.Session, 1));
        var answer = await link.SendAsync(1, script, Cancel);

        Assert.Null(answer.Read<ResponseScript>().End);
        Assert.Equal([new PrintedLine("Thank you"), new PrintedLine("Come again")], Assert.Single(paper.Sheets));
    }

    [Fact]
    public async Task A_finger_laid_on_the_device_pays_and_the_link_gets_nothing_but_the_status()
    {
        var (finger, reader) = (new SyntheticFinger(3), new VirtualFingerReader());
        await using var card = new CardInHand(finger.Enrol());
        await using var world = new LineWorld(ports: new TerminalPorts { Finger = reader });
        using var till = world.NewTill();
        await till.LoadAsync(card, 5000, Cancel);
        world.Reader.Insert(new LastingCard(card));
        world.Call();
        var asked = world.AwaitAsync();
        await world.PressAsync();
        Assert.True(await asked);
        var link = await world.Listener.Links.ReadAsync(Cancel);
        Assert.True(link.Profile.HasBiometrics);
        till.TakeState(await link.SendAsync(1, Till.Opening(link.Session, 1), Cancel));
        var script = till.Purchase(link.Session, 2, withFinger: true);

        var paying = link.SendAsync(2, script, Cancel);
        await world.SeeAsync("Where to?");
        world.Type(Key.Down, Key.Ok);
        await world.SeeAsync("4.80 EUR, finger");
        await reader.WaitingAsync(Cancel);
        Assert.True(reader.TryLay(finger.Lay(77)));

        var answer = await paying;
        Assert.Equal(480u, till.Paid(script, answer, link.Profile)?.Amount);
        Assert.Equal(Bytes.Empty, Assert.IsType<CardResult>(answer.Read<ResponseScript>().Results[2]).Answer.Data);
    }

    [Fact]
    public async Task A_battery_that_is_low_is_told_and_an_empty_one_begins_no_data()
    {
        var battery = new VirtualBattery(new PowerState(IsMains: false, 80));
        await using var world = new LineWorld(ports: new TerminalPorts { Power = battery });
        world.Reader.Insert(new LastingCard(_card));
        world.Call();
        await world.SeeAsync("when asked to");

        battery.Set(new PowerState(IsMains: false, 20));
        await world.SeeAsync("Battery low 20%");
        await world.PressAsync();
        await world.StageAsync(LineStage.Armed);
        battery.Set(new PowerState(IsMains: false, 5));
        await world.SeeAsync("Battery empty");
        await world.StageAsync(LineStage.Voice);
        Assert.Equal(DataKeyAnswer.BatteryEmpty, world.Device.PressDataKey());
        Assert.False(await world.EscapeAsync());

        battery.Set(new PowerState(IsMains: true, 5));
        await world.PressAsync();
    }

    /// <summary>A script that the card was pulled from is answered so, or its session is over before.</summary>
    private static async Task LostAsync(Task<Bytes> sending)
    {
        try
        {
            Assert.Equal(StopReason.CardLost, (await sending).Read<ResponseScript>().Stopped?.Reason);
        }
        catch (ConnectionLostException)
        {
            Assert.True(sending.IsFaulted);
        }
    }

    private int Moves() => _card.Commands.Count(command => string.Equals(command, Debit, StringComparison.Ordinal));

    private async Task<uint> BalanceAsync()
    {
        var purse = await PurseClient.SelectAsync(_card, Cancel);
        return (await purse!.BalanceAsync(Cancel)).Balance;
    }

    private async Task<Till> TillAsync()
    {
        var till = _world.NewTill();
        _tills.Add(till);
        await till.LoadAsync(_card, 5000, Cancel);
        return till;
    }

    /// <summary>A call with the card in, the key pressed, and data.</summary>
    private async Task<ILink> ConnectAsync()
    {
        _inserted = new LastingCard(_card);
        _world.Reader.Insert(_inserted);
        _world.Call();
        var asked = _world.AwaitAsync();
        await _world.PressAsync();
        Assert.True(await asked);
        return await _world.Listener.Links.ReadAsync(Cancel);
    }
}
