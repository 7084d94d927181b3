using System.Text;
using System.Threading.Channels;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Story.Cards;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.Server.Tests.Calls;

/// <summary>A slot, and the card that is put into it.</summary>
internal sealed class HomeCard(MemoryMedium image) : ICardReader
{
    private readonly Channel<InsertedCard> _insertions = Channel.CreateUnbounded<InsertedCard>();
    private InsertedCard? _inserted;

    public string Name => "slot";

    /// <summary>Told of a command that the card has carried out, before its answer is given; default nobody is.</summary>
    public Func<CommandApdu, Task> CarriedOut { get; set; } = _ => Task.CompletedTask;

    public void Insert()
    {
        _inserted = new InsertedCard(CardImage.Open(image), command => CarriedOut(command));
        _insertions.Writer.TryWrite(_inserted);
    }

    public void Pull() => _inserted?.Pull();

    public async Task<ICard> InsertedAsync(CancellationToken cancel) => await _insertions.Reader.ReadAsync(cancel);

    /// <summary>What a card that is out has in its data store.</summary>
    public string Field(byte field) => Encoding.UTF8.GetString(
        Ask<StoredField>(StoreCommands.Select, StoreCommands.Read(field, new Bytes(new byte[8]))).Content.Span);

    /// <summary>How the purse of a card that is out stands.</summary>
    public PurseCondition Condition() =>
        Ask<PurseState>(PurseCommands.Select, PurseCommands.Initialize(new Bytes(new byte[8]))).Flags;

    public ValueTask DisposeAsync()
    {
        Pull();
        return ValueTask.CompletedTask;
    }

    private T Ask<T>(CommandApdu select, CommandApdu command) where T : IWireFormat<T>
    {
        using var card = CardImage.Open(image);
        card.Reset();
        _ = Send(card, select);
        return Send(card, command).Data.Read<T>();
    }

    private static ResponseApdu Send(CardOs card, CommandApdu command) =>
        card.Transmit(Bytes.Of(command).Span).Read<ResponseApdu>().EnsureSuccess(command);
}
