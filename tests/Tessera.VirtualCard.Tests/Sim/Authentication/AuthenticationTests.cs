using Tessera.VirtualCard.Sim.Authentication;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim.Authentication;

/// <summary>A network with the keys of the demonstration SIM, and that SIM.</summary>
public sealed class AuthenticationTests : IDisposable
{
    private const string Usim = "00A4040007A0000000871002";
    private const string Challenge = "23553CBE9637A89D218AE64DAE47BF35";

    private readonly SubscriberKey _key = DemonstrationKeys.CreateSubscriber();
    private readonly Milenage _network;

    public AuthenticationTests() => _network = new Milenage(_key, Bytes.FromHex(Challenge).Memory);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void A_network_that_proves_itself_is_answered_with_response_and_keys()
    {
        using var sim = Selected();

        Assert.Equal(
            $"DB08{Hex(_network.Response())}10{Hex(_network.CipherKey())}10{Hex(_network.IntegrityKey())}08{GsmKey()}9000",
            Authenticate(sim, 0x21));
    }

    [Fact]
    public void Both_generations_give_the_same_key_for_the_same_challenge()
    {
        using var sim = Selected();
        Assert.Equal($"04{Sres()}08{GsmKey()}9000", Whole(sim, $"0088008011 10{Challenge} 00"));

        sim.Select("7F20");
        Assert.Equal("9F0C", sim.Send($"A088000010{Challenge}"));
        Assert.Equal($"{Sres()}{GsmKey()}9000", sim.Send("A0C000000C"));
    }

