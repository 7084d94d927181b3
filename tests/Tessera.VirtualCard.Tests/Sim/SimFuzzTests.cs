using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>Whatever octets a phone sends, each is answered with a status word and none moves value.</summary>
public class SimFuzzTests
{
    internal static readonly string[] Known =
    [
        "A0A40000 02 3F00", "A0A40000 02 7F20", "A0A40000 02 7F10", "A0A40000 02 6F3A", "A0A40000 02 6F3C",
        "A0A40000 02 6F07", "A0A40000 02 6F7E", "A0C00000 0F", "A0F20000 16", "A0B00000 09", "A0D60000 02 1234",
        "A0B20104 1C", "A0B20002 B0", "A0DC0104 02 0102", "A0A20010 02 FFFF", "A0200001 08 31323334FFFFFFFF",
        "A0240001 10 31323334FFFFFFFF 31323334FFFFFFFF", "A0260001 08 31323334FFFFFFFF", "A0280001 08 31323334FFFFFFFF",
        "A02C0000 10 3132333435363738 31323334FFFFFFFF", "A0FA0000 00", "A0880000 10 00000000000000000000000000000000",
        "A0100000 0F FFFFFFFF7F0300DF7F0000000000D4", "A0120000 25", "A0120000 00",
        "A0140000 0C 810301210082028281830100", "A0140000 0F 810301240082028281830100900101",
        "A0140000 14 8103012304820282818301008D0704313233343536", "A0C20000 09 D30782020181900101",
        "00A40400 09 F05445535345524101 00", "80500000 08 A1A2A3A4A5A6A7A8 00",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nothing_throws_and_nothing_moves_value(int seed)
    {
        using var world = new SimWorld();
        var random = ApduFuzzing.Of(seed);
        var opening = world.Open();
        string[] packets =
        [
            .. Gateway.Envelopes(world.Gateway.Wrap(SimWorld.Showing(opening.Session, 1))),
            .. Gateway.Envelopes(world.Gateway.Wrap(SimWorld.Showing(opening.Session, 1, new string('x', 200)))),
        ];
        var statuses = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < ApduFuzzing.Commands * 3 / 10; i++)
        {
            if (random.Next(400) == 0) world.Sim.Os.Reset();
            var command = random.Next(8) switch
            {
                0 => Noise(random),
                1 => Mutated(Bytes.FromHex(packets[random.Next(packets.Length)]).ToArray(), random),
                _ => Mutated(Bytes.FromHex(Known[random.Next(Known.Length)]).ToArray(), random),
            };
            var answer = world.Sim.Os.Transmit(command);
            Assert.InRange(answer.Length, 2, 258);
            statuses.Add(answer.ToString()[^4..][..2]);
        }

        Assert.Superset(
            new HashSet<string>(
                ["90", "91", "93", "94", "98", "9F", "67", "6B", "6D", "6E", "6F"], StringComparer.Ordinal),
            statuses);
        Assert.Equal(Shop.Balance, world.Balance.Balance);
    }

    /// <summary>A phone that answers every command of a purchase with anything.</summary>
    [Fact]
    public void A_mad_phone_pays_only_with_the_PIN_and_never_breaks_the_card()
    {
        using var world = new SimWorld();
        var random = new Random(11);
        for (var i = 0; i < 200; i++)
        {
            world.Phone.SwitchOn();
            var opening = world.Open();
            var status = "";
            foreach (var envelope in Gateway.Envelopes(world.Gateway.Wrap(Bytes.Of(Shop.Purchase(opening)))))
            {
                status = world.Sim.Send(envelope);
            }

            for (var turn = 0; turn < 20 && status.StartsWith("91", StringComparison.Ordinal); turn++)
            {
                var fetched = world.Sim.Send($"A0120000{status[^2..]}");
                var head = Bytes.FromHex(fetched.AsSpan(fetched.IndexOf("8103", StringComparison.Ordinal), 10));
                var rest = Noise(random).Take(random.Next(20));
                byte[] response = [.. head.Span, 0x82, 0x02, 0x82, 0x81, 0x83, 0x01, 0x00, .. rest];
                if (random.Next(3) == 0) response = Mutated(response, random);
                status = world.Sim.Send(Gateway.Command(0x14, new Bytes(response)))[^4..];
            }
        }

        Assert.Equal(Shop.Balance, world.Balance.Balance);
    }

    private static byte[] Noise(Random random)
    {
        var octets = new byte[random.Next(270)];
        random.NextBytes(octets);
        if (octets.Length > 0) octets[0] = 0xA0;
        return octets;
    }

    private static byte[] Mutated(byte[] octets, Random random)
    {
        for (var flips = random.Next(3); flips > 0; flips--)
            octets[random.Next(octets.Length)] = (byte)random.Next(256);
        return random.Next(10) switch
        {
            0 => octets[..random.Next(octets.Length)],
            1 => [.. octets, (byte)random.Next(256)],
            _ => octets,
        };
    }
}
