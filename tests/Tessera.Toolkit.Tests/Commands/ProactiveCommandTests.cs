using System.Text.Json;
using Tessera.Testing;
using Tessera.Toolkit.Commands;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Commands;

public class ProactiveCommandTests
{
    private static IEnumerable<JsonElement> Usat(string kind) =>
        Vectors.Of("Commands", "usat.json").Where(vector => vector.Has("kind", kind));

    public static TheoryData<string, string> Commands =>
        [.. Usat("command").Select(vector => (vector.Field("id"), vector.Field("pdu")))];

    public static TheoryData<string, string> Responses =>
        [.. Usat("terminal-response").Select(vector => (vector.Field("id"), vector.Field("pdu")))];

    [Fact]
    public void There_are_vectors() => Assert.True(Commands.Count >= 20 && Responses.Count >= 10);

    [Theory]
    [MemberData(nameof(Commands))]
    public void Reads_and_writes_commands(string id, string pdu)
    {
        Assert.NotEmpty(id);
        WireFormat.Holds(Bytes.FromHex(pdu).Read<ProactiveCommand>(), pdu);
    }

    /// <summary>
    /// Terminal responses have no outer length: what is cut between two objects is a shorter response.
    /// </summary>
    [Theory]
    [MemberData(nameof(Responses))]
    public void Reads_and_writes_terminal_responses(string id, string pdu)
    {
        Assert.NotEmpty(id);
        var octets = Bytes.FromHex(pdu);
        Assert.Equal(octets, Bytes.Of(octets.Read<TerminalResponse>()));

        for (var length = 0; length < octets.Length; length++)
        {
            var cut = Bytes.CopyOf(octets.Span[..length]);
            try
            {
                Assert.Equal(cut, Bytes.Of(cut.Read<TerminalResponse>()));
            }
            catch (WireFormatException)
            {
                continue;
            }

            Assert.True(length >= 12, $"{length} octets are no response");
        }
    }

