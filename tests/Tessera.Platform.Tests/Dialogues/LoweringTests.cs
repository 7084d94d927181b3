using Tessera.Platform.Dialogues;
using Tessera.Platform.Money;
using Tessera.Platform.Views;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
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

    [Fact]
    public void A_card_in_a_reader_has_its_purse_selected_first()
    {
        var plan = ScriptPlan.For(TextForm(Bus), Sim with { SelectsPurse = true });

        Assert.Equal(CardSteps.SelectPurse, plan.Piece.Steps[0]);
        Assert.Equal(2, plan.OrdinalOf(plan.Piece.Leaves[0]));
    }

    [Fact]
    public void A_script_for_the_holder_alone_selects_nothing() =>
        Assert.False(ScriptPlan.For(TextForm(Dialogue.Show("Hello.")), Sim with { SelectsPurse = true }).Piece.UsesCard);

    [Fact]
    public void Farewells_that_differ_stand_in_branches_behind_the_one_move()
    {
        var plan = ScriptPlan.For(TextForm(Dialogue.Choose(
            View.Titled("Where to?"), Trips, trip => trip.Stop,
            trip => Dialogue.Pay(trip.Price, trip.Stop).ThenShow($"To {trip.Stop}!"))), Sim);

        Assert.True(plan.Piece.Complete);
        Assert.Single(Moves(plan.Piece));
        Assert.Equal(3, Assert.IsType<BranchStep>(plan.Piece.Steps[^1]).Branches.Count);
        Assert.All(plan.Piece.Leaves[0].Branches!, way => Assert.Equal(2, way.Count));
    }

    [Fact]
    public void Ways_that_differ_stand_in_branches_each_with_its_own_move()
    {
        var plan = ScriptPlan.For(TextForm(Dialogue.Choose(
            View.Titled("Well?"), ["Pay", "Look"], item => item,
            item => item is "Pay" ? Dialogue.Pay(Amount.Of(1), "A thing").Select(_ => 1) : Dialogue.Show("Nice.").Select(_ => 2))),
            Sim);

        Assert.True(plan.Piece.Complete);
        Assert.Single(Moves(plan.Piece));
        Assert.IsType<BranchStep>(plan.Piece.Steps[^1]);
    }

    // PayUpTo: adjust 4 | ceiling 4 | S2 8 | amount typed at 10 | digest at 14.
    [Fact]
    public void A_typed_amount_goes_behind_s2_and_the_digest_behind_it()
    {
        var plan = ScriptPlan.For(TextForm(Dialogue.PayUpTo(Amount.Of(50), "Stall", "market")), Sim);

        Assert.Equal(Bytes.FromHex(
            """
            AA3F
              C004 01 002A 01
              C108 21 00 04 5374616C6C
              C304 00 21 08 68
              2205 00200080 00
              C304 10 03 04 10
              C402 14 08
              2216 80540102 10 FFFFFB1E 00001388 A0A0A0A0A0A0A0A0 00
            """), plan.Encode(0x2A, 1, Moves(plan, adjust: -1250)));
    }

    [Fact]
    public void A_new_pin_goes_behind_the_old_one() => Assert.Equal(
        Bytes.FromHex("AA19 C004 01 002A 01  C304 00 21 08 68  C304 08 24 08 68  2205 00240080 00"),
        ScriptPlan.For(TextForm(Dialogue.ChangePin()), Sim).Encode(0x2A, 1, []));

    [Fact]
    public void A_new_pin_goes_behind_the_puk() => Assert.Equal(
        Bytes.FromHex("AA19 C004 01 002A 01  C304 00 25 08 88  C304 08 24 08 68  2205 002C0080 00"),
        ScriptPlan.For(TextForm(Dialogue.UnblockPin()), Sim).Encode(0x2A, 1, []));

    [Fact]
    public void A_delivery_moves_nothing_but_the_adjustment()
    {
        var plan = ScriptPlan.For(TextForm(Dialogue.Deliver()), Sim);

        Assert.Equal(
            Bytes.FromHex("AA22 C004 01 002A 01  C402 10 08  2216 80540301 10 FFFFFB1E 00000000 A0A0A0A0A0A0A0A0 00"),
            plan.Encode(0x2A, 1, Moves(plan, adjust: -1250)));
    }

    [Fact]
    public void The_second_payment_waits_for_the_next_script()
    {
        var plan = ScriptPlan.For(
            TextForm(Dialogue.Pay(Amount.Of(1), "One").Then(Dialogue.Pay(Amount.Of(2), "Two"))), Sim);

        Assert.False(plan.Piece.Complete);
        Assert.Equal("One", Assert.Single(plan.Alternatives).What);
    }

    [Fact]
    public void Equal_amounts_for_different_merchants_are_not_in_one_script()
    {
        var plan = ScriptPlan.For(TextForm(Dialogue.Choose(
            View.Titled("Whom?"), ["Ada", "Bob"], name => name, name => Dialogue.Pay(Amount.Of(1), "A gift", name))), Sim);

        Assert.Empty(plan.Alternatives);
        Assert.False(plan.Piece.Complete);
        Assert.Single(plan.Piece.Leaves);
    }

    [Fact]
    public void What_does_not_fit_the_link_waits_for_the_next_script()
    {
        var whole = ScriptPlan.For(TextForm(Bus), Sim);
        var length = whole.Encode(0x2A, 1, Moves(whole, adjust: 0)).Length;

        var shorter = ScriptPlan.For(TextForm(Bus), Sim with { MaxScript = length - 18 });
        var shortest = ScriptPlan.For(TextForm(Bus), Sim with { MaxScript = 98 });

        Assert.False(shorter.Piece.Complete);
        Assert.Equal(3, shorter.Alternatives.Count);
        Assert.All(shorter.Piece.Leaves[0].Branches!, way => Assert.Single(way));
        Assert.Empty(shortest.Alternatives);
        Assert.Single(shortest.Piece.Leaves);
    }

    [Fact]
    public void A_list_that_is_too_long_for_one_command_leads_to_the_next()
    {
        var stops = Enumerable.Range(1, 50).Select(i => $"Stop number {i}").ToArray();
        var node = TextForm(Dialogue.Choose(View.Titled("Where to?"), stops, stop => stop));
        string? chosen = null;

        for (var pages = 0; node.Head is Choice choice; pages++)
        {
            Assert.InRange(Bytes.Of(ProactiveCommand.SelectItem(
                choice.View.Title, [.. choice.Options.Select(option => option.Label)])).Length, 20, 240);
            var place = choice.Options.ToList().FindIndex(option => option.Label is "Stop number 44");
            node = node.Feed(place >= 0 ? place : choice.Options.Count - 1);
            Assert.InRange(pages, 0, 5);
        }

        chosen = (string?)((Finished)node).Result;
        Assert.Equal("Stop number 44", chosen);
    }

    [Fact]
    public void Every_item_of_a_long_list_can_be_reached()
    {
        var items = Enumerable.Range(0, Dialogue.MaxItems).ToArray();
        var form = TextForm(Dialogue.Choose(View.Titled("Which?"), items, item => $"Item {item}"), maxList: 120);

        foreach (var item in items)
        {
            var node = form;
            while (node.Head is Choice choice)
            {
                var place = choice.Options.ToList().FindIndex(option => string.Equals(option.Label, $"Item {item}", StringComparison.Ordinal));
                node = node.Feed(place >= 0 ? place : choice.Options.Count - 1);
            }

            Assert.Equal(item, (int?)((Finished)node).Result);
        }
    }

    private static IEnumerable<CardStep> Moves(Piece piece) => new CommandScript(0, 1, piece.Steps).Numbered()
        .Select(numbered => numbered.Step).OfType<CardStep>().Where(step => step.Command.Ins == 0x54);

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
