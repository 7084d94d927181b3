using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Sim.Toolkit;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

public class ListShelfTests
{
    private const int Places = Opening.MaxLists;

    [Fact]
    public void What_is_there_already_is_not_written_again()
    {
        var medium = New();
        using var memory = CardMemory.Open(medium);
        var shelf = new ListShelf(memory);
        shelf.Keep(1, [List(1, 1), List(2, 1)]);

        medium.CutNever();
        shelf.Keep(1, [List(2, 1), List(1, 1)]);
        Assert.Equal(0, medium.Steps);

        shelf.Keep(1, [List(2, 1), List(1, 2)]);
        Assert.NotEqual(0, medium.Steps);
    }

    /// <summary>Eight places written round and round; a list with the id of another stands in its place.</summary>
    [Fact]
    public void It_keeps_what_a_simple_model_keeps_through_any_number_of_scripts_and_lives()
    {
        var random = new Random(8);
        var medium = New();
        var memory = CardMemory.Open(medium);
        var model = new (byte Application, CachedListStep List)?[Places];
        var next = 0;
        for (var round = 0; round < 3000; round++)
        {
            var application = (byte)random.Next(1, 4);
            CachedListStep[] told =
            [
                .. Enumerable.Range(0, random.Next(0, 12))
                    .Select(_ => List((byte)random.Next(14), (ushort)random.Next(3))).DistinctBy(list => list.Id),
            ];
            new ListShelf(memory).Keep(application, told.ToSequence());
            foreach (var list in told.Where(list => !model.Contains((application, list))).TakeLast(Places).ToArray())
            {
                var place = Array.FindIndex(
                    model, one => one is { } kept && (kept.Application, kept.List.Id) == (application, list.Id));
                if (place < 0) (place, next) = (next, (next + 1) % Places);
                model[place] = (application, list);
            }

            if (random.Next(10) == 0)
            {
                memory.Dispose();
                medium = new CutMedium(medium.Image);
                memory = CardMemory.Open(medium);
            }

            Check(new ListShelf(memory), [.. model[next..], .. model[..next]]);
        }

        memory.Dispose();
    }

    private static void Check(ListShelf shelf, (byte Application, CachedListStep List)?[] model)
    {
        for (byte application = 0; application < 5; application++)
        {
            var expected = model.Where(one => one?.Application == application).Select(one => one!.Value.List).ToArray();
            Assert.Equal(expected.Select(list => list.Name), shelf.Of(application));
            Assert.All(expected, list => Assert.Equal(list.Whole, shelf.Find(application, list.Name)));
            Assert.Null(shelf.Find(application, new ListVersion(1, 99)));
        }
    }

    private static CutMedium New()
    {
        var medium = new CutMedium();
        CardMemory.Format(medium, [.. ListShelf.Cells()]);
        return medium;
    }

    private static CachedListStep List(byte id, ushort version) =>
        new(id, version, ProactiveCommand.SelectItem($"List {id}", "one", $"version {version}"));
}
