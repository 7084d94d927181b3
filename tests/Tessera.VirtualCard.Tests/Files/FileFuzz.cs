using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Files;

/// <summary>Octets that no sane host sends, and almost right ones, at the files of a card.</summary>
public static class FileFuzz
{
    private const string Secret = FileCard.Password;

    internal static readonly string[] Known =
    [
        "00A4000C023F00", "00A4000002500000", "00A4080C0450005001", "00A4080C0450005002", "00A4080C0450005003",
        "00A4080C0450005004", "00A4080C0450005005", "00A4080C0450005006", "00A4020C020001", "00A4030C",
        "00A4040C05F054455353", "00A4040E05F054455353", "00A4040C0AF0544553534552411001",
        "00B0810000", "00B0000010", "00D681000401020304", "00D08100020102", "000E810002000A", "00B100010354010400",
        "00D750010754010053020102", "000F5001065401005401 04",
        "00B2011400", "00B2000200", "00B2010D00", "00DC0114080102030405060708", "00E20010080102030405060708",
        "00E2002006010203040506", "00E2000003010203", "00D20114080102030405060708", "000C0114", "00A20114020203 00",
        "00CA00C200", "00DA00C203010203", "00CB3FFF025C0000", "00DB3FFF05C503010203",
        "002000010850415353574F5244", "00200001085858585858585858", "00240001105858585858585858 5858585858585858",
        "002C000110554E424C4F434B21 50415353574F5244", "002000810669 6E73696465", "0020FF01",
        "0084000010", "0088000110B0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF00", "0082000110B0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF",
        "00E000001062 0E80020020820101830260018801F8", "00E000000962078201388302 6000", "00E40000", "00E40000026001",
        "00440000", "00040000", "00E80000", "00E60000", "0070000001", "00708001", "00700002",
    ];

    /// <summary>Sends <paramref name="commands"/> of them and returns how many of each status came back.</summary>
    /// <exception cref="InvalidOperationException">The card threw, answered no status, or told a secret.</exception>
    public static SortedDictionary<string, int> Run(int seed, int commands)
    {
        var random = ApduFuzzing.Of(seed);
        var fresh = FileCard.NewImage();
        var known = Known.Select(command => Bytes.FromHex(command).ToArray()).ToArray();
        var statuses = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var card = TestCard.Open(fresh, new SeededRandom(seed));
        for (var i = 0; i < commands; i++)
        {
            if (i % 200 == 199)
            {
                // What it has become opens again; then files of every kind are there again.
                TestCard.Open(card.Image).Dispose();
                card.Dispose();
                card = TestCard.Open(fresh, new SeededRandom(i));
            }

            if (random.Next(300) == 0) card.Os.Reset();
            var command = random.Next(30) == 0
                ? ApduFuzzing.Noise(random, random.Next(300))
                : ApduFuzzing.Mutated([.. known[random.Next(known.Length)]], random);
            if (command.Length > 3) command[0] &= random.Next(4) == 0 ? (byte)0xFF : (byte)0xF3;
            var status = Send(card, command, $"Seed {seed}, command {i} {Convert.ToHexString(command)}");
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }

        card.Dispose();
        return statuses;
    }

    private static string Send(TestCard card, byte[] command, string what)
    {
        try
        {
            var answer = card.Os.Transmit(command).ToString();
            var status = answer[^4..];
            Assert.Matches("^(9000|6[1-9A-F]..)$", status);
            if (answer.Contains(Secret, StringComparison.Ordinal)
                && !Convert.ToHexString(command).Contains(Secret, StringComparison.Ordinal))
                throw new InvalidOperationException("It told a password.");
            return status;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what}: {e.Message}", e);
        }
    }
}

public class FileFuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Nothing_throws_hangs_or_tells_a_secret(int seed)
    {
        var statuses = FileFuzz.Run(seed, ApduFuzzing.Commands);

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", statuses.Select(s => $"{s.Key} {s.Value}")));
        Assert.Superset(
            new HashSet<string>(
                ["9000", "6282", "6283", "6700", "6881", "6981", "6982", "6983", "6984", "6985", "6986", "6A80", "6A82",
                    "6A83", "6A86", "6A88", "6A89", "6D00", "6E00"],
                StringComparer.Ordinal),
            new HashSet<string>(statuses.Keys, StringComparer.Ordinal));
    }
}
