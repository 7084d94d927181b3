using System.Security.Cryptography.X509Certificates;
using Tessera.Cards;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Piv;

/// <summary>
/// Selection and objects of the PIV application. Commands and answers marked so are samples of NIST SP 800-73, of the
/// manual of Yubico.NET.SDK, and of what OpenSC 0.23 was seen to send.
/// </summary>
public class PivAppletTests
{
    private const string Template =
        "613B4F060000100001007907 4F05A000000308 500B5465737365726120504956"
        + "AC1B 800103 800108 80010A 80010C 800107 800105 800111 800114 060100";

    private const string Discovery = "7E124F0BA0000003080000100001005F2F024000";

    [Theory]
    [InlineData("00A404000BA00000030800001000010000")] // sample: the whole name
    [InlineData("00A4040009A0000003080000100000")] // sample: as OpenSC selects
    [InlineData("00A4040005A000000308")] // as yubico-piv-tool selects, which wants the answer without saying so
    public void It_is_selected_by_each_name_that_hosts_use(string select)
    {
        using var card = TestCard.Open(PivCard.NewImage());

        Assert.Equal(Bytes.FromHex(Template) + "9000", card.Send(select));
    }

    [Fact]
    public void A_card_that_is_no_piv_card_says_so()
    {
        using var card = TestCard.Demonstration();

        Assert.Equal("6A82", card.Send(PivCard.Select));
    }

    [Fact]
    public void The_discovery_object_is_the_same_octets_each_time()
    {
        using var card = PivCard.New();

        // Sample.
        Assert.Equal(Discovery + "9000", card.Send("00CB3FFF035C017E00"));
        Assert.Equal(Discovery + "9000", card.Send("00CB3FFF035C017E00"));
    }

    /// <summary>OpenSC reads eight octets first, to know the length.</summary>
    [Fact]
    public void A_long_object_is_fetched_in_parts()
    {
        var credential = PivCard.Key(0x9A);
        using var card = PivCard.New(credential);
        var whole = card.Get("5FC105").Data;

        var start = card.Send("00CB3FFF055C035FC10508");
        var rest = card.Send("00C0000000");

        Assert.Equal(8 * 2 + 4, start.Length);
        Assert.Equal(whole.ToString()[..16], start[..16]);
        Assert.StartsWith("61", start[16..], StringComparison.Ordinal);
        Assert.StartsWith(rest[..^4], whole.ToString()[16..], StringComparison.Ordinal);
        var content = whole.Read<Tlv>().Value;
        var reader = new ByteReader(content.Span);
        var der = Tlv.ReadExpected(ref reader, 0x70, "certificate");
        using var certificate = X509CertificateLoader.LoadCertificate(der);
        Assert.Equal("CN=Ada", certificate.Subject);
        Assert.Equal("710100FE00", Convert.ToHexString(reader.ReadRest()));
    }

    [Fact]
    public void The_card_names_itself_and_what_it_can()
    {
        using var card = PivCard.New();

        var chuid = card.Get("5FC102").Data.ToString();
        Assert.StartsWith("533B3019D4E739DA739CED39CE739D8368", chuid, StringComparison.Ordinal);
        Assert.EndsWith("35083230333630313031" + "3E00FE00", chuid, StringComparison.Ordinal);
        var capabilities = card.Get("5FC107").Data.ToString();
        Assert.StartsWith("5333F015A000000116FF02", capabilities, StringComparison.Ordinal);
        Assert.EndsWith(
            "F10121F20121F300F40100F50110F600F700FA00FB00FC00FD00FE00", capabilities, StringComparison.Ordinal);
        Assert.Equal("0502009000", card.Send("00FD000000"));
        Assert.Equal("09ABCDEF9000", card.Send("00F8000000"));
    }

    [Theory]
    [InlineData("00CB3FFF055C035FC10500", "6A82")] // sample: a certificate that is not there
    [InlineData("00CB3FFF035C017F00", "6A82")]
    [InlineData("00CB3FFF045C027F6100", "6A82")]
    [InlineData("00CB3FFF055C035FC10300", "6982")]
    [InlineData("00CB3FFE035C017E00", "6A86")]
    [InlineData("00CB3FFF025C0000", "6A80")]
    [InlineData("00CB3FFF065C045FC1050500", "6A80")]
    [InlineData("00CB3FFF045C017E0000", "6A80")]
    [InlineData("00CB3FFF", "6A80")]
    [InlineData("00DB3FFF075C035FC1025300", "6982")]
    [InlineData("004700 9A 05AC0380011100", "6982")] // sample: without the management key
    [InlineData("00FE079A 020600", "6982")]
    [InlineData("00FFFFFF 1B 039B18 010203040506070801020304050607080102030405060708", "6982")]
    [InlineData("00FD000100", "6A86")]
    [InlineData("00F8000001AA00", "6700")]
    [InlineData("00F70000 00", "6D00")]
    [InlineData("80CB3FFF035C017E00", "6E00")]
    [InlineData("00CA00C100", "6D00")]
    public void What_it_does_not_give_or_do_it_refuses(string command, string answer)
    {
        using var card = PivCard.New();

        Assert.Equal(answer, card.Send(command));
    }

