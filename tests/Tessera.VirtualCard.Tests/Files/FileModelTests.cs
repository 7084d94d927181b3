using Tessera.VirtualCard.Tests.Support;
using Xunit;

namespace Tessera.VirtualCard.Tests.Files;

/// <summary>Random commands at files of every structure, answered as a few lists of octets would answer them.</summary>
public class FileModelTests
{
    private const int Directory = 0x5000;

    [Theory]
    [InlineData(1, 1500)]
    [InlineData(2, 1500)]
    public void A_card_does_what_lists_of_octets_would_do(int seed, int commands)
    {
        var random = new Random(seed);
        var model = new Dictionary<int, ModelFile>();
        var statuses = new HashSet<string>(StringComparer.Ordinal);
        var medium = new CutMedium(FileCard.NewImage());
        var card = TestCard.Open(medium, new SeededRandom(seed));
        card.Send($"00A4000C 02 {Directory:X4}");
        foreach (var id in Enumerable.Range(0x5001, 6)) Assert.Equal("9000", card.Send($"00E40000 02 {id:X4}"));
        for (var i = 0; i < commands; i++)
        {
            var id = 0x6000 + random.Next(6);
            var (command, expected, become) = Next(model.GetValueOrDefault(id), id, random);
            card.Send($"00A4080C 04 {Directory:X4} {id:X4}");
            if (!model.ContainsKey(id)) card.Send($"00A4080C 02 {Directory:X4}");
            var isCut = random.Next(20) == 0;
            if (isCut) medium.CutAfter(random.Next(8), length => random.Next(length + 1), new Random(i));
            try
            {
                var answer = card.Send(command);
                Assert.True(IsSame(expected, answer), $"{seed}/{i} {command}: {answer}, expected {expected}");
                statuses.Add(answer[^4..]);
                medium.CutNever();
                if (answer is "9000") become?.Invoke(model);
            }
            catch (PowerLostException)
            {
                card.Dispose();
                medium = new CutMedium(medium.Image);
                card = TestCard.Open(medium, new SeededRandom(i));
                if (!IsAs(card, model))
                {
                    become!(model);
                    Assert.True(IsAs(card, model), $"{seed}/{i} {command} was torn");
                }
            }
        }

        Assert.True(IsAs(card, model));
        Assert.Superset(
            new HashSet<string>(["9000", "6A82", "6A83", "6A84", "6B00", "6981", "6700"], StringComparer.Ordinal), statuses);
        card.Dispose();
    }

    private static (string Command, string Answer, Action<Dictionary<int, ModelFile>>? Become) Next(
        ModelFile? file, int id, Random random)
    {
        var length = random.Next(1, 9);
        var octets = new byte[length];
        random.NextBytes(octets);
        var hex = $"{length:X2} {Convert.ToHexString(octets)}";
        if (file is null)
        {
            if (random.Next(8) == 0) return ($"00E40200 02 {id:X4}", "6A82", null);
            var made = ModelFile.Random(random);
            var control = $"{made.Control} 8302{id:X4} 8800".Replace(" ", "", StringComparison.Ordinal);
            var count = control.Length / 2;
            return ($"00E00000 {count + 2:X2} 62 {count:X2} {control}", "9000", model => model[id] = made);
        }

        var (number, offset) = (random.Next(1, file.Most + 2), random.Next(file.Size + 4));
        switch (random.Next(12))
        {
            case 0:
                return ($"00E40000", "9000", model => model.Remove(id));
            case 1:
                return ($"00A4020C 02 {id:X4}", "9000", null);
            case 2 or 3:
                return ($"00B0{offset:X4}00", file.IsRecords ? "6981" : file.ReadBinary(offset), null);
            case 4:
                return ($"000E{offset:X4}", file.IsRecords ? "6981" : offset >= file.Size ? "6B00" : "9000",
                    _ => file.Body.AsSpan(offset).Clear());
            case 5 or 6:
                return ($"00D6{offset:X4} {hex}",
                    file.IsRecords ? "6981"
                    : offset >= file.Size ? "6B00"
                    : offset + length > file.Size ? "6A84"
                    : "9000",
                    _ => octets.CopyTo(file.Body, offset));
            case 7 or 8:
                return ($"00E20000 {hex}", !file.IsRecords ? "6981" : file.StatusOfAppend(length), _ => file.Append(octets));
            case 9:
                return ($"00DC{number:X2}04 {hex}",
                    !file.IsRecords ? "6981" : file.StatusOfUpdate(number, length), _ => file[number] = octets);
            default:
                return ($"00B2{number:X2}0400", !file.IsRecords ? "6981" : file.ReadRecord(number), null);
        }
    }

    private static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);

    private static bool IsAs(TestCard card, Dictionary<int, ModelFile> model)
    {
        foreach (var id in Enumerable.Range(0x6000, 6))
        {
            var isThere = card.Send($"00A4080C 04 {Directory:X4} {id:X4}") is "9000";
            if (isThere != model.TryGetValue(id, out var file)) return false;
            if (!isThere) continue;
            if (!file!.IsRecords && !IsSame(card.Send("00B0000000"), file.ReadBinary(0))) return false;
            for (var number = 1; file.IsRecords && number <= file.Most; number++)
                if (!IsSame(card.Send($"00B2{number:X2}0400"), file.ReadRecord(number))) return false;
        }

        return true;
    }

    private sealed class ModelFile(string control, bool isCyclic, int recordLength, int most, int size)
    {
        private readonly List<byte[]> _records = [];

        public string Control => control;

        public byte[] Body { get; } = new byte[size];

        public int Size => size;

        public int Most => most;

        public bool IsRecords => most > 0;

        private bool IsVariable => IsRecords && size > 0;

        public byte[] this[int number]
        {
            set => _records[number - 1] = value;
        }

        public static ModelFile Random(Random random)
        {
            var (length, most, size) = (random.Next(1, 9), random.Next(1, 6), random.Next(1, 40));
            return random.Next(4) switch
            {
                0 => new($"8002{size:X4} 820101", false, 0, 0, size),
                1 => new($"8205020100{length:X2}{most:X2}", false, length, most, 0),
                2 => new($"8002{size:X4} 8205040100{length:X2}{most:X2}", false, length, most, size),
                _ => new($"8205060100{length:X2}{most:X2}", true, length, most, 0),
            };
        }

        public string ReadBinary(int offset) => offset >= size ? "6B00" : Convert.ToHexString(Body[offset..]) + "9000";

        public string ReadRecord(int number) =>
            number > _records.Count ? "6A83" : Convert.ToHexString(_records[number - 1]) + "9000";

        public string StatusOfAppend(int length) =>
            !Takes(length) ? "6700"
            : !isCyclic && (_records.Count == most || !HasRoom(length, 0)) ? "6A84"
            : "9000";

        public string StatusOfUpdate(int number, int length) =>
            !Takes(length) ? "6700"
            : number > _records.Count ? "6A83"
            : HasRoom(length, 1 + _records[number - 1].Length) ? "9000"
            : "6A84";

        public void Append(byte[] octets)
        {
            if (!isCyclic)
            {
                _records.Add(octets);
                return;
            }

            _records.Insert(0, octets);
            if (_records.Count > most) _records.RemoveAt(most);
        }

        private bool Takes(int length) => IsVariable ? length <= recordLength : length == recordLength;

        private bool HasRoom(int length, int freed) =>
            !IsVariable || _records.Sum(record => 1 + record.Length) - freed + 1 + length <= size;
    }
}
