using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Support;

/// <summary>A demonstration card in the hand: powered, and asked in hexadecimal.</summary>
internal sealed class TestCard : ICardChannel, IDisposable
{
    public static readonly CardId Id = CardId.Parse("0123456789ABCDEF");

    /// <summary>What S1 says of every card as it is made today.</summary>
    public const PurseCondition Condition = PurseCondition.Offline | PurseCondition.Goods;

    private readonly CutMedium _medium;

    private TestCard(CutMedium medium, RandomNumberGenerator? random)
    {
        _medium = medium;
        Os = CardImage.Open(medium, random);
        Os.Reset();
    }

    public CardOs Os { get; }

    /// <summary>What the card has in its memory.</summary>
    public byte[] Image => _medium.Image;

    public static TestCard Demonstration(RandomNumberGenerator? random = null) => Open(NewImage(), random);

    public static TestCard Open(ReadOnlySpan<byte> image, RandomNumberGenerator? random = null) =>
        new(new CutMedium(image), random);

    public static TestCard Open(CutMedium medium, RandomNumberGenerator? random = null) => new(medium, random);

    /// <summary>A new demonstration card.</summary>
    public static byte[] NewImage() => NewImage(Personalisation.Demonstration(Id));

    public static byte[] NewImage(Personalisation personalisation)
    {
        using (personalisation)
        {
            var medium = new CutMedium();
            CardImage.Create(medium, personalisation);
            return medium.Image;
        }
    }

    /// <summary>The card with other content in some of its cells, as a past would have left it.</summary>
    public static byte[] WithCells(byte[] image, params (byte Id, Bytes Content)[] cells)
    {
        var medium = new CutMedium(image);
        using var memory = CardMemory.Open(medium);
        using var change = memory.Begin();
        foreach (var (id, content) in cells) change.Write(id, content.Span);
        change.Commit();
        return medium.Image;
    }

    /// <summary>Data and status of the answer, in hexadecimal.</summary>
    public string Send(string hex) => Os.Transmit(Bytes.FromHex(hex).Span).ToString();

    public ResponseApdu Send(CommandApdu command) => Os.Transmit(Bytes.Of(command).Span).Read<ResponseApdu>();

    public ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel) => new(Send(command));

    public void Dispose() => Os.Dispose();
}

/// <summary>Randomness out of a seed.</summary>
internal sealed class SeededRandom(int seed) : RandomNumberGenerator
{
    private readonly Random _random = new(seed);

    public override void GetBytes(byte[] data) => _random.NextBytes(data);
}

/// <summary>Randomness that was written down before.</summary>
internal sealed class ScriptedRandom(params string[] hex) : RandomNumberGenerator
{
    private readonly Queue<Bytes> _octets = new(hex.Select(each => Bytes.FromHex(each)));

    public override void GetBytes(byte[] data) => _octets.Dequeue().Span.CopyTo(data);
}
