using System.CommandLine;
using Tessera.Cards;
using Tessera.Cards.Pcsc;
using Tessera.Cards.Traces;
using Tessera.VirtualCard;

namespace Tessera.Cli.Terminals;

/// <summary>Where the cards of a terminal come in: a PC/SC reader, or a slot with a card in software.</summary>
internal static class SlotAtHand
{
    private static readonly Option<string?> Reader = new("--reader")
    {
        Description = "The PC/SC reader, by the name that 'tessera reader list' prints.", HelpName = "name",
    };

    private static readonly Option<string?> Card = new("--card")
    {
        Description = "A card in software in place of --reader: the file that is its memory (tessera card serve --image).",
        HelpName = "image",
    };

    private static readonly Option<bool> Shared = new("--shared")
    {
        Description = "Other programs may use the card in the reader between scripts; none is left with a PIN that was verified.",
    };

    public static IReadOnlyList<Option> Options { get; } = [Reader, Card, Shared, TraceAtHand.Option];

    /// <summary>Opens the reader, or the slot with the card in it.</summary>
    /// <param name="trace">Told what is said to the cards; null for nobody.</param>
    /// <exception cref="FormatException">Both are named, or none.</exception>
    public static Func<CancellationToken, Task<ICardReader>> Of(ParseResult parsed, TraceAtHand? trace)
    {
        var open = Of(parsed);
        return trace is null ? open : async cancel => new TracedReader(await open(cancel), trace.Trace);
    }

    private static Func<CancellationToken, Task<ICardReader>> Of(ParseResult parsed) =>
        (parsed.GetValue(Reader), parsed.GetValue(Card)) switch
        {
            ({ } reader, null) => cancel => OpenAsync(reader, new PcscOptions { Exclusive = !parsed.GetValue(Shared) }, cancel),
            (null, { } image) => _ => Task.FromResult<ICardReader>(ImageSlot.Open(image)),
            _ => throw new FormatException("A terminal has --reader or --card, one of them."),
        };

    private static async Task<ICardReader> OpenAsync(string name, PcscOptions options, CancellationToken cancel)
    {
        await using var service = await PcscContext.EstablishAsync(cancel);
        return await service.OpenAsync(name, options, cancel);
    }
}
