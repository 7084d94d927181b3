using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Store;

/// <summary>The card answers as docs/protocols/store.md §9 says: each line that is a command, then its answer.</summary>
public class StoreExampleTests
{
    private static readonly HashSet<string> Commands =
        new(["DEFINE", "LIST", "in clear", "READ", "REMOVE", "DEFINE again"], StringComparer.Ordinal);

    private static readonly HashSet<string> Answers =
        new(["answer", "fields", "refused", "field", "stored", "removed"], StringComparer.Ordinal);

    /// <summary>The document has cards without anything on them, under a master key of its own.</summary>
    [Theory]
    [InlineData("secured")]
    [InlineData("object")]
    public void The_card_does_what_the_document_says(string language)
    {
        var card = ProtocolExample.Read("store.md", "store")[0];
        using var masters = new MasterKeys(
            3, SecretKey.Generate(), new SecretKey(card.Named("master key").Span), SecretKey.Generate());
        using var os = TestCard.Open(TestCard.NewImage(new Personalisation
        {
            Card = TestCard.Id,
            Keys = CardKeys.Of(masters, TestCard.Id),
            KeyVersion = masters.Version,
            Pin = PinBlock.OfPin(DemonstrationKeys.Pin),
            Puk = PinBlock.OfPuk(DemonstrationKeys.Puk),
        }));
        Assert.Equal(card.Named("FCI").ToString(), os.Send(card.Named("SELECT").ToString()));
        var exchanges = 0;
        var command = Bytes.Empty;
        foreach (var (name, octets) in ProtocolExample.Read("store.md", language).Single())
        {
            if (Commands.Contains(name)) command = octets;
            if (!Answers.Contains(name)) continue;
            Assert.Equal($"{name} {octets}", $"{name} {os.Send(command.ToString())}");
            exchanges++;
        }

        Assert.True(exchanges >= 4);
    }
}
