using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Files;

public class CardDocumentTests
{
    /// <summary>docs/protocols/card.md §6, octet by octet.</summary>
    [Fact]
    public void The_walk_of_the_document_is_what_a_card_answers()
    {
        using var card = TestCard.Open(TestCard.NewImage(Personalisation.DemonstrationWithFiles(TestCard.Id)));
        var walk = ProtocolExample.Read("card.md", "card").Single();

        Assert.Equal(walk[0].Octets, card.Os.Atr);
        var pairs = walk.Skip(1).Chunk(2).ToList();
        Assert.Equal(16, pairs.Count);
        foreach (var pair in pairs)
        {
            Assert.Equal(("command", "answer"), (pair[0].Name, pair[1].Name));
            Assert.Equal(pair[1].Octets, card.Os.Transmit(pair[0].Octets.Span));
        }
    }
}
