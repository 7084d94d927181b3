using Tessera.Platform.Dialogues;
using Tessera.Platform.Money;
using Tessera.Platform.Views;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Dialogues;

public class LoweringTests
{
    private sealed record Trip(string Stop, Amount Price);

    private static readonly Trip[] Trips =
        [new("Centre", Amount.Of(3.20m)), new("Airport", Amount.Of(4.80m)), new("Harbour", Amount.Of(2.60m))];

    private static readonly LoweringOptions Sim = new(Rich: false, 8192, SelectsPurse: false, "bus");

    private static readonly Dialogue<(Trip Item, Receipt Result)> Bus = Dialogue.Choose(
        View.Titled("Where to?").Table(Trips), Trips, trip => $"{trip.Stop} {trip.Price}",
        trip => Dialogue.Pay(trip.Price, $"Bus to {trip.Stop}").ThenShow("Paid. Thank you"));

    // docs/protocols/script.md §4.
    private const string Worked =
        """
        AA8193
          C004 01 002A 01
          C132 24 00 09 576865726520746F3F 0B 43656E74726520332E3230 0C 416972706F727420342E3830 0C 486172626F757220322E3630
          C304 00 21 08 68
          2205 00200080 00
          C526 04 0C 00000140A0A0A0A0A0A0A0A0 000001E0A1A1A1A1A1A1A1A1 00000104A2A2A2A2A2A2A2A2
          C402 10 08
          220A 80540100 04 FFFFFB1E 00
          C112 21 80 04 506169642E205468616E6B20796F75
        """;

    [Fact]
    public void The_bus_trip_becomes_the_worked_script()
    {
        var plan = ScriptPlan.For(TextForm(Bus), Sim);

        Assert.True(plan.Piece.Complete);
        Assert.Equal(["Bus to Centre", "Bus to Airport", "Bus to Harbour"], plan.Alternatives.Select(one => one.What), StringComparer.Ordinal);
        Assert.Equal(Bytes.FromHex(Worked), plan.Encode(0x2A, 1, Moves(plan, adjust: -1250)));
    }

    private static Node TextForm<T>(Dialogue<T> dialogue, int maxList = 240) =>
        new TextForm(TextDisplay.Small, maxList).Of(dialogue.Node);

    private static AuthorisedMove[] Moves(ScriptPlan plan, int adjust) =>
        [.. plan.Alternatives.Select((one, i) => new AuthorisedMove(one, adjust, S2(i)))];

    private static Bytes S2(int i)
    {
        var octets = new byte[8];
        octets.AsSpan().Fill((byte)(0xA0 + i));
        return new Bytes(octets);
    }
}
