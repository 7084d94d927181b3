using Tessera.Cards.Store;
using Tessera.Terminal.Ports;
using Tessera.Terminal.Tests.Agents;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Testing;
using Tessera.Toolkit.Commands;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Ports;

/// <summary>What the second card slot of a terminal answers where not all is well.</summary>
public sealed class CardModuleTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly HandReader _reader = new();
    private readonly CardInHand _card = new();
    private readonly CardModule _module;

    public CardModuleTests() => _module = new CardModule(_reader, Limit, _time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ProactiveCommand Select => ProactiveCommand.PerformCardApdu(StoreCommands.Select);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _module.DisposeAsync();
        await _card.DisposeAsync();
    }

    [Fact]
    public async Task A_card_without_power_gets_no_command()
    {
        _reader.Insert(_card);

        await FailsAsync(ReaderProblem.CardPoweredOff, Select);
        await DoneAsync(ProactiveCommand.PowerOnCard());
        await DoneAsync(Select);
        await DoneAsync(ProactiveCommand.PowerOffCard());
        await FailsAsync(ReaderProblem.CardPoweredOff, Select);

        Assert.Single(_card.Commands);
    }

    [Fact]
    public async Task No_card_no_reader_and_a_reader_that_is_none_are_told_apart()
    {
        var asked = _module.PerformAsync(ProactiveCommand.PowerOnCard(), Cancel);
        _time.Advance(TimeSpan.FromSeconds(1));
        Failed(ReaderProblem.NoCard, await asked);
        await FailsAsync(ReaderProblem.UnknownReader, ProactiveCommand.PowerOnCard(reader: 1));

        _reader.Unplug();

        await FailsAsync(ReaderProblem.NoReader, ProactiveCommand.PowerOnCard());
    }

    [Fact]
    public async Task A_card_pulled_while_it_works_is_told_at_once_and_the_next_one_has_no_power()
    {
        _reader.Insert(_card);
        await DoneAsync(ProactiveCommand.PowerOnCard());
        var reached = _card.FallSilentAt("00A40400");
        var asked = _module.PerformAsync(Select, Cancel);
        await reached;

        _card.Pull();

        Failed(ReaderProblem.NoCard, await asked);
        await using var next = new CardInHand();
        _reader.Insert(next);
        await FailsAsync(ReaderProblem.CardPoweredOff, Select);
        Assert.True(_card.IsDisposed);
    }

    [Fact]
    public async Task A_mute_card_gets_nothing_more_before_power_is_on_again()
    {
        _reader.Insert(_card);
        await DoneAsync(ProactiveCommand.PowerOnCard());
        var reached = _card.FallSilentAt("00A40400");
        var asked = _module.PerformAsync(Select, Cancel);
        await reached;

        _time.Advance(Limit);

        Failed(ReaderProblem.MuteCard, await asked);
        await FailsAsync(ReaderProblem.CardPoweredOff, Select);
        _card.Speak();
        await DoneAsync(ProactiveCommand.PowerOnCard());
        await DoneAsync(Select);
    }

    [Fact]
    public async Task A_script_that_is_ended_waits_for_no_card()
    {
        _reader.Insert(_card);
        await DoneAsync(ProactiveCommand.PowerOnCard());
        var reached = _card.FallSilentAt("00A40400");
        using var end = new CancellationTokenSource();
        var asked = _module.PerformAsync(Select, end.Token);
        await reached;

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await FailsAsync(ReaderProblem.CardPoweredOff, Select);
    }

    private async Task DoneAsync(ProactiveCommand command) =>
        Assert.Equal(GeneralResult.Success, (await _module.PerformAsync(command, Cancel)).Result);

    private async Task FailsAsync(ReaderProblem problem, ProactiveCommand command) =>
        Failed(problem, await _module.PerformAsync(command, Cancel));

    private static void Failed(ReaderProblem problem, TerminalResponse response) => Assert.Equal(
        (GeneralResult.MultipleCardProblem, new Bytes((byte[])[(byte)problem])), (response.Result, response.Additional));
}
