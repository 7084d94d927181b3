using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Piv;

/// <summary>Octets that no sane host sends, and almost right ones, at a PIV card in all its states.</summary>
public class PivFuzzTests
{
    private const string SignHash = "7C2482008120 0101010101010101010101010101010101010101010101010101010101010101";

    internal static readonly string[] Known =
    [
        "00A40400 0B A000000308000010000100 00", "00A40400 09 A00000030800001000 00", "00A4040009F0544553534552410100",
        "00CB3FFF 03 5C017E 00", "00CB3FFF 05 5C035FC102 00", "00CB3FFF 05 5C035FC105 08", "00CB3FFF 05 5C035FC103 00",
        "00C00000 00", "00DB3FFF 09 5C035FC10253020102", "10DB3FFF 05 5C035FC102", "00DB3FFF 04 53020304",
        "00200080 08 313233343536FFFF", "00200080", "0020FF80", "00200080 08 303030303030FFFF",
        "00240080 10 313233343536FFFF 313233343536FFFF", "00240081 10 3132333435363738 3132333435363738",
        "002C0080 10 3132333435363738 313233343536FFFF",
        $"0087119A 26 {SignHash} 00", $"0087119C 26 {SignHash} 00", $"0087119E 26 {SignHash} 00",
        $"0087079D 26 {SignHash} 00",
        "0087119D 47 7C45 8200 8541 04 6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
            + "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5 00",
        "0087009B 04 7C028100 00", "0087039B 04 7C028100 00", "0087039B 04 7C028000 00",
        "0087039B 0C 7C0A8208A1A2A3A4A5A6A7A8", "0047009A 05 AC03800111 00", "00FE119D 22 0620"
            + "0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20",
        "00FFFFFF 1B 039B18 010203040506070801020304050607080102030405060708", "00FD0000 00", "00F80000 00",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Nothing_throws_hangs_or_gives_a_secret_away(int seed)
    {
        var statuses = Run(seed, ApduFuzzing.Commands * 2 / 5);

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", statuses.Select(s => $"{s.Key} {s.Value}")));
        Assert.Superset(
            Set(["9000", "6700", "6982", "6A80", "6A81", "6A82", "6A86", "6A88", "6D00", "6E00"]), Set(statuses.Keys));
    }

    /// <summary>Sends <paramref name="commands"/> of them and returns how many of each status came back.</summary>
    private static SortedDictionary<string, int> Run(int seed, int commands)
    {
        var random = ApduFuzzing.Of(seed);
        var statuses = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var image = PivCard.NewImage(PivCard.Key(0x9A), PivCard.Key(0x9C), PivCard.Key(0x9D), PivCard.Key(0x9E));
        var card = PivCard.Open(image);
        try
        {
            for (var i = 0; i < commands; i++)
            {
                // Now and then a new card, so that a blocked PIN or a lost management key do not end the search.
                if (random.Next(400) == 0)
                {
                    card.Dispose();
                    card = PivCard.Open(image);
                }

                if (random.Next(100) == 0) TryManage(card);
                var command = random.Next(20) switch
                {
                    0 => ApduFuzzing.Noise(random, random.Next(300)),
                    1 => ApduFuzzing.Noise(random, random.Next(5_000)),
                    _ => ApduFuzzing.Mutated(Bytes.FromHex(Known[random.Next(Known.Length)]).ToArray(), random),
                };
                var answer = Answer(card, command, seed, i);
                Assert.DoesNotContain(PivCard.DefaultKey.ToString(), answer, StringComparison.Ordinal);
                Assert.DoesNotContain(PivCard.Pin, answer, StringComparison.Ordinal);
                Assert.DoesNotContain(PivCard.Puk, answer, StringComparison.Ordinal);
                var status = answer[^4..];
                statuses[status] = statuses.GetValueOrDefault(status) + 1;
            }
        }
        finally
        {
            card.Dispose();
        }

        return statuses;
    }

    private static void TryManage(PivCard card)
    {
        card.Send(PivCard.Select);
        if (card.Send(0x87, (byte)PivAlgorithm.TripleDes, 0x9B, "7C028100").Status.IsSuccess)
            card.Authenticate(PivAlgorithm.TripleDes, PivCard.DefaultKey.Span);
    }

    private static string Answer(PivCard card, byte[] command, int seed, int i)
    {
        try
        {
            var answer = card.Send(Convert.ToHexString(command));
            Assert.InRange(answer.Length, 4, 2 * (2 + CommandApdu.MaxExtendedLe));
            return answer;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"Seed {seed}, command {i} {Convert.ToHexString(command)}: {e.Message}", e);
        }
    }

    private static HashSet<string> Set(IEnumerable<string> statuses) => new(statuses, StringComparer.Ordinal);
}
