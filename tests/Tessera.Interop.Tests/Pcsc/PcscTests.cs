using Tessera.Cards;
using Tessera.Cards.Pcsc;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Pcsc;

[Collection(PcscdAlone.Name)]
public class PcscTests(PrivatePcscd pcscd)
{
    private const string T1Atr = "3B 80 81 01 00";
    private const string T0Atr = "3B 00";

    private static readonly CommandApdu Any = new(0x00, 0xA4, 0x04, 0x00);

    private static readonly Bytes Success = Bytes.FromHex("9000");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_service_the_error_names_pcscd()
    {
        await pcscd.StopAsync();

        var error = await Assert.ThrowsAsync<PcscException>(() => PcscContext.EstablishAsync(Cancel));

        Assert.Equal(PcscStatus.NoService, error.Status);
        Assert.Contains("pcscd", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_readers_and_refuses_one_that_is_not_there()
    {
        await pcscd.StartAsync(Cancel);
        await using var context = await PcscContext.EstablishAsync(Cancel);

        Assert.Equal([PrivatePcscd.Reader, "Virtual PCD 00 01"], await context.ListReadersAsync(Cancel));
        Assert.Equal(2, (await context.ReadersChangedAsync([], Cancel)).Count);
        var error = await Assert.ThrowsAsync<ConnectionLostException>(
            () => context.OpenAsync("No such reader", null, Cancel));
        Assert.Contains("No such reader", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_a_wait_works_at_once()
    {
        await using var reader = await pcscd.OpenAsync(null, Cancel);
        await using var context = await PcscContext.EstablishAsync(Cancel);
        var readers = await context.ListReadersAsync(Cancel);
        using var stop = new CancellationTokenSource();
        var insertion = reader.InsertedAsync(stop.Token);
        var change = context.ReadersChangedAsync(readers, stop.Token);

        await stop.CancelAsync();

        var atOnce = TimeSpan.FromSeconds(2);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => insertion.WaitAsync(atOnce, Cancel));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => change.WaitAsync(atOnce, Cancel));
        Assert.Equal(readers, await context.ListReadersAsync(Cancel));
    }

    [Fact]
    public async Task Exchanges_commands_with_a_card_that_is_inserted()
    {
        await using var reader = await pcscd.OpenAsync(null, Cancel);
        var insertion = reader.InsertedAsync(Cancel);
        await using var inserted = ScriptedVpcdCard.Insert(pcscd.EndPoint, T1Atr, Echo);

        await using var card = (PcscCard)await insertion;

        Assert.Equal(Bytes.FromHex(T1Atr), card.Atr);
        Assert.False(card.IsT0);
        Assert.False(card.Removed.IsCompleted);
        foreach (var command in Cases())
            Assert.Equal(Bytes.Of(command), (await card.TransmitAsync(command, Cancel)).EnsureSuccess(command).Data);
    }

    [Fact]
    public async Task A_T0_card_gets_neither_case_1_nor_case_4()
    {
        await using var reader = await pcscd.OpenAsync(null, Cancel);
        await using var inserted = ScriptedVpcdCard.Insert(pcscd.EndPoint, T0Atr, Echo);
        await using var card = (PcscCard)await reader.InsertedAsync(Cancel);

        Assert.True(card.IsT0);
        Assert.Equal(Bytes.FromHex("00A40400 00"), (await card.TransmitAsync(Any, Cancel)).Data);
        var command = new CommandApdu(0, 0xA4, 4, 0, Bytes.FromHex("C1C2"), 256);
        Assert.Equal(Bytes.FromHex("00A40400 02 C1C2"), (await card.TransmitAsync(command, Cancel)).Data);
        await Assert.ThrowsAsync<ArgumentException>(
            () => card.TransmitAsync(command with { Le = 65536 }, Cancel).AsTask());
    }

    [Fact]
    public async Task A_card_pulled_in_mid_command_is_lost_and_the_next_one_is_found()
    {
        await using var reader = await pcscd.OpenAsync(null, Cancel);
        await using var first = ScriptedVpcdCard.Insert(pcscd.EndPoint, T1Atr, _ => null);
        await using var card = await reader.InsertedAsync(Cancel);

        var lost = await Assert.ThrowsAsync<ConnectionLostException>(() => card.TransmitAsync(Any, Cancel).AsTask());
        Assert.Contains(PrivatePcscd.Reader, lost.Message, StringComparison.Ordinal);
        await card.Removed.WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        await using var second = ScriptedVpcdCard.Insert(pcscd.EndPoint, T0Atr, Echo);
        await using var next = await reader.InsertedAsync(Cancel);
        Assert.Equal(Bytes.FromHex(T0Atr), next.Atr);
        await Assert.ThrowsAsync<ConnectionLostException>(() => card.TransmitAsync(Any, Cancel).AsTask());
        Assert.True((await next.TransmitAsync(Any, Cancel)).Status.IsSuccess);
    }

    [Fact]
    public async Task A_card_pulled_while_nothing_is_asked_is_seen()
    {
        await using var reader = await pcscd.OpenAsync(null, Cancel);
        await using var inserted = ScriptedVpcdCard.Insert(pcscd.EndPoint, T1Atr, Echo);
        await using var card = await reader.InsertedAsync(Cancel);

        await inserted.DisposeAsync();

        await card.Removed.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    [Fact]
    public async Task A_card_that_does_not_answer_is_a_timeout()
    {
        using var silence = new ManualResetEventSlim();
        var options = new PcscOptions { AnswerTimeout = TimeSpan.FromMilliseconds(500) };
        await using var reader = await pcscd.OpenAsync(options, Cancel);
        await using var inserted = ScriptedVpcdCard.Insert(pcscd.EndPoint, T1Atr, command =>
        {
            silence.Wait(TimeSpan.FromSeconds(30), Cancel);
            return Echo(command);
        });
        await using var card = await reader.InsertedAsync(Cancel);

        await Assert.ThrowsAsync<TimeoutException>(() => card.TransmitAsync(Any, Cancel).AsTask());
        await Assert.ThrowsAsync<TimeoutException>(() => card.TransmitAsync(new(0, 0xA4, 4, 1), Cancel).AsTask());
        silence.Set();

        // The late answer to the first is not taken for another's, and the second, given up before its turn, never ran.
        Assert.Equal(Bytes.FromHex("00A40402"), (await card.TransmitAsync(new(0, 0xA4, 4, 2), Cancel)).Data);
        Assert.Equal(2, inserted.Commands.Count);
    }

    [Fact]
    public async Task Reset_reaches_the_card_and_so_does_the_end()
    {
        await using var reader = await pcscd.OpenAsync(null, Cancel);
        await using var inserted = ScriptedVpcdCard.Insert(pcscd.EndPoint, T1Atr, Echo);
        await using (var card = await reader.InsertedAsync(Cancel))
        {
            var before = inserted.Resets;
            await card.ResetAsync(Cancel);
            Assert.Equal(before + 1, inserted.Resets);
            Assert.Equal(Bytes.FromHex(T1Atr), card.Atr);
            Assert.True((await card.TransmitAsync(Any, Cancel)).Status.IsSuccess);
        }

        await using var again = await reader.InsertedAsync(Cancel);
        Assert.True(inserted.Resets >= 2);
    }

    [Fact]
    public async Task Who_waits_for_a_card_in_use_gets_it_when_it_is_free()
    {
        await using var reader = await pcscd.OpenAsync(null, Cancel);
        await using var inserted = ScriptedVpcdCard.Insert(pcscd.EndPoint, T1Atr, Echo);
        var first = await reader.InsertedAsync(Cancel);
        var waiting = reader.InsertedAsync(Cancel);
        Assert.True((await first.TransmitAsync(Any, Cancel)).Status.IsSuccess);
        Assert.False(waiting.IsCompleted);

        await first.DisposeAsync();

        await using var second = await waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        Assert.True((await second.TransmitAsync(Any, Cancel)).Status.IsSuccess);
    }

    [Fact]
    public async Task When_the_service_dies_reader_and_card_are_lost_and_say_so()
    {
        await using var reader = await pcscd.OpenAsync(null, Cancel);
        await using var inserted = ScriptedVpcdCard.Insert(pcscd.EndPoint, T1Atr, Echo);
        await using var card = await reader.InsertedAsync(Cancel);

        await pcscd.StopAsync();

        await card.Removed.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        await Assert.ThrowsAsync<ConnectionLostException>(() => card.TransmitAsync(Any, Cancel).AsTask());
        var lost = await Assert.ThrowsAsync<ConnectionLostException>(() => reader.InsertedAsync(Cancel));
        Assert.Contains("service", lost.Message, StringComparison.Ordinal);
    }

    private static Bytes? Echo(Bytes command) => Bytes.CopyOf([.. command.Span, .. Success.Span]);

    private static IEnumerable<CommandApdu> Cases()
    {
        int[] lengths = [0, 1, 255, 256, 5000];
        int?[] expected = [null, 1, 256, 65536];
        foreach (var length in lengths)
        {
            foreach (var le in expected)
                yield return new CommandApdu(0x80, 0xCB, 0x3F, 0xFF, new Bytes(new byte[length]), le);
        }
    }
}