    [Fact]
    public void The_manager_writes_objects_and_empties_them()
    {
        using var card = PivCard.New().Managed();

        // Sample: the CHUID of the manual.
        const string Chuid =
            "3019D4E739DA739CED39CE739D836858210842108421384210C3F53410AD64BEAC16114A5693A29D583B74CB44"
            + "350832303330303130313E00FE00";
        Assert.Equal(StatusWord.Success, card.Put("5FC102", Bytes.FromHex(Chuid).Span));
        Assert.Equal($"533B{Chuid}9000", card.Send("00CB3FFF055C035FC10200"));

        Assert.Equal(StatusWord.Success, card.Put("5FC102", []));
        Assert.Equal(StatusWord.FileNotFound, card.Get("5FC102").Status);
        Assert.Equal(new StatusWord(0x6A81), card.Put("5FFF01", [1]));
        Assert.Equal(StatusWord.WrongData, card.Send(0xDB, 0x3F, 0xFF, "7E00").Status);
        Assert.Equal(StatusWord.NotEnoughMemory, card.Put("5FC105", new byte[3073]));
    }

    /// <summary>Where it has no room, that host takes a new management key that the card has for refused.</summary>
    [Fact]
    public void A_host_notes_how_it_manages_the_card()
    {
        using var card = PivCard.New().Managed();

        Assert.Equal(StatusWord.FileNotFound, card.Get("5FFF00").Status);
        Assert.Equal(StatusWord.Success, card.Put("5FFF00", [0x80, 0x03, 0x81, 0x01, 0x02]));
        Assert.Equal("530580038101029000", card.Send("00CB3FFF055C035FFF0000"));
        Assert.Equal(StatusWord.NotEnoughMemory, card.Put("5FFF00", new byte[129]));
    }

    [Theory]
    [InlineData("5FC103", 4096)]
    [InlineData("5FC108", 12800)]
    [InlineData("5FC109", 512)]
    [InlineData("5FC121", 7168)]
    public void What_tells_of_the_holder_is_read_after_the_pin_only(string tag, int capacity)
    {
        using var card = PivCard.New().Managed();
        var content = new byte[capacity];
        content.AsSpan().Fill(0xAB);
        Assert.Equal(StatusWord.Success, card.Put(tag, content));

        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, card.Get(tag).Status);
        card.Send(PivCard.Verify);
        Assert.Equal(content, card.Get(tag).Data.Read<Tlv>().Value.ToArray());
    }

    [Fact]
    public void A_long_object_comes_in_a_chain()
    {
        using var card = PivCard.New().Managed();
        var data = $"5C035FC10A5382021C{string.Concat(Enumerable.Repeat("5A", 540))}";

        Assert.Equal("9000", card.Send($"10DB3FFFFF{data[..510]}"));
        Assert.Equal("9000", card.Send($"10DB3FFFFF{data[510..1020]}"));
        Assert.Equal("9000", card.Send($"00DB3FFF{(data.Length - 1020) / 2:X2}{data[1020..]}"));

        Assert.Equal(data[10..], card.Get("5FC10A").Data.ToString());
    }

    [Fact]
    public void Another_application_ends_what_was_shown_to_this_one_and_itself_again_does_not()
    {
        using var card = PivCard.New().Managed();
        card.Send(PivCard.Verify);
        card.Send(PivCard.Select);
        card.Send("00A4040009F0544553534552410900");
        Assert.Equal("9000", card.Send("00200080"));
        Assert.Equal(StatusWord.Success, card.Put("5FC102", [1]));

        card.Send("00A4040009F0544553534552410100");
        Assert.Equal("63C3", card.Send("00200080"));
        card.Send(PivCard.Select);
        Assert.Equal("63C3", card.Send("00200080"));
        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, card.Put("5FC102", [1]));
    }
}