    [Fact]
    public void A_sequence_number_is_taken_once_and_out_of_order_only_under_another_index()
    {
        using var sim = Selected();
        Assert.StartsWith("DB", Authenticate(sim, Sqn(5, index: 1)), StringComparison.Ordinal);
        Assert.StartsWith("DC", Authenticate(sim, Sqn(5, index: 1)), StringComparison.Ordinal);
        Assert.StartsWith("DC", Authenticate(sim, Sqn(4, index: 1)), StringComparison.Ordinal);
        Assert.StartsWith("DB", Authenticate(sim, Sqn(4, index: 2)), StringComparison.Ordinal);
        Assert.StartsWith("DB", Authenticate(sim, Sqn(6, index: 1)), StringComparison.Ordinal);
        Assert.StartsWith("DC", Authenticate(sim, 0), StringComparison.Ordinal);
        Assert.StartsWith("DB", Authenticate(sim, 0xFFFFFFFFFFFF), StringComparison.Ordinal);
        Assert.StartsWith("DC", Authenticate(sim, 0xFFFFFFFFFFFF), StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_out_of_step_learns_the_highest_number_and_is_in_step_again()
    {
        using var sim = Selected();
        Authenticate(sim, Sqn(1000, index: 3));
        Authenticate(sim, Sqn(900, index: 30));

        var token = Authenticate(sim, Sqn(7, index: 3));
        Assert.Equal("DC0E", token[..4]);
        Assert.Equal("9000", token[^4..]);
        var octets = Bytes.FromHex(token.AsSpan(4, 28)).ToArray();
        var mask = _network.AnonymityKeyOfCard();
        byte[] sequence = [.. octets.Take(6).Select((octet, i) => (byte)(octet ^ mask[i]))];
        Assert.Equal(Hex(Octets(Sqn(1000, index: 3))), Hex(sequence));
        Assert.Equal(Hex(_network.Codes(sequence, [0, 0]).OfCard), Hex(octets[6..]));

        Assert.StartsWith("DB", Authenticate(sim, Sqn(1001, index: 3)), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_changed_in_the_token_is_no_network()
    {
        using var sim = Selected();
        var token = Token(Sqn(1, index: 0));
        var before = sim.Image;
        for (var at = 0; at < token.Length; at++)
        {
            var changed = token.ToArray();
            changed[at] ^= 0x01;
            Assert.Equal("9862", Whole(sim, $"00880081 22 10{Challenge}10{Hex(changed)} 00"));
        }

        Assert.Equal(before, sim.Image);
    }

    [Fact]
    public void A_number_that_was_answered_is_taken_whenever_the_power_goes()
    {
        var (lost, kept) = (0, 0);
        for (var (step, completed) = (0, false); !completed; step++)
        {
            foreach (var tear in (int[])[0, 3, 60, 150, 1000])
            {
                var medium = new CutMedium(TestSim.NewImage());
                using var sim = TestCard.Open(medium);
                sim.Send(Usim);
                medium.CutAfter(step, _ => tear, new Random((step * 1000) + tear));
                try
                {
                    Authenticate(sim, Sqn(9, index: 9));
                    completed = true;
                }
                catch (PowerLostException)
                {
                    using var again = TestCard.Open(medium.Image);
                    again.Send(Usim);
                    if (Authenticate(again, Sqn(9, index: 9)).StartsWith("DB", StringComparison.Ordinal)) lost++;
                    else kept++;
                }

                if (!completed) continue;
                using var later = TestCard.Open(medium.Image);
                later.Send(Usim);
                Assert.StartsWith("DC", Authenticate(later, Sqn(9, index: 9)), StringComparison.Ordinal);
            }
        }

        Assert.True(lost > 4 && kept > 4, $"{lost} lost, {kept} kept");
    }

    [Theory]
    [InlineData("00880081 21 10 23553CBE9637A89D218AE64DAE47BF35 0F 000000000000000000000000000000", "6700")]
    [InlineData("00880081 22 11 23553CBE9637A89D218AE64DAE47BF35 10 00000000000000000000000000000000", "6A80")]
    [InlineData("00880080 10 23553CBE9637A89D218AE64DAE47BF35", "6700")]
    [InlineData("00880080 11 0F 23553CBE9637A89D218AE64DAE47BF35", "6A80")]
    [InlineData("00880082 11 10 23553CBE9637A89D218AE64DAE47BF35", "6A86")]
    [InlineData("00880180 11 10 23553CBE9637A89D218AE64DAE47BF35", "6A86")]
    [InlineData("80880080 11 10 23553CBE9637A89D218AE64DAE47BF35", "6E00")]
    [InlineData("00B00000 00", "6986")]
    [InlineData("00200002", "6A88")]
    [InlineData("00200101", "6A86")]
    [InlineData("00200001 04 31323334", "6700")]
    [InlineData("00200001 08 31323334FFFFFFFF", "6984")]
    [InlineData("00200001", "9000")]
    public void Commands_that_are_not_right(string command, string status)
    {
        using var sim = Selected();
        Assert.Equal(status, sim.Send(command));
    }

    [Fact]
    public void Where_the_PIN_is_asked_for_nothing_is_answered_without_it()
    {
        using var sim = TestSim.AskingChv1WithNetwork();
        sim.Send(Usim);
        Assert.Equal("63C3", sim.Send("00200001"));
        Assert.Equal("6982", sim.Send($"0088008011 10{Challenge} 00"));
        Assert.Equal("63C2", sim.Send($"0020000108{TestSim.Chv("9999")}"));
        sim.Select("7F20");
        Assert.Equal("9804", sim.Send($"A088000010{Challenge}"));

        Assert.Equal("9000", sim.Send($"0020000108{TestSim.Chv("1234")}"));
        Assert.Equal("9000", sim.Send("00200001"));
        Assert.Equal("9F0C", sim.Send($"A088000010{Challenge}"));
        sim.Select("3F00");
        Assert.Equal("9804", sim.Send($"A088000010{Challenge}"));
        Assert.Equal("6710", sim.Send($"A08800000F{Challenge[..^2]}"));
    }

    [Fact]
    public void Three_wrong_PINs_block_it_for_both_classes()
    {
        using var sim = TestSim.AskingChv1WithNetwork();
        sim.Send(Usim);
        foreach (var status in (string[])["63C2", "63C1", "6983", "6983"])
            Assert.Equal(status, sim.Send($"0020000108{TestSim.Chv("9999")}"));
        Assert.Equal("6983", sim.Send("00200001"));
        Assert.Equal("9840", sim.Send($"A020000108{TestSim.Chv("1234")}"));
    }

    private static TestCard Selected()
    {
        var sim = TestSim.Demonstration();
        Assert.EndsWith("9000", Whole(sim, $"{Usim}00"), StringComparison.Ordinal);
        return sim;
    }

    private static string Whole(TestCard sim, string command)
    {
        var answer = sim.Send(command);
        return answer[^4..^2] is "61" ? answer[..^4] + sim.Send("00C0000000") : answer;
    }

    private static ulong Sqn(ulong sequence, uint index) => (sequence << 5) | index;

    private static byte[] Octets(ulong number) => Convert.FromHexString(number.ToString("X12", null));

    private static string Hex(byte[] octets) => Convert.ToHexString(octets);

    private string Authenticate(TestCard sim, ulong sequence) =>
        Whole(sim, $"00880081 22 10{Challenge}10{Hex(Token(sequence))} 00");

    /// <summary>AUTN.</summary>
    private byte[] Token(ulong sequence)
    {
        var (number, field, mask) = (Octets(sequence), (byte[])[0x80, 0x00], _network.AnonymityKey());
        return
        [
            .. number.Select((octet, i) => (byte)(octet ^ mask[i])), .. field, .. _network.Codes(number, field).OfNetwork,
        ];
    }

    private string Sres()
    {
        var response = _network.Response();
        return Hex([.. response.Take(4).Select((octet, i) => (byte)(octet ^ response[i + 4]))]);
    }

    private string GsmKey()
    {
        byte[] both = [.. _network.CipherKey(), .. _network.IntegrityKey()];
        return Hex([.. Enumerable.Range(0, 8).Select(i => (byte)(both[i] ^ both[i + 8] ^ both[i + 16] ^ both[i + 24]))]);
    }
}
