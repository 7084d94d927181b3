using BenchmarkDotNet.Attributes;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.Bench;

/// <summary>APDUs against the virtual card in process: no reader, no socket, the image in memory.</summary>
[MemoryDiagnoser]
public class CardBenchmarks
{
    private readonly byte[] _balance = Bytes.Of(PurseCommands.Balance).ToArray();
    private readonly byte[] _initialize = Bytes.Of(PurseCommands.Initialize(new Bytes(new byte[8]))).ToArray();
    private readonly byte[] _select = Bytes.Of(PurseCommands.Select).ToArray();
    private CardOs _card = null!;

    [GlobalSetup]
    public void Setup()
    {
        var medium = new MemoryMedium();
        using (var personalisation = Personalisation.Demonstration(new CardId(0x0123456789ABCDEF)))
            CardImage.Create(medium, personalisation);
        _card = CardImage.Open(medium);
        _card.Reset();
        _card.Transmit(_select);
    }

    [GlobalCleanup]
    public void Cleanup() => _card.Dispose();

    [Benchmark]
    public Bytes GetBalance() => _card.Transmit(_balance);

    [Benchmark]
    public Bytes Select() => _card.Transmit(_select);

    [Benchmark]
    public Bytes Initialize() => _card.Transmit(_initialize);
}
