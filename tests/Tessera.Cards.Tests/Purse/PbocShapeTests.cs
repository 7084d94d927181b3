using Tessera.Cards.Purse;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Purse;

/// <summary>
/// The flow of the Chinese electronic purse (PBOC 1.0/2.0), by the worked example that circulates for it
/// (cnblogs.com/ttss/p/4280430.html): a movement is begun and made by the same commands here, under other codes.
/// </summary>
public class PbocShapeTests
{
    [Theory]
    [InlineData("805000010B 01 00001000 001122334455")]
    [InlineData("805001020B 01 00001000 001122334455")]
    public void A_movement_begins_with_the_class_and_instruction_of_INITIALIZE(string example)
    {
        var theirs = Bytes.FromHex(example).Read<CommandApdu>();
        var ours = PurseCommands.Initialize(Bytes.FromHex("A1A2A3A4A5A6A7A8"));

        Assert.Equal((theirs.Cla, theirs.Ins), (ours.Cla, ours.Ins));
    }

    [Fact]
    public void A_debit_is_made_by_the_header_of_DEBIT_FOR_PURCHASE()
    {
        var theirs = Bytes.FromHex("805401000F 00000001 20120229 135100 F15CAB75").Read<CommandApdu>();
        var ours = PurseCommands.Move(MoveKind.Debit, MoveTerms.PinRequired, 0, 1000, new Bytes(new byte[8]));

        Assert.Equal((theirs.Cla, theirs.Ins, theirs.P1, theirs.P2), (ours.Cla, ours.Ins, ours.P1, ours.P2));
    }
}
