using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Piv;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Piv;

/// <summary>The power goes during one command, at every physical step and some octets of it.</summary>
public class PivCutTests
{
    private const int Lotteries = 4;
    private const string OtherPin = "363534333231FFFF";

    private static readonly int[] Tears = [0, 3, 8, 40, 100_000];

    [Fact]
    public void A_cut_object_is_the_old_one_or_the_new_one() => CutBetween(
        new CommandApdu(0x00, 0xDB, 0x3F, 0xFF, Bytes.FromHex($"5C035FC10A53820200{new string('5', 1024)}")),
        card => card.Managed(),
        steps: 4);

    [Fact]
    public void A_cut_import_leaves_the_old_key_or_the_new_one()
    {
        const string Number = "0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20";
        CutBetween(
            new CommandApdu(0x00, 0xFE, 0x11, 0x9A, Bytes.FromHex($"0620{Number}")), card => card.Managed(), steps: 4);
    }

    [Fact]
    public void A_cut_change_of_the_management_key_leaves_the_old_one_or_the_new_one() => CutBetween(
        new CommandApdu(
            0x00, 0xFF, 0xFF, 0xFF,
            Bytes.FromHex("0C9B20000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F")),
        card => card.Managed(),
        steps: 4);

    /// <summary>The try is taken first and given back last.</summary>
    [Fact]
    public void A_cut_command_with_a_pin_costs_at_most_the_try()
    {
        const byte PinTriesLess = 2;
        const byte PukTriesLess = 9;
        CutBetween(Pin(0x20, 0x80, PivCard.Pin), _ => { }, steps: 8, (CellId.Pin, PinTriesLess));
        CutBetween(Pin(0x24, 0x80, PivCard.Pin + OtherPin), _ => { }, steps: 8, (CellId.Pin, PinTriesLess));
        CutBetween(Pin(0x24, 0x81, PivCard.Puk + "3837363534333231"), _ => { }, steps: 8, (CellId.Puk, PukTriesLess));
        CutBetween(Pin(0x2C, 0x80, PivCard.Puk + OtherPin), _ => { }, steps: 9, (CellId.Puk, PukTriesLess));
    }

    [Fact]
    public void A_cut_generation_leaves_the_old_key_or_a_whole_new_one()
    {
        var image = PivCard.NewImage(PivCard.Key(0x9A));
        var before = Cells(image);
        var cell = PivSlot.Find(0x9A)!.Cell;
        var (old, made) = (0, 0);
        var generate = new CommandApdu(0x00, 0x47, 0x00, 0x9A, Bytes.FromHex("AC03800111"));
        var steps = Cut(
            image, generate, card => card.Managed(), after =>
            {
                var cells = Cells(after);
                if (cells[cell] == before[cell]) old++;
                else made++;
                Assert.All(before.Where(each => each.Key != cell), each => Assert.Equal(each.Value, cells[each.Key]));
                using var card = PivCard.Open(after);
                card.Send(PivCard.Verify);
                var template = Bytes.Of(new Tlv(0x7F49, PivKey.Read(cells[cell].Span).PublicKey));
                using var key = PublicKey.Of(PivAlgorithm.P256, template);
                Assert.True(key.Verifies(
                    [1, 2, 3], PivCard.Result(card.Sign(PivAlgorithm.P256, 0x9A, SHA256.HashData([1, 2, 3])))));
            });

        Assert.Equal(4, steps);
        Assert.True(old > 10 && made > 10, $"{old} old, {made} new");
    }

    /// <summary>Wherever the command is cut, the card holds what it held before or what it holds after.</summary>
    /// <param name="between">A state between the two that may be, too.</param>
    private static void CutBetween(
        CommandApdu command, Action<PivCard> prepare, int steps, (byte Id, byte First)? between = null)
    {
        var image = PivCard.NewImage(PivCard.Key(0x9A));
        var before = Cells(image);
        using var whole = PivCard.Open(image);
        prepare(whole);
        Assert.Equal(StatusWord.Success, whole.Send(command.Ins, command.P1, command.P2, command.Data).Status);
        var after = Cells(whole.Image);
        List<Dictionary<byte, Bytes>> states = [before];
        if (!IsSame(before, after)) states.Add(after);
        if (between is var (id, first))
        {
            var state = new Dictionary<byte, Bytes>(before);
            state[id] = new Bytes((byte[])[first, .. before[id].Span[1..]]);
            states.Add(state);
        }

        var seen = new int[states.Count];
        Assert.Equal(steps, Cut(image, command, prepare, cut =>
        {
            var cells = Cells(cut);
            var state = states.FindIndex(each => IsSame(each, cells));
            Assert.True(state >= 0, $"{command.Header} left another state.");
            seen[state]++;
        }));
        Assert.All(seen, count => Assert.NotEqual(0, count));
    }

    private static bool IsSame(Dictionary<byte, Bytes> state, Dictionary<byte, Bytes> cells) =>
        state.All(cell => cells[cell.Key] == cell.Value);

    /// <summary>Cuts the command at each step of it, each time on a card that is as before.</summary>
    /// <returns>The steps that it takes.</returns>
    private static int Cut(byte[] image, CommandApdu command, Action<PivCard> prepare, Action<byte[]> check)
    {
        for (var step = 0; ; step++)
        {
            for (var lottery = 0; lottery < Lotteries; lottery++)
            {
                foreach (var tear in Tears)
                {
                    var medium = new CutMedium(image);
                    using var card = PivCard.Open(medium);
                    prepare(card);
                    medium.CutAfter(step, _ => tear, lottery == 0 ? null : new Random(lottery));
                    if (TrySend(card, command)) return step;
                    check(medium.Image);
                }
            }
        }
    }

    private static bool TrySend(PivCard card, CommandApdu command)
    {
        try
        {
            return card.Send(command.Ins, command.P1, command.P2, command.Data).Status.IsSuccess;
        }
        catch (PowerLostException)
        {
            return false;
        }
    }

    private static CommandApdu Pin(byte ins, byte reference, string hex) =>
        new(0x00, ins, 0x00, reference, Bytes.FromHex(hex));

    private static Dictionary<byte, Bytes> Cells(byte[] image)
    {
        using var memory = CardMemory.Open(new CutMedium(image));
        return Enumerable.Range(0, 256).Select(id => (byte)id).Where(id => memory.Has(id))
            .ToDictionary(id => id, id => Bytes.CopyOf(memory.Read(id)));
    }
}
