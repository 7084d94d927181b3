using Tessera.Cards.Pcsc;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Pcsc;

/// <summary>What is told of readers between two looks at all of them.</summary>
public class ReaderEventTests
{
    private const uint Empty = 0x0010;
    private const uint Present = 0x0020;
    private const uint Exclusive = 0x0080;
    private const uint InUse = 0x0100;
    private const uint Mute = 0x0200;

    private static readonly Bytes Atr = Bytes.FromHex("3B800181");
    private static readonly Bytes Other = Bytes.FromHex("3B00");

    [Fact]
    public void The_first_look_tells_all_that_is_there() => Assert.Equal(
        ["A ReaderAdded", "A CardInserted 3B800181 Nobody", "B ReaderAdded"],
        Told([], [At("A", 1, Present), At("B", 0, Empty)]), StringComparer.Ordinal);

    [Fact]
    public void Nothing_is_told_twice() =>
        Assert.Empty(Told([At("A", 1, Present | InUse)], [At("A", 1, Present | InUse)]));

    [Fact]
    public void A_card_goes_and_another_comes_between_two_looks() => Assert.Equal(
        ["A CardRemoved", "A CardInserted 3B00 Nobody"],
        Told([At("A", 1, Present)], [At("A", 3, Present, Other)]), StringComparer.Ordinal);

    [Fact]
    public void A_card_that_was_in_and_out_between_two_looks_is_not_told() =>
        Assert.Empty(Told([At("A", 1, Empty)], [At("A", 3, Empty)]));

    [Fact]
    public void A_reader_that_goes_takes_its_card_with_it() => Assert.Equal(
        ["A CardRemoved", "A ReaderRemoved"], Told([At("A", 1, Present), At("B", 0, Empty)], [At("B", 0, Empty)]),
        StringComparer.Ordinal);

    [Fact]
    public void Who_uses_a_card_is_told_when_it_changes() => Assert.Equal(
        ["A UseChanged 3B800181 Shared", "A UseChanged 3B800181 Exclusive", "A UseChanged 3B800181 Nobody"],
        [
            .. Told([At("A", 1, Present)], [At("A", 1, Present | InUse)]),
            .. Told([At("A", 1, Present | InUse)], [At("A", 1, Present | InUse | Exclusive)]),
            .. Told([At("A", 1, Present | Exclusive)], [At("A", 1, Present)]),
        ], StringComparer.Ordinal);

    [Fact]
    public void A_mute_card_has_no_answer_to_reset()
    {
        var sight = ReaderSight.Of("A", (1 << 16) | Present | Mute, Bytes.Empty);

        Assert.Equal(new ReaderSight("A", 1, HasCard: true, IsMute: true, Bytes.Empty, ReaderUse.Nobody), sight);
    }

    private static ReaderSight At(string reader, int insertions, uint state, Bytes? atr = null) =>
        ReaderSight.Of(reader, ((uint)insertions << 16) | state, atr ?? Atr);

    private static IEnumerable<string> Told(ReaderSight[] before, ReaderSight[] after) =>
        ReaderEvent.Between(before, after).Select(one =>
            $"{one.Sight.Reader} {one.Change}{(one.Sight.HasCard ? $" {one.Sight.Atr} {one.Sight.Use}" : "")}");
}