    [Fact]
    public void Reads_the_texts_of_the_vectors()
    {
        foreach (var vector in Usat("command"))
        {
            var command = Bytes.FromHex(vector.Field("pdu")).Read<ProactiveCommand>();
            foreach (var tlv in vector.GetProperty("tlv").EnumerateArray())
            {
                if (!tlv.TryGetProperty("text", out var text)) continue;
                string[] found = tlv.Field("tag") switch
                {
                    "8D" => [command.Text!],
                    "85" => [command.Alpha!],
                    _ => [.. command.Items.Select(item => $"{item.Identifier}: {item.Text}")],
                };
                Assert.Contains(text.GetString()!, found, StringComparer.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("setup_menu_111")]
    [InlineData("setup_menu_113")]
    [InlineData("select_item_111")]
    [InlineData("display_text_111")]
    [InlineData("display_text_161")]
    [InlineData("get_inkey_111")]
    [InlineData("get_input_111")]
    [InlineData("get_input_141")]
    [InlineData("get_input_411")]
    [InlineData("send_sms_111")]
    [InlineData("setup_call_111")]
    [InlineData("provide_local_info_121")]
    public void Builds_the_vectors(string id)
    {
        var vector = Usat("command").Single(vector => vector.Has("id", id));
        var expected = Bytes.FromHex(vector.Field("pdu"));
        string[] items = ["Item 1", "Item 2", "Item 3", "Item 4"];
        var built = id switch
        {
            "setup_menu_111" => ProactiveCommand.SetUpMenu("Toolkit Menu", items),
            "setup_menu_113" => ProactiveCommand.SetUpMenu(""),
            "select_item_111" => ProactiveCommand.SelectItem("Toolkit Select", items),
            "display_text_111" => ProactiveCommand.DisplayText("Toolkit Test 1"),
            "display_text_161" => ProactiveCommand.DisplayText(expected.Read<ProactiveCommand>().Text!),
            "get_inkey_111" => ProactiveCommand.GetInkey("Enter \"+\""),
            "get_input_111" => ProactiveCommand.GetInput("Enter 12345", 5, 5),
            "get_input_141" => ProactiveCommand.GetInput("Password 1<SEND>2345678", 4, 8, InputQualifier.HiddenOrYesNo),
            "get_input_411" =>
                ProactiveCommand.GetInput("Enter Hello", 12, 12, InputQualifier.Letters | InputQualifier.Ucs2),
            "send_sms_111" =>
                ProactiveCommand.SendShortMessage("Send SM", Bytes.FromHex("0100099110325476F840F40C54657374204D657373616765")),
            "setup_call_111" => ProactiveCommand.SetUpCall("Not busy", "+012340123456p1p2"),
            _ => ProactiveCommand.ProvideLocalInformation(1),
        };

        // TS 31.124 puts the service centre's address before the message; ours leaves it to the terminal.
        var objects = expected.Read<ProactiveCommand>();
        if (id is "send_sms_111")
            expected = Bytes.Of(objects with { Objects = [objects.Objects[0], objects.Objects[2]] });
        Assert.Equal(expected, Bytes.Of(built));
    }

    [Fact]
    public void Text_goes_as_gsm_where_it_can_and_as_ucs2_where_not()
    {
        Assert.Equal(Bytes.FromHex("04 63 01 1B65"), TextString.Encode("c£€"));
        Assert.Equal(Bytes.FromHex("08 0414 0430"), TextString.Encode("Да"));
        Assert.Equal("Да", TextString.Decode(TextString.Encode("Да").Span));
        Assert.Equal(Bytes.FromHex("80 0414 0430"), AlphaIdentifier.Encode("Да"));
        Assert.Equal("Да", AlphaIdentifier.Decode(AlphaIdentifier.Encode("Да").Span));
    }

    // Seven octets carry eight septets; the last may be a character or nothing but zero bits.
    [Theory]
    [InlineData("00 C16030180C0683", "AAAAAAAA")]
    [InlineData("00 F4F29C0EA297F174", "test text")]
    [InlineData("00 C16030180C0601", "AAAAAAA")]
    [InlineData("", "")]
    [InlineData("04", "")]
    public void Reads_packed_text(string hex, string text) =>
        Assert.Equal(text, TextString.Decode(Bytes.FromHex(hex).Span));

    // ETSI TS 102 221 annex A gives the 81 and 82 forms; characters below 80 are GSM ones.
    [Theory]
    [InlineData("81 05 13 53 95 A6 A6 28", "S\u0995\u09A6\u09A6(")]
    [InlineData("82 05 0530 2D 82 D3 2D 31", "-\u0532\u0583-1")]
    [InlineData("80 00E7", "ç")]
    [InlineData("1B65", "€")]
    [InlineData("", "")]
    public void Reads_alpha_identifiers(string hex, string text) =>
        Assert.Equal(text, AlphaIdentifier.Decode(Bytes.FromHex(hex).Span));

    [Theory]
    [InlineData("81")]
    [InlineData("81 05 13 53")]
    [InlineData("81 01 13 53 53")]
    [InlineData("82 01 05")]
    [InlineData("80 00")]
    [InlineData("83 00")]
    public void Refuses_other_alpha_identifiers(string hex) =>
        Assert.Throws<WireFormatException>(() => AlphaIdentifier.Decode(Bytes.FromHex(hex).Span));

    [Theory]
    [InlineData("D009 010301260182028182")]
    [InlineData("D009 810301260102028182")]
    [InlineData("D009 820281828103012601")]
    [InlineData("D00B 8103012601820281828000")]
    [InlineData("D00B 810301260182028182FF00")]
    [InlineData("D109 810301260182028182")]
    [InlineData("D08109 810301260182028182")]
    public void Refuses_other_commands(string hex) =>
        Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<ProactiveCommand>());

    [Fact]
    public void Reads_durations_and_defaults()
    {
        var tone = ProactiveCommand.PlayTone(Tone.PositiveAcknowledgement, TimeUnit.Tenths, 5);
        Assert.Equal(TimeSpan.FromMilliseconds(500), tone.Duration);
        Assert.Equal(Bytes.FromHex("D010 8103012000 82028103 8E0111 84020205"), Bytes.Of(tone));

        var list = Bytes.FromHex(Usat("command").Single(vector => vector.Has("id", "select_item_311")).Field("pdu"));
        Assert.Equal((byte)2, list.Read<ProactiveCommand>().DefaultItem);
    }

    [Theory]
    [InlineData("+4512345678", "915421436587")]
    [InlineData("112", "8111F2")]
    [InlineData("*100#", "811A00FB")]
    public void Writes_and_reads_numbers(string number, string hex)
    {
        Assert.Equal(hex, DialNumber.Encode(number).ToString());
        Assert.Equal(number, DialNumber.Decode(Bytes.FromHex(hex).Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("12a")]
    public void Refuses_what_cannot_be_dialled(string number) =>
        Assert.Throws<ArgumentException>(() => DialNumber.Encode(number));

    [Fact]
    public void A_terminal_response_does_not_print_what_was_typed()
    {
        var command = ProactiveCommand.GetInput("PIN", 4, 8, InputQualifier.HiddenOrYesNo);
        Assert.DoesNotContain("31", TerminalResponse.Entered(command, "1234").ToString(), StringComparison.Ordinal);
        Assert.Equal("1234", TerminalResponse.Entered(command, "1234").Text);
    }

    [Fact]
    public void Noise_is_refused_or_read_but_breaks_nothing()
    {
        var random = new Random(102223);
        for (var i = 0; i < 20_000; i++)
        {
            var octets = new byte[random.Next(40)];
            random.NextBytes(octets);
            if (i % 2 == 0 && octets.Length > 9) Bytes.FromHex("D026810301210082028102").Span[..9].CopyTo(octets);
            Quietly(() => new Bytes(octets).Read<ProactiveCommand>());
            Quietly(() => new Bytes(octets).Read<TerminalResponse>());
            Quietly(() => TextString.Decode(octets));
            Quietly(() => AlphaIdentifier.Decode(octets));
            Quietly(() => DialNumber.Decode(octets));
        }
    }

    private static void Quietly(Func<object> read)
    {
        try
        {
            _ = read();
        }
        catch (WireFormatException)
        {
            // What noise deserves.
        }
    }
}
