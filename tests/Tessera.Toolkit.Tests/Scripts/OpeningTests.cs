using Tessera.Cards.Purse;
using Tessera.Testing;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Scripts;

public class OpeningTests
{
    private const string State =
        "00030000138800000006A9AAABACADAEAFB0020000000000001388C0C1C2C3C4C5C6C755135110F5D1424A";

    private const string Whole =
        "E349 C00401002A00 C92B" + State + "CA05 1122334455 CB06 01000203FFFE CD05 7075727365";

    [Fact]
    public void An_opening_with_everything_holds() => WireFormat.Holds(
        new Opening(
            0x2A, Bytes.FromHex(State).Read<PurseState>(), OpeningProfile.Whole(Bytes.FromHex("1122334455").Span),
            [new OpeningField(1, 2), new OpeningField(3, 0xFFFE)], "purse"),
        Whole);

    [Fact]
    public void An_opening_with_nothing_that_may_be_absent_holds() => WireFormat.Holds(
        new Opening(0xFFFF, null, OpeningProfile.Whole([0x11, 0x22, 0x33, 0x44, 0x55]).ToDigest(), [], "x"),
        "E30F C00401FFFF00 CA04 B9EA0A42 CD01 78");

    [Fact]
    public void The_worked_opening_tells_of_a_list()
    {
        var opening = new Opening(
            0x2B, null, OpeningProfile.Whole([0x11, 0x22, 0x33, 0x44, 0x55]), [new OpeningField(1, 2)], "bus")
        {
            Lists = [new ListVersion(0x4D, 0x7F7C)],
        };

        WireFormat.Holds(opening, WorkedScripts.Of("opening").Single().ToString());
    }

    [Fact]
    public void An_opening_tells_of_eight_lists_of_any_id_and_version() => WireFormat.Holds(
        new Opening(0x2A, null, OpeningProfile.Whole([0x11, 0x22, 0x33, 0x44, 0x55]), [], "x")
        {
            Lists =
            [
                new(9, 1), new(8, 2), new(7, 0), new(0, 4), new(5, 5), new(4, 6), new(0xFF, 7), new(2, 0xFFFF),
            ],
        },
        "E32A C00401002A00 CA05 1122334455 CE18 090001 080002 070000 000004 050005 040006 FF0007 02FFFF CD01 78");

    [Fact]
    public void A_short_profile_is_never_taken_for_a_digest()
    {
        var profile = OpeningProfile.Whole([0x11, 0x22, 0x33, 0x44]);

        Assert.False(profile.IsDigest);
        Assert.Equal("1122334400", profile.Octets.ToString());
        Assert.True(profile.ToDigest().IsDigest);
        Assert.Equal(profile.ToDigest(), OpeningProfile.Whole([0x11, 0x22, 0x33, 0x44, 0x00]).ToDigest());
        Assert.Throws<ArgumentOutOfRangeException>(() => OpeningProfile.Whole(new byte[256]));
    }

    [Theory]
    [InlineData("another version", "E310 C00402002A00 CA05 1122334455 CD01 78")]
    [InlineData("session 0", "E310 C00401000000 CA05 1122334455 CD01 78")]
    [InlineData("a script's number", "E310 C00401002A01 CA05 1122334455 CD01 78")]
    [InlineData("head after the profile", "E310 CA05 1122334455 C00401002A00 CD01 78")]
    [InlineData("no profile", "E309 C00401002A00 CD01 78")]
    [InlineData("a profile of 3 octets", "E30E C00401002A00 CA03 112233 CD01 78")]
    [InlineData("no fields, but their object", "E312 C00401002A00 CA05 1122334455 CB00 CD01 78")]
    [InlineData("field 0", "E315 C00401002A00 CA05 1122334455 CB03 000001 CD01 78")]
    [InlineData("version 0", "E315 C00401002A00 CA05 1122334455 CB03 010000 CD01 78")]
    [InlineData("fields falling", "E318 C00401002A00 CA05 1122334455 CB06 020001 010001 CD01 78")]
    [InlineData("half a field", "E314 C00401002A00 CA05 1122334455 CB02 0100 CD01 78")]
    [InlineData("no application", "E30D C00401002A00 CA05 1122334455")]
    [InlineData("an application without a name", "E30F C00401002A00 CA05 1122334455 CD00")]
    [InlineData("a name of 17", "E320 C00401002A00 CA05 1122334455 CD11 6161616161616161616161616161616161")]
    [InlineData("a name that is not graphic", "E310 C00401002A00 CA05 1122334455 CD01 07")]
    [InlineData("a purse cut short", "E313 C00401002A00 C901 00 CA05 1122334455 CD01 78")]
    [InlineData("an object too many", "E312 C00401002A00 CA05 1122334455 CD01 78 CE00")]
    [InlineData("no lists, but their object", "E312 C00401002A00 CA05 1122334455 CE00 CD01 78")]
    [InlineData("half a list", "E314 C00401002A00 CA05 1122334455 CE02 0100 CD01 78")]
    [InlineData("a list twice", "E318 C00401002A00 CA05 1122334455 CE06 010001 010002 CD01 78")]
    [InlineData("lists before fields", "E31A C00401002A00 CA05 1122334455 CE03 010001 CB03 010001 CD01 78")]
    [InlineData("nine lists",
        "E32D C00401002A00 CA05 1122334455 CE1B 010001020001030001040001050001060001070001080001090001 CD01 78")]
    [InlineData("another tag", "E410 C00401002A00 CA05 1122334455 CD01 78")]
    public void Refuses(string what, string hex)
    {
        Assert.NotEmpty(what);
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<Opening>());
    }

    [Fact]
    public void Noise_is_refused_or_reads_and_writes_alike()
    {
        var random = new Random(29);
        var whole = Bytes.FromHex(Whole);
        for (var i = 0; i < 20_000; i++)
        {
            var octets = whole.ToArray();
            for (var flips = random.Next(3); flips >= 0; flips--)
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
            try
            {
                Assert.Equal(new Bytes(octets), Bytes.Of(new Bytes(octets).Read<Opening>()));
            }
            catch (WireFormatException)
            {
                // What noise deserves.
            }
        }
    }
}
