using System.Runtime.CompilerServices;
using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Interop.Tests.Phone.Modems;
using Tessera.Testing;
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

    private static string Here([CallerFilePath] string file = "") => file;

    private sealed class CardOsInReader : IAsyncDisposable
    {
        private InsertedCard? _card;

        public void Insert(System.Net.IPEndPoint reader) =>
            _card = InsertedCard.Insert(reader, InsertedCard.Demonstration(CardId.Parse("0123456789ABCDEF")));

        public ValueTask DisposeAsync() => _card?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
