using System.CommandLine;
using System.Globalization;
using Tessera.Cards;
using Tessera.Cards.Atr;
using Tessera.Cards.Pcsc;
using Tessera.Wire;

namespace Tessera.Cli;

/// <summary>The card in a PC/SC reader, ours alone for the time of one verb and reset at its end.</summary>
internal sealed class CardAtHand : IAsyncDisposable
{
    private readonly PcscReader _reader;
    private readonly ICard _card;

    private CardAtHand(PcscReader reader, ICard card)
    {
        (_reader, _card) = (reader, card);
        Channel = new CardChannel(card, TakesExtended(card));
    }

    public string Reader => _reader.Name;

    /// <summary>Answer to reset.</summary>
    public Bytes Atr => _card.Atr;

    public CardChannel Channel { get; }

    public static Option<string> ReaderOption() => new("--reader")
    {
        Description = "The PC/SC reader, by the name that 'tessera reader list' prints.",
        HelpName = "name",
        Required = true,
    };

    public static Option<int> WaitOption() => new("--wait")
    {
        Description = "Seconds to wait for a card that no other program uses.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 10,
    };

    /// <exception cref="PcscException">There is no PC/SC service.</exception>
    /// <exception cref="ConnectionLostException">There is no such reader.</exception>
    /// <exception cref="TimeoutException">No card came in time.</exception>
    public static async Task<CardAtHand> OpenAsync(string readerName, int seconds, CancellationToken cancel)
    {
        await using var service = await PcscContext.EstablishAsync(cancel);
        var reader = await service.OpenAsync(readerName, null, cancel);
        try
        {
            return new CardAtHand(reader, await InsertedAsync(reader, seconds, cancel));
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _card.DisposeAsync();
        await _reader.DisposeAsync();
    }

    private static async Task<ICard> InsertedAsync(PcscReader reader, int seconds, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            return await reader.InsertedAsync(either.Token);
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException(string.Create(
                CultureInfo.InvariantCulture, $"No card in {reader.Name}, or another program uses it: waited {seconds} s."), e);
        }
    }

    private static bool TakesExtended(ICard card)
    {
        if (card is PcscCard { IsT0: true }) return false;
        try
        {
            return card.Atr.Read<AnswerToReset>().Capabilities is { ExtendedLengths: true };
        }
        catch (WireFormatException)
        {
            // A card that says nothing readable of itself gets short commands.
            return false;
        }
    }
}
