using Tessera.Cards;
using Tessera.Cards.Pcsc;
using Tessera.Testing;
using Xunit;

namespace Tessera.Interop.Tests.Pcsc;

/// <summary><c>tessera apdu</c> at its prompt, with a card in a reader of the real pcscd.</summary>
[Collection(PcscdAlone.Name)]
public class ApduPromptTests(PrivatePcscd pcscd)
{
    private const string Select = "00A40400 09 F05445535345524102 00\r";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_goes_on_when_the_card_that_was_pulled_is_in_again()
    {
        using var folder = new TempFolder();
        using var os = InsertedCard.Demonstration(CardId.Parse("0123456789ABCDEF"));
        await pcscd.RestartAsync(Cancel);
        var stay = InsertedCard.Insert(pcscd.EndPoint, os);
        await using var terminal = ToolTerminal.Start(
            $"apdu --reader '{PrivatePcscd.Reader}'", pcscd.Address, new("XDG_STATE_HOME", folder.Path));
        await terminal.SeesAsync("Card in Virtual PCD 00 00", Cancel);
        await terminal.TypesAsync(Select, Cancel);
        await terminal.SeesAsync("9000", Cancel);
        await using var events = ReaderWatch.WatchAsync(Cancel).GetAsyncEnumerator(Cancel);
        await UntilAsync(ReaderChange.CardInserted, events);

        await stay.DisposeAsync();
        await UntilAsync(ReaderChange.CardRemoved, events);
        await terminal.TypesAsync(Select, Cancel);
        await terminal.SeesAsync("The card was removed from Virtual PCD 00 00", Cancel);
        await terminal.SeesAsync("Insert a card to go on", Cancel);

        await using var again = InsertedCard.Insert(pcscd.EndPoint, os);
        await terminal.SeesAsync("Card in Virtual PCD 00 00", Cancel);
        await terminal.TypesAsync(Select, Cancel);
        await terminal.SeesAsync("9000", Cancel);
        await terminal.TypesAsync("exit\r", Cancel);
        Assert.Equal(0, await terminal.EndAsync(Cancel));
    }

    /// <summary>pcscd looks twice a second: a card that is out and in again between two looks it never finds again.</summary>
    private static async Task UntilAsync(ReaderChange change, IAsyncEnumerator<ReaderEvent> events)
    {
        do Assert.True(await events.MoveNextAsync());
        while (events.Current.Change != change);
    }
}
