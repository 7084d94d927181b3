using Tessera.Testing;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Scripts;

/// <summary>What card and gateway tell each other when a holder calls (docs/protocols/sms.md §7).</summary>
public class LoginTests
{
    private static readonly LoginPair Pair = LoginPair.Of("0123", "9876")!;
    private static readonly OpeningProfile Profile = OpeningProfile.Whole([0x11, 0x22, 0x33, 0x44, 0x55]);

    [Fact]
    public void A_pair_holds() => WireFormat.Holds(Pair, "01239876");

    [Fact]
    public void A_login_notice_holds() => WireFormat.Holds(new LoginNotice(Pair), "E506 D704 01239876");

    [Fact]
    public void An_announcement_holds() =>
        WireFormat.Holds(new Announcement(Profile), "E40D C00401000000 CA05 1122334455");

    [Fact]
    public void An_announcement_by_digest_holds() =>
        WireFormat.Holds(new Announcement(Profile.ToDigest()), "E40C C00401000000 CA04 B9EA0A42");

    [Fact]
    public void An_opening_with_a_login_holds() => WireFormat.Holds(
        new Opening(0x2A, null, Profile, [], "") { Login = Pair }, "E313 C00401002A00 CA05 1122334455 D704 01239876");

    [Theory]
    [InlineData("0123987A")]
    [InlineData("F1239876")]
    public void A_pair_has_digits_only(string octets) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(octets).Read<LoginPair>());

    [Theory]
    [InlineData("012", "9876")]
    [InlineData("01234", "9876")]
    [InlineData("0123", "98 6")]
    [InlineData("0123", "+987")]
    [InlineData("", "")]
    public void What_is_typed_otherwise_is_no_pair(string login, string password) =>
        Assert.Null(LoginPair.Of(login, password));

    [Theory]
    [InlineData("E40D C00402000000 CA05 1122334455")]
    [InlineData("E40D C00401000100 CA05 1122334455")]
    [InlineData("E40D C00401000001 CA05 1122334455")]
    [InlineData("E40A C00401000000 CA02 1122")]
    [InlineData("E411 C00401000000 CA05 1122334455 CD02 7878")]
    public void What_is_no_announcement(string octets) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(octets).Read<Announcement>());

    [Fact]
    public void A_pair_is_drawn_from_all_there_are_and_does_not_show_itself()
    {
        var drawn = Enumerable.Range(0, 100).Select(_ => LoginPair.Draw()).ToList();

        Assert.True(drawn.Distinct().Count() > 90);
        Assert.All(drawn, pair => Assert.Equal(pair, LoginPair.Of(pair.Login, pair.Password)));
        Assert.All(drawn, pair => Assert.Equal("****", $"{pair}"));
    }
}
