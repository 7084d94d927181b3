using System.Text.Json;
using Tessera.VirtualCard.Sim.Authentication;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim.Authentication;

public class MilenageTests
{
    /// <summary>Every function over every set of milenage.json, which says where they are from.</summary>
    [Fact]
    public void Published_sets()
    {
        foreach (var set in Sets())
        {
            using var key = Key(set);
            Assert.Equal(Octets(set, "opc"), Bytes.CopyOf(key.OperatorKey.Reveal()));

            var milenage = new Milenage(key, Octets(set, "rand").Memory);
            var (network, card) = milenage.Codes(Octets(set, "sqn").Span, Octets(set, "amf").Span);
            foreach (var (name, computed) in ((string, byte[])[])
            [
                ("f1", network), ("f1star", card), ("f2", milenage.Response()), ("f3", milenage.CipherKey()),
                ("f4", milenage.IntegrityKey()), ("f5", milenage.AnonymityKey()),
                ("f5star", milenage.AnonymityKeyOfCard()),
            ])
            {
                Assert.Equal((name, Octets(set, name)), (name, new Bytes(computed)));
            }
        }
    }

    /// <summary>A SIM with the key of a set takes its AUTN, and answers with its RES, CK and IK.</summary>
    [Fact]
    public void Published_sets_authenticate_a_sim()
    {
        foreach (var set in Sets())
        {
            using var sim = TestSim.Known(Key(set));
            sim.Send("00A4040007A0000000871002");
            var answer = sim.Send($"00880081 22 10{Octets(set, "rand")}10{Octets(set, "autn")}");

            Assert.Equal("6135", answer);
            Assert.StartsWith(
                $"DB08{Octets(set, "f2")}10{Octets(set, "f3")}10{Octets(set, "f4")}08", sim.Send("00C0000035"),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Keys_of_other_lengths_are_refused()
    {
        using var longer = SecretKey.Generate(32);
        using var right = SecretKey.Generate();
        Assert.Throws<ArgumentException>(() => SubscriberKey.OfOperator(right, longer));
        Assert.Throws<ArgumentException>(() => { new SubscriberKey(right, longer).Dispose(); });
    }

    private static JsonElement[] Sets()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Sim", "Authentication", "milenage.json");
        using var file = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement[] sets = [.. file.RootElement.GetProperty("vectors").EnumerateArray().Select(set => set.Clone())];
        Assert.Equal(11, sets.Length);
        return sets;
    }

    private static SubscriberKey Key(JsonElement set)
    {
        using var op = new SecretKey(Octets(set, "op").Span);
        return SubscriberKey.OfOperator(new SecretKey(Octets(set, "k").Span), op);
    }

    private static Bytes Octets(JsonElement set, string name) => Bytes.FromHex(set.GetProperty(name).GetString()!);
}
