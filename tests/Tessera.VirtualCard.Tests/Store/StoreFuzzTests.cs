using Tessera.Cards.Store;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Store;

/// <summary>Octets that no sane host sends, and almost right ones, at a data store with something to hide.</summary>
public class StoreFuzzTests
{
    private const byte Private = 7;
    private static readonly Bytes Secret = Bytes.CopyOf("Bob 0171 2345678"u8);
    private static readonly Bytes Nonce = Bytes.FromHex("E1E2E3E4E5E6E7E8");

    internal static readonly string[] Known =
    [
        "00A40400 09 F05445535345524102 00", "00A40400 09 F05445535345524101 00", "00A40400 08 A000000151000000 00",
        "80600000 00", "80600100 00", "80620001 08 A1A2A3A4A5A6A7A8 00", "80620101 08 A1A2A3A4A5A6A7A8 00",
        "80620007 08 A1A2A3A4A5A6A7A8 00", "80620107 08 A1A2A3A4A5A6A7A8 00", "00200080 08 303030303030FFFF", "00200080",
        "80640007 0C 0002 A1A2A3A4A5A6A7A8 6465", "80660007 0E 0002 A1A2A3A4A5A6A7A8 0000 6465", "80500000 08 A1A2A3A4A5A6A7A8 00",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Nothing_throws_changes_a_field_or_tells_a_secret(int seed)
    {
        using var issuer = new StoreIssuer();
        using var card = TestCard.Demonstration(new SeededRandom(seed));
        card.Send(StoreCommands.Select);
        var rules = new FieldDefinition(FieldType.Text, FieldReading.Holder, IsMandatory: true);
        card.Send(issuer.Define(Private, 1, rules, Secret, isSecured: true));
        var before = card.Send(StoreCommands.ListDefinitions).Data;
        var random = ApduFuzzing.Of(seed);
        var statuses = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < ApduFuzzing.Commands; i++)
        {
            if (random.Next(200) == 0) card.Send(StoreCommands.Select);
            var command = random.Next(20) switch
            {
                0 => ApduFuzzing.Noise(random, random.Next(300)),
                1 => Forged(issuer, random),
                _ => ApduFuzzing.Mutated(Bytes.FromHex(Known[random.Next(Known.Length)]).ToArray(), random),
            };
            var answer = Answer(card, command, seed, i);
            Assert.True(answer.AsSpan().IndexOf(Secret.Span) < 0, $"Seed {seed}, command {i} {Convert.ToHexString(command)}");
            var status = Convert.ToHexString(answer[^2..]);
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", statuses.Select(s => $"{s.Key} {s.Value}")));
        foreach (var met in (string[])["9000", "6700", "6982", "6988", "6A80", "6A86", "6D00", "6E00"])
            Assert.True(statuses.ContainsKey(met), met);
        card.Os.Reset();
        card.Send(StoreCommands.Select);
        Assert.Equal(before, card.Send(StoreCommands.ListDefinitions).Data);
        Assert.Equal((1, Secret), issuer.Proven(card, Private, Nonce));
        Assert.Equal((1, Bytes.CopyOf("en"u8)), issuer.Proven(card, 1, Nonce));
    }

    /// <summary>A WRITE or DEFINE of right form whose code fits all but one bit of it.</summary>
    private static byte[] Forged(StoreIssuer issuer, Random random)
    {
        var (isSecured, content) = (random.Next(2) == 0, Bytes.CopyOf("Eve 0172"u8));
        var command = Bytes.Of(random.Next(2) == 0
            ? issuer.Write(Private, 2, content, isSecured)
            : issuer.Define(Private, 2, default, content, isSecured)).ToArray();
        command[5 + random.Next(command.Length - 5)] ^= (byte)(1 << random.Next(8));
        return command;
    }

    private static byte[] Answer(TestCard card, byte[] command, int seed, int i)
    {
        try
        {
            return card.Os.Transmit(command).ToArray();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Seed {seed}, command {i} {Convert.ToHexString(command)}: {e.Message}", e);
        }
    }
}
