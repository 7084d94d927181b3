using Tessera.Cards.Pcsc;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Pcsc;

public class PcscStatusTests
{
    [Theory]
    [InlineData(0x8010001D, "SCARD_E_NO_SERVICE")]
    [InlineData(0x80100069, "SCARD_W_REMOVED_CARD")]
    [InlineData(0x8010FFFF, "8010FFFF")]
    public void Is_printed_by_its_name(uint code, string name) => Assert.Equal(name, new PcscStatus(code).ToString());

    [Theory]
    [InlineData(0x80100069, "was removed")]
    [InlineData(0x8010000C, "was removed")]
    [InlineData(0x80100068, "Another program")]
    [InlineData(0x80100016, "did not answer")]
    [InlineData(0x80100009, "reader R is gone")]
    [InlineData(0x8010001E, "service stopped")]
    public void A_lost_card_reader_or_service_says_why(uint code, string reason)
    {
        var lost = Assert.IsType<ConnectionLostException>(PcscException.Of(new PcscStatus(code), "SCardTransmit", "R"));

        Assert.Contains(reason, lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Anything_else_is_a_refusal_with_its_name()
    {
        var refused = Assert.IsType<PcscException>(PcscException.Of(PcscStatus.SharingViolation, "SCardConnect", "R"));

        Assert.Equal(PcscStatus.SharingViolation, refused.Status);
        Assert.Equal("SCardConnect on R: SCARD_E_SHARING_VIOLATION.", refused.Message);
    }
}
