using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim.Usim;

/// <summary>The start in class 00 of docs/protocols/card.md §7 is what the card of the lab answers.</summary>
public class SimDocumentTests
{
    [Fact]
    public void The_worked_start_is_what_the_card_answers()
    {
        using var sim = TestSim.Demonstration();
        foreach (var block in ProtocolExample.Read("card.md", "sim"))
        {
            foreach (var (command, answer) in block.Chunk(2).Select(pair => (pair[0], pair[1])))
            {
                Assert.Equal(("command", "answer"), (command.Name, answer.Name));
                Assert.Equal(answer.Octets.ToString(), sim.Ask(command.Octets.ToString()));
            }
        }
    }
}
