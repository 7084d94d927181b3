using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Tessera.Cards;
using Tessera.Cards.Atr;
using Tessera.Cards.Pcsc;
using Tessera.Cards.Traces;
using Tessera.VirtualCard;
using Tessera.Wire;

namespace Tessera.Cli;

/// <summary>The card in a PC/SC reader, ours alone for the time of one verb and reset at its end.</summary>
internal sealed class CardAtHand : IAsyncDisposable
{
    private const int MaxWait = 24 * 60 * 60;

    private readonly ICardReader _reader;
    private readonly TraceAtHand? _trace;
    private ICard _card;

    private CardAtHand(ICardReader reader, ICard card, TraceAtHand? trace)
    {
        (_reader, _trace) = (reader, trace);
        Take(card);
    }

    public string Reader => _reader.Name;

    /// <summary>Answer to reset.</summary>
    public Bytes Atr => _card.Atr;

    public CardChannel Channel { get; private set; }

    private static Option<string> ReaderOption { get; } = new("--reader")
    {
        Description = "The PC/SC reader, by the name that 'tessera reader list' prints.",
        HelpName = "name",
        Required = true,
    };

    private static Option<int> WaitOption { get; } = new("--wait")
    {
        Description = "Seconds to wait for a card that no other program uses.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 10,
    };

    private static Option<string?> AnyReaderOption { get; } = new("--reader")
    {
        Description = "The PC/SC reader, by the name that 'tessera reader list' prints.", HelpName = "name",
    };

    private static Option<string?> ImageOption { get; } = new("--card")
    {
        Description = "A card in software in place of --reader: the file that is its memory (tessera card serve --image).",
        HelpName = "image",
    };

    /// <summary>Every verb that opens a card has them.</summary>
    public static IReadOnlyList<Option> Options { get; } = [ReaderOption, WaitOption, TraceAtHand.Option];

    /// <summary>Those of a verb that also opens the image of a card in software.</summary>
    public static IReadOnlyList<Option> OptionsWithImage { get; } =
        [AnyReaderOption, ImageOption, WaitOption, TraceAtHand.Option];

    /// <summary>The card that the <see cref="Options"/> or <see cref="OptionsWithImage"/> name.</summary>
    /// <exception cref="FormatException">A reader and an image are named, or neither.</exception>
    /// <exception cref="IOException">The file of the trace cannot be opened.</exception>
    /// <exception cref="PcscException">There is no PC/SC service.</exception>
    /// <exception cref="ConnectionLostException">There is no such reader.</exception>
    /// <exception cref="TimeoutException">No card came in time.</exception>
    public static async Task<CardAtHand> OpenAsync(ParseResult parsed, CancellationToken cancel)
    {
        var trace = TraceAtHand.Open(parsed);
        ICardReader? reader = null;
        try
        {
            reader = await ReaderAsync(parsed, cancel);
            return new CardAtHand(reader, await InsertedAsync(reader, parsed.GetValue(WaitOption), cancel), trace);
        }
        catch
        {
            if (reader is not null) await reader.DisposeAsync();
            trace?.Dispose();
            throw;
        }
    }

    /// <summary>Warm reset: everything volatile on the card is gone.</summary>
    public Task ResetAsync(CancellationToken cancel) => _card.ResetAsync(cancel);

    /// <summary>Awaits the next card in the reader, after the one at hand was pulled.</summary>
    /// <exception cref="ConnectionLostException">The reader is gone too.</exception>
    public async Task ReturnAsync(CancellationToken cancel)
    {
        await _card.DisposeAsync();
        Take(await _reader.InsertedAsync(cancel));
    }

    /// <summary>Whether a reader or an image is named.</summary>
    public static bool IsNamed(ParseResult parsed) =>
        parsed.GetValue(AnyReaderOption) is not null || parsed.GetValue(ImageOption) is not null;

    public async ValueTask DisposeAsync()
    {
        await _card.DisposeAsync();
        await _reader.DisposeAsync();
        _trace?.Dispose();
    }

    [MemberNotNull(nameof(_card), nameof(Channel))]
    private void Take(ICard card)
    {
        _card = _trace is null ? card : new TracedCard(card, _trace.Trace);
        Channel = new CardChannel(_card, TakesExtended(card));
    }

    private static async Task<ICardReader> ReaderAsync(ParseResult parsed, CancellationToken cancel)
    {
        var name = parsed.GetValue(ReaderOption) ?? parsed.GetValue(AnyReaderOption);
        var image = parsed.GetValue(ImageOption);
        if (name is null == image is null) throw new FormatException("Name --reader or --card, one of them.");
        if (image is not null) return ImageSlot.Open(image);

        await using var service = await PcscContext.EstablishAsync(cancel);
        return await service.OpenAsync(name!, null, cancel);
    }

    private static async Task<ICard> InsertedAsync(ICardReader reader, int seconds, CancellationToken cancel)
    {
        if (seconds is < 0 or > MaxWait) throw new FormatException($"--wait is 0 to {MaxWait} seconds, not {seconds}.");
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            return await reader.InsertedAsync(either.Token);
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"No card in {reader.Name}, or another program uses it: waited {seconds} s.", e);
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
