using Tessera.Cards.Purse;
using Tessera.VirtualCard.Biometrics;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Os;

/// <summary>Octets that no sane host sends, and almost right ones, at a card with value on it.</summary>
public static class ApduFuzz
{
    private static readonly Bytes Nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");
    private static readonly Bytes Digest = Bytes.FromHex("D1D2D3D4D5D6D7D8");

    internal static readonly string[] Known =
    [
        "00A40400 09 F05445535345524101 00", "00A40400 09 F05445535345524102 00", "10A40400 04 F0544553", "00C00000 00",
        "80500000 08 A1A2A3A4A5A6A7A8 00", "805A0000 0C A1A2A3A4A5A6A7A8 00000001 00", "805C0000 00", "805E0000",
        "00B20104 00", "00200080 08 313233343536FFFF", "00200080", "0020FF80",
        "00210081 0E 7F2E0B 8109 413045 63302A 5231BF", "00210081", "00CA00C1 00", "00700000 01",
        "00A40400 08 A000000151000000 00", "80500000 08 A1A2A3A4A5A6A7A8 00",
        "84823300 10 A1A2A3A4A5A6A7A8 A1A2A3A4A5A6A7A8", "84F24002 0A 4F00 A1A2A3A4A5A6A7A8 00", "80CA0066 00",
        "80CA00E0 00", "80E29000 02 4200", "80D80081 02 3188 00", "80E62000 0B 000005A1A2A3A4A5000000 00",
        "80600000 00", "80620001 08 A1A2A3A4A5A6A7A8 00", "80640001 0C 0001 A1A2A3A4A5A6A7A8 6465",
        "80540101 18 00000000 00000001 A1A2A3A4A5A6A7A8 D1D2D3D4D5D6D7D8 00",
        "80540103 1C 00000000 00000001 A1A2A3A4A5A6A7A8 00000001 D1D2D3D4D5D6D7D8 00",
    ];

    /// <summary>Sends <paramref name="commands"/> of them and returns how many of each status came back.</summary>
    /// <exception cref="InvalidOperationException">The card threw, said nothing, or moved value.</exception>
    public static SortedDictionary<string, int> Run(int seed, int commands)
    {
        using var issuer = new PurseIssuer();
        var finger = new SyntheticFinger(seed).Enrol();
        using var card = TestCard.Open(
            TestCard.NewImage(Personalisation.Demonstration(TestCard.Id, finger: finger)), new SeededRandom(seed));
        var random = ApduFuzzing.Of(seed);
        var statuses = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var balance = Load(card, issuer);
        for (var i = 0; i < commands; i++)
        {
            if (random.Next(500) == 0) card.Os.Reset();
            var command = random.Next(20) switch
            {
                0 => ApduFuzzing.Noise(random, random.Next(300)),
                1 => ApduFuzzing.Noise(random, random.Next(70_000)),
                2 => Forged(card, issuer, random),
                _ => ApduFuzzing.Mutated(Bytes.FromHex(Known[random.Next(Known.Length)]).ToArray(), random),
            };
            var answer = Answer(card, command, seed, i);
            var status = Convert.ToHexString(answer[^2..]);
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }

        card.Os.Reset();
        card.Send(PurseCommands.Select);
        Assert.Equal(balance, card.Send(PurseCommands.Balance).Data.Read<PurseBalance>());
        return statuses;
    }

    private static byte[] Answer(TestCard card, byte[] command, int seed, int i)
    {
        try
        {
            var answer = card.Os.Transmit(command).ToArray();
            Assert.InRange(answer.Length, 2, 258 + 65536);
            return answer;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Seed {seed}, command {i} {Convert.ToHexString(command)}: {e.Message}", e);
        }
    }

    private static PurseBalance Load(TestCard card, PurseIssuer issuer)
    {
        card.Send(PurseCommands.Select);
        var s1 = card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();
        var load = new Movement(MoveKind.Load, MoveTerms.WithoutPin, 0, 5000, Bytes.Empty);
        Assert.True(card.Send(issuer.Authorise(s1, Nonce, load, Digest)).Status.IsSuccess);
        return new PurseBalance(5000, 1);
    }

    /// <summary>A MOVE of right form in a fresh session, whose S2 fits all but one bit of it.</summary>
    private static byte[] Forged(TestCard card, PurseIssuer issuer, Random random)
    {
        card.Os.Reset();
        card.Send(PurseCommands.Select);
        var s1 = card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();
        var load = new Movement(MoveKind.Load, MoveTerms.WithoutPin, 10, 20, Bytes.Empty);
        var move = Bytes.Of(issuer.Authorise(s1, Nonce, load, Digest)).ToArray();
        var at = random.Next(16);
        move[5 + at] ^= (byte)(1 << random.Next(8));
        return move;
    }
}

public class ApduFuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Nothing_throws_hangs_or_moves_value(int seed)
    {
        var statuses = ApduFuzz.Run(seed, ApduFuzzing.Commands);

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", statuses.Select(s => $"{s.Key} {s.Value}")));
        Assert.Superset(
            Set(["9000", "6700", "6881", "6882", "6985", "6988", "6A82", "6A83", "6A86", "6A88", "6D00", "6E00"]),
            Set(statuses.Keys));
    }

    private static HashSet<string> Set(IEnumerable<string> statuses) => new(statuses, StringComparer.Ordinal);
}
