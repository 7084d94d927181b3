using Tessera.Cards;
using Tessera.Cards.Pcsc;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Pcsc;

/// <summary>Programs that share a card through the real pcscd: turns, resets, and a hold that took too long.</summary>
[Collection(PcscdAlone.Name)]
public class SharingTests(PrivatePcscd pcscd)
{
    private const string Atr = "3B 80 81 01 00";

    private static readonly CommandApdu Mine = new(0x00, 0xA4, 0x04, 0x00);
    private static readonly CommandApdu Theirs = new(0x00, 0xA4, 0x04, 0x01);

    private static readonly PcscOptions Shared = new() { Exclusive = false };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_holds_a_card_keeps_others_waiting_until_it_lets_go()
    {
        await using var table = await Table.LayAsync(pcscd, Shared);
        var hold = await table.One.HoldAsync(Cancel);
        var waiting = table.Other.HoldAsync(Cancel);
        await table.One.TransmitAsync(Mine, Cancel);
        Assert.False(waiting.IsCompleted);

        await hold.DisposeAsync();

        await using (await waiting) await table.Other.TransmitAsync(Theirs, Cancel);
        Assert.Equal(["00A40400", "00A40401"], table.Commands, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_reset_by_another_program_is_told_once_and_the_card_goes_on()
    {
        await using var table = await Table.LayAsync(pcscd, Shared);
        await table.One.TransmitAsync(Mine, Cancel);

        await table.Other.ResetAsync(Cancel);

        var told = await Assert.ThrowsAsync<CardResetException>(() => table.One.TransmitAsync(Mine, Cancel).AsTask());
        Assert.Contains("Another program reset the card", told.Message, StringComparison.Ordinal);
        Assert.True((await table.One.TransmitAsync(Mine, Cancel)).Status.IsSuccess);
        Assert.False(table.One.Removed.IsCompleted);
    }

    [Fact]
    public async Task A_card_that_was_reset_before_it_is_held_is_as_good_as_any()
    {
        await using var table = await Table.LayAsync(pcscd, Shared);
        await table.Other.ResetAsync(Cancel);

        await using var hold = await table.One.HoldAsync(Cancel);

        Assert.True((await table.One.TransmitAsync(Mine, Cancel)).Status.IsSuccess);
    }

    [Fact]
    public async Task No_PIN_that_was_verified_is_left_to_the_next_program()
    {
        await using var table = await Table.LayAsync(pcscd, Shared);
        await using (await table.One.HoldAsync(Cancel)) await table.One.TransmitAsync(Mine, Cancel);
        var before = table.Resets;
        var verify = new CommandApdu(0x00, 0x20, 0x00, 0x80, Bytes.FromHex("313233343536FFFF"));

        await using (await table.One.HoldAsync(Cancel)) await table.One.TransmitAsync(verify, Cancel);

        Assert.Equal(before + 1, table.Resets);
        await Assert.ThrowsAsync<CardResetException>(() => table.Other.TransmitAsync(Theirs, Cancel).AsTask());
        Assert.True((await table.One.TransmitAsync(Mine, Cancel)).Status.IsSuccess);
    }

    [Fact]
    public async Task Who_holds_a_card_for_too_long_loses_it_to_who_waits()
    {
        var time = new ManualTime();
        await using var table = await Table.LayAsync(pcscd, Shared with { Time = time }, Shared);
        var hold = await table.One.HoldAsync(Cancel);
        var waiting = table.Other.HoldAsync(Cancel);

        time.Advance(Shared.LongestHold);

        await using (await waiting)
        {
            await Assert.ThrowsAsync<CardResetException>(() => table.One.TransmitAsync(Mine, Cancel).AsTask());
            Assert.True((await table.Other.TransmitAsync(Theirs, Cancel)).Status.IsSuccess);
        }

        await hold.DisposeAsync();
        await using (await table.One.HoldAsync(Cancel))
            Assert.True((await table.One.TransmitAsync(Mine, Cancel)).Status.IsSuccess);
    }

    [Fact]
    public async Task Who_gave_up_waiting_does_not_hold_the_card_later()
    {
        await using var table = await Table.LayAsync(pcscd, Shared);
        var hold = await table.One.HoldAsync(Cancel);
        using var enough = new CancellationTokenSource();
        var waiting = table.Other.HoldAsync(enough.Token);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await hold.DisposeAsync();

        await using var again = await table.One.HoldAsync(Cancel);
        Assert.True((await table.One.TransmitAsync(Mine, Cancel)).Status.IsSuccess);
    }

    [Fact]
    public async Task A_card_that_is_pulled_while_it_is_held_is_lost_and_not_reset()
    {
        await using var table = await Table.LayAsync(pcscd, Shared);
        await using var hold = await table.One.HoldAsync(Cancel);

        await table.PullAsync();

        await table.One.Removed.WaitAsync(Cancel);
        await Assert.ThrowsAsync<ConnectionLostException>(() => table.One.TransmitAsync(Mine, Cancel).AsTask());
    }

    /// <summary>A card, and two programs that have it.</summary>
    private sealed class Table(ScriptedVpcdCard inserted, PcscReader reader, PcscReader otherReader) : IAsyncDisposable
    {
        public PcscCard One { get; private set; } = null!;

        public PcscCard Other { get; private set; } = null!;

        public IEnumerable<string> Commands => inserted.Commands.Select(command => command.ToString());

        public int Resets => inserted.Resets;

        public static async Task<Table> LayAsync(PrivatePcscd pcscd, PcscOptions options, PcscOptions? other = null)
        {
            var reader = await pcscd.OpenAsync(options, Cancel);
            await using var context = await PcscContext.EstablishAsync(Cancel);
            var second = await context.OpenAsync(PrivatePcscd.Reader, other ?? options, Cancel);
            var inserted = ScriptedVpcdCard.Insert(pcscd.EndPoint, Atr, command => Bytes.CopyOf([.. command.Span, 0x90, 0x00]));
            return new Table(inserted, reader, second)
            {
                One = (PcscCard)await reader.InsertedAsync(Cancel), Other = (PcscCard)await second.InsertedAsync(Cancel),
            };
        }

        public ValueTask PullAsync() => inserted.DisposeAsync();

        public async ValueTask DisposeAsync()
        {
            await One.DisposeAsync();
            await Other.DisposeAsync();
            await inserted.DisposeAsync();
            await reader.DisposeAsync();
            await otherReader.DisposeAsync();
        }
    }
}
