using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests;

public class ApplicationTemplateTests
{
    private static readonly CardId Card = CardId.Parse("0123456789ABCDEF");

    [Fact]
    public void Of_a_purse() => WireFormat.Holds(
        new ApplicationTemplate(PurseCommands.Aid, Card, 3, new PurseTraits(0x0978, 50000)),
        "6F27 8409F05445535345524101 A51A C00101 C1080123456789ABCDEF C2020978 C30103 C4040000C350");

    [Fact]
    public void Of_a_store() => WireFormat.Holds(
        new ApplicationTemplate(StoreCommands.Aid, Card, 3),
        "6F1D 8409F05445535345524102 A510 C00101 C1080123456789ABCDEF C30103");

    [Theory]
    [InlineData("6F1D 8409F05445535345524102 A510 C00102 C1080123456789ABCDEF C30103")]
    [InlineData("6F1D 8409F05445535345524102 A510 C1080123456789ABCDEF C00101 C30103")]
    [InlineData("6F21 8409F05445535345524102 A514 C00101 C1080123456789ABCDEF C2020978 C30103")]
    [InlineData("6F1C 8409F05445535345524102 A50F C00101 C10723456789ABCDEF C30103")]
    [InlineData("6F1F 8409F05445535345524102 A510 C00101 C1080123456789ABCDEF C30103 5000")]
    [InlineData("6F1F 8409F05445535345524102 A512 C00101 C1080123456789ABCDEF C30103 C500")]
    public void Refuses_what_it_does_not_understand(string hex) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<ApplicationTemplate>());
}
