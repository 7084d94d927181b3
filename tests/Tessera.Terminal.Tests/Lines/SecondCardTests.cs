using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.Terminal.Lines;
using Tessera.Terminal.Ports;
using Tessera.Terminal.Tests.Agents;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Lines;

/// <summary>A device with a battery and a second card slot, in a call.</summary>
public sealed class SecondCardTests : IAsyncLifetime
{
    private const byte Field = 7;
    private const string Read = "80620007";

    private static readonly Bytes Nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");
    private static readonly Bytes Content = Bytes.FromHex("C1C2C3");

    private readonly VirtualBattery _battery = new(new PowerState(IsMains: false, 80));
    private readonly HandReader _slot = new();
    private readonly CardInHand _card = new();
    private readonly CardInHand _module = new();
    private readonly LineWorld _world;
    private byte _number;
    private ILink _link = null!;

    public SecondCardTests() => _world = new LineWorld(ports: new TerminalPorts { Module = _slot, Power = _battery });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ProactiveCommand Select => ProactiveCommand.PerformCardApdu(StoreCommands.Select);

    private static ProactiveCommand ReadField => ProactiveCommand.PerformCardApdu(StoreCommands.Read(Field, Nonce));

    public async ValueTask InitializeAsync()
    {
        _world.Reader.Insert(new LastingCard(_card));
        _world.Call();
        var asked = _world.AwaitAsync();
        await _world.PressAsync();
        Assert.True(await asked);
        _link = await _world.Listener.Links.ReadAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _card.DisposeAsync();
        await _module.DisposeAsync();
    }

    [Fact]
    public async Task A_script_reads_a_record_of_the_second_card_and_asks_about_the_battery()
    {
        await WriteAsync();
        Assert.True(_link.Profile is { HasAdditionalReader: true, HasBattery: true, HasPrinter: false });
        _slot.Insert(_module);

        var answer = await SendAsync(
            ProactiveCommand.GetReaderStatus(), ProactiveCommand.PowerOnCard(), Select, ReadField,
            ProactiveCommand.GetReaderStatus(), ProactiveCommand.PowerOffCard(), ProactiveCommand.ProvideBatteryState());

        Assert.Null(answer.Stopped);
        Assert.Equal("70", Found(answer, 1, ObjectTag.CardReaderStatus));
        Assert.Equal(_module.Atr.ToString(), Found(answer, 2, ObjectTag.CardAtr));
        var read = Bytes.FromHex(Found(answer, 4, ObjectTag.RApdu)!).Read<ResponseApdu>();
        var stored = read.Data.Read<StoredField>();
        Assert.Equal((1, Content), (stored.Version, stored.Content));
        Assert.Equal("F0", Found(answer, 5, ObjectTag.CardReaderStatus));
        Assert.Equal($"{(byte)BatteryLevel.Good:X2}", Found(answer, 7, ObjectTag.BatteryState));

        _battery.Set(new PowerState(IsMains: false, 15));
        answer = await SendAsync(ProactiveCommand.ProvideBatteryState(), Select);
        Assert.Equal($"{(byte)BatteryLevel.Low:X2}", Found(answer, 1, ObjectTag.BatteryState));
        Failed(answer, 2);
    }

    [Fact]
    public async Task A_second_card_pulled_in_the_middle_is_told_and_the_script_is_over()
    {
        _slot.Insert(_module);
        var reached = _module.FallSilentAt(Read);
        var reading = SendAsync(ProactiveCommand.PowerOnCard(), Select, ReadField, Select);
        await reached.WaitAsync(Cancel);

        _module.Pull();

        Failed(await reading, 3);
        var status = await SendAsync(ProactiveCommand.GetReaderStatus());
        Assert.Equal("30", Found(status, 1, ObjectTag.CardReaderStatus));
        await using var another = new CardInHand();
        _slot.Insert(another);
        Assert.Null((await SendAsync(ProactiveCommand.PowerOnCard(), Select)).Stopped);
        Assert.Equal(LineStage.Data, _world.Device.Status.Stage);
    }

    [Fact]
    public async Task Without_a_second_card_the_reader_says_so_and_a_command_for_it_ends_the_script()
    {
        var answer = await SendAsync(ProactiveCommand.GetReaderStatus(), ProactiveCommand.PowerOnCard());

        Assert.Equal("30", Found(answer, 1, ObjectTag.CardReaderStatus));
        Failed(answer, 2);
    }

    /// <summary>The issuer's record on the second card.</summary>
    private async Task WriteAsync()
    {
        using var masters = DemonstrationKeys.Create();
        using var keys = CardKeys.Of(masters, CardInHand.Id);
        using var writing = StoreMac.WritingKey(keys.Store, CardInHand.Id, Field);
        var mac = StoreMac.Write(writing, CardInHand.Id, Field, 1, Content);
        var store = await StoreClient.SelectAsync(_module, Cancel);
        await store!.WriteAsync(Field, new FieldWrite(1, mac, Content), isSecured: false, Cancel);
    }

    private async Task<ResponseScript> SendAsync(params IEnumerable<ProactiveCommand> commands)
    {
        var script = new ScriptBuilder();
        foreach (var command in commands) script.Perform(command);
        _number++;
        var answer = await _link.SendAsync(_number, Bytes.Of(script.Build(_link.Session, _number)), Cancel);
        return answer.Read<ResponseScript>();
    }

    private static string? Found(ResponseScript answer, byte step, ObjectTag name) =>
        ResultOf(answer, step).Objects.Find(name)?.ToString();

    private static void Failed(ResponseScript answer, byte step) =>
        Assert.Equal(new Stopped(StopReason.NotCapable, step), answer.Stopped);

    private static ToolkitResult ResultOf(ResponseScript answer, byte step) =>
        answer.Results.OfType<ToolkitResult>().Single(result => result.Step == step);
}
