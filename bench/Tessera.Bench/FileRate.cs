using System.Diagnostics;
using System.Globalization;
using Tessera.Cards;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;

namespace Tessera.Bench;

/// <summary>Simple commands a second of the processor's own time at a card in process, octets in, octets out.</summary>
internal static class FileRate
{
    private const int Runs = 3;

    private static readonly (string What, int Count, string[] Before, string Command)[] Commands =
    [
        ("GET BALANCE", 2_000_000, ["00A4040009F0544553534552410100"], "805C000000"),
        ("READ BINARY, 16 octets", 1_000_000, ["00A4080C0450005001"], "00B0000010"),
        ("READ BINARY, 16 octets, on channel 3", 1_000_000, ["00700003", "03A4080C0450005001"], "03B0000010"),
        ("READ RECORD of variable length", 1_000_000, ["00A4080C0450005003"], "00B2010400"),
        ("VERIFY without data", 1_000_000, ["00A4000C"], "00200080"),
        ("SELECT by path", 1_000_000, [], "00A4080C0450005001"),
        ("SELECT by path, control parameters", 500_000, [], "00A40804045000500100"),
        ("UPDATE BINARY, 4 octets", 50_000, ["00A4080C0450005001"], "00D600000401020304"),
    ];

    public static void Run()
    {
        foreach (var (what, count, before, command) in Commands)
        {
            using var card = NewCard();
            foreach (var each in before) Send(card, each);
            var octets = Convert.FromHexString(command);
            Rate(card, octets, count / 10);
            var rates = Enumerable.Range(0, Runs).Select(_ => Rate(card, octets, count)).Order().ToList();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{what}: {rates[0]:N0} / {rates[1]:N0} / {rates[2]:N0} APDU/s"));
        }
    }

    private static CardOs NewCard()
    {
        var medium = new MemoryMedium();
        using (var personalisation = Personalisation.DemonstrationWithFiles(new CardId(0x0123456789ABCDEF)))
            CardImage.Create(medium, personalisation);
        var card = CardImage.Open(medium);
        card.Reset();
        Send(card, "0020008008313233343536FFFF");
        Send(card, "00200001083132333435363738");
        Send(card, "00A4080C025000");
        Send(card, "00E200180441424344");
        return card;
    }

    private static double Rate(CardOs card, byte[] command, int count)
    {
        var process = Process.GetCurrentProcess();
        var begun = process.TotalProcessorTime;
        for (var i = 0; i < count; i++) Check(card.Transmit(command).Span[^2..]);
        process.Refresh();
        return count / (process.TotalProcessorTime - begun).TotalSeconds;
    }

    private static void Send(CardOs card, string command) =>
        Check(card.Transmit(Convert.FromHexString(command)).Span[^2..]);

    private static void Check(ReadOnlySpan<byte> status)
    {
        if (status is not [0x90, 0x00])
            throw new InvalidOperationException($"The card answered {Convert.ToHexString(status)}.");
    }
}
