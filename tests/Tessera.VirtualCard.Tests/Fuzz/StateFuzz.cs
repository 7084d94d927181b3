using Tessera.Cards;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Fuzz;

/// <summary>Sends what is wrong to a card in one of its states, and looks at what it says and what it became.</summary>
internal sealed class StateFuzz(FuzzState state, int seed)
{
    private const int CommandsOfACard = 250;
    private const int CommandsOfAState = 12;

    /// <summary>Cells that no command without the right key changes; what they hold no answer tells.</summary>
    private static readonly int[] Keys =
    [
        CellId.PurseKey, CellId.StoreKey, CellId.OtaKeys, CellId.SubscriberKey, CellId.DomainKeys, CellId.DomainKeys + 1,
        CellId.DomainKeys + 2, CellId.DomainKeys + 3, CellId.PivManagementKey,
    ];

    /// <summary>Cells with tries first, or second, behind which the reference stands; and how many there are.</summary>
    private static readonly (int Cell, int TriesAt, int Tries)[] References =
    [
        (CellId.Pin, 0, 3), (CellId.Puk, 0, 10), (CellId.Chv1, 1, 3), (CellId.UnblockChv1, 0, 10), (CellId.Chv2, 1, 3),
        (CellId.UnblockChv2, 0, 10), (CellId.Administrator, 0, 10), (CellId.FingerTries, 0, 255),
    ];

    private static readonly int[] AlwaysTheSame = [CellId.Card, CellId.OtaKeys, CellId.SubscriberKey];
    private static readonly int[] OnlyByTheIssuer = [CellId.Purse, CellId.PurseKey, CellId.StoreKey, CellId.DomainKeys];

    private static readonly byte[] OfReferences = [0x20, 0x24, 0x26, 0x28, 0x2C];

    private readonly Random _random = ApduFuzzing.Of(seed);
    private readonly byte[][] _known = [.. state.Known.Select(command => Bytes.FromHex(command).ToArray())];
    private readonly List<byte[]> _secrets = SecretsOf(state.Image);

    /// <summary>A command other than for PINs had them in it, and may have stored them: they are no secret any more.</summary>
    private readonly HashSet<byte[]> _told = [];

    /// <summary>Sends <paramref name="commands"/> of them and returns how many of each status came back.</summary>
    /// <exception cref="InvalidOperationException">The card threw, told a secret, or became what it must not.</exception>
    public SortedDictionary<string, int> Run(int commands)
    {
        var statuses = new SortedDictionary<string, int>(StringComparer.Ordinal);
        TestCard? card = null;
        Action enter = () => { };
        for (var i = 0; i < commands; i++)
        {
            if (i % CommandsOfACard == 0)
            {
                if (card is not null) Look(card.Image, i);
                card?.Dispose();
                card = TestCard.Open(state.Image, new SeededRandom(seed + i));
                enter = state.Begin(card);
                _told.Clear();
            }

            if (i % CommandsOfACard == 0 || _random.Next(CommandsOfAState) == 0) enter();
            var command = Next();
            if (_random.Next(4) != 0 && state.Wrap?.Invoke(card!, command) is { } wrapped) command = wrapped;
            var status = Send(card!, command, $"Seed {seed}, command {i} {Convert.ToHexString(command)}");
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }

        Look(card!.Image, commands);
        card.Dispose();
        return statuses;
    }

    private byte[] Next() => _random.Next(40) switch
    {
        0 => ApduFuzzing.Noise(_random, _random.Next(20_000)),
        1 or 2 => ApduFuzzing.Noise(_random, _random.Next(300)),
        _ => ApduFuzzing.Mutated([.. _known[_random.Next(_known.Length)]], _random),
    };

    private string Send(TestCard card, byte[] command, string what)
    {
        if (command is not [_, var ins, ..] || !OfReferences.Contains(ins))
            _told.UnionWith(_secrets.Where(secret => command.AsSpan().IndexOf(secret) >= 0));
        try
        {
            var answer = card.Os.Transmit(command).ToArray();
            if (answer.Length is < 2 or > 2 + CommandApdu.MaxExtendedLe || answer[^2] is < 0x61 or (> 0x6F and < 0x90) or > 0x9F)
                throw new InvalidOperationException($"It answered {Convert.ToHexString(answer)}.");
            foreach (var secret in _secrets.Where(secret => answer.AsSpan().IndexOf(secret) >= 0))
                if (command.AsSpan().IndexOf(secret) < 0 && !_told.Contains(secret))
                    throw new InvalidOperationException($"It told {Convert.ToHexString(secret)}.");
            return Convert.ToHexString(answer[^2..]);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what}: {e.Message}", e);
        }
    }

    /// <summary>What it became opens again, has no more tries than there are, and its value and keys as they were.</summary>
    private void Look(byte[] image, int i)
    {
        var at = $"Seed {seed}, before command {i}";
        using var before = CardMemory.Open(new CutMedium(state.Image));
        using var after = CardMemory.Open(new CutMedium(image));
        foreach (var (cell, triesAt, tries) in References)
            if (after.Has(cell) && after.Read(cell)[triesAt] > tries)
                throw new InvalidOperationException($"{at}: {after.Read(cell)[triesAt]} tries in {cell:X2}.");
        foreach (var cell in state.IsIssuer ? AlwaysTheSame : [.. AlwaysTheSame, .. OnlyByTheIssuer])
            if (before.Has(cell) && !Lasting(after, cell).SequenceEqual(Lasting(before, cell)))
                throw new InvalidOperationException($"{at}: cell {cell:X2} changed.");
        CardImage.Open(new CutMedium(image)).Dispose();
    }

    /// <summary>Without version and sequence counter of keys of the domain: each challenge takes a number.</summary>
    private static ReadOnlySpan<byte> Lasting(CardMemory memory, int cell) =>
        cell is >= CellId.DomainKeys and < CellId.DomainObjects && memory.Read(cell).Length > 0
            ? memory.Read(cell)[4..]
            : memory.Read(cell);

    /// <summary>References of eight octets, and keys by their halves.</summary>
    private static List<byte[]> SecretsOf(byte[] image)
    {
        using var memory = CardMemory.Open(new CutMedium(image));
        List<byte[]> secrets = [];
        foreach (var (cell, triesAt, _) in References)
            if (memory.Has(cell) && memory.Read(cell).Length > triesAt + 8)
                secrets.Add(memory.Read(cell).Slice(triesAt + 1, 8).ToArray());
        foreach (var cell in Keys)
            if (memory.Has(cell))
                secrets.AddRange(Lasting(memory, cell).ToArray().Chunk(8).Where(half => half is [_, _, _, _, _, _, _, _]));
        return secrets;
    }
}
