using System.Diagnostics;
using System.Globalization;
using System.Net;
using Tessera.Cards;
using Tessera.Cards.Pcsc;
using Tessera.Interop.Tests.Pcsc;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Vpcd;
using Tessera.Wire;

namespace Tessera.Bench;

/// <summary>
/// Our card beside one that answers 9000 to everything, through the same pcscd, client and code at the socket: each in a
/// process of its own and a slot of one virtual reader, asked by turns in one run.
/// </summary>
internal static class PcscPair
{
    private const string Ours = "ours";
    private const string Minimal = "minimal";
    private const int Rounds = 2001;
    private const int Count = 10;

    /// <summary>As many of each command as the runtime wants to see before it has compiled for good what they run.</summary>
    private const int WarmUp = 3000;

    private static readonly string[] Readers = ["Virtual PCD 00 00", "Virtual PCD 00 01"];

    private static readonly string[] Before = ["00A40400 09 F05445535345524101 00", "00A4080C 04 50005001"];

    private static readonly (string What, string Command)[] Commands =
    [
        ("READ BINARY, 16 octets", "00B00000 10"),
        ("GET DATA, the card's id", "00CA00C1 00"),
        ("SELECT by name", "00A40400 09 F05445535345524101 00"),
    ];

    /// <param name="arguments">
    /// The port of the first slot of a pcscd that runs; without one a pcscd is started for this alone, as root.
    /// </param>
    public static async Task RunAsync(string[] arguments)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await using var own = new PrivatePcscd();
        var port = arguments is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : await StartAsync(own, stop.Token);
        await EmptyAsync(stop.Token);
        using var ours = StartCard(Ours, port);
        using var minimal = StartCard(Minimal, port + 1);
        try
        {
            await using var service = await PcscContext.EstablishAsync(stop.Token);
            await using var first = await service.OpenAsync(Readers[0], options: null, stop.Token);
            await using var second = await service.OpenAsync(Readers[1], options: null, stop.Token);
            await using var ourCard = await first.InsertedAsync(stop.Token);
            await using var minimalCard = await second.InsertedAsync(stop.Token);
            foreach (var (_, command) in Commands)
                await WarmUpAsync(Bytes.FromHex(command).Read<CommandApdu>(), ourCard, minimalCard, stop.Token);
            foreach (var (what, command) in Commands)
                await CompareAsync(what, Bytes.FromHex(command).Read<CommandApdu>(), ourCard, minimalCard, stop.Token);
        }
        finally
        {
            ours.Kill();
            minimal.Kill();
        }
    }

    private static async Task<int> StartAsync(PrivatePcscd own, CancellationToken cancel)
    {
        await own.InitializeAsync();
        await own.StartAsync(cancel);
        return own.EndPoint.Port;
    }

    /// <summary>A slot keeps the card of an earlier run until it has seen that it was pulled.</summary>
    private static async Task EmptyAsync(CancellationToken cancel)
    {
        Dictionary<string, bool> isTaken = new(StringComparer.Ordinal);
        await foreach (var (_, sight) in ReaderWatch.WatchAsync(cancel))
        {
            isTaken[sight.Reader] = sight.HasCard;
            if (Readers.All(reader => isTaken.TryGetValue(reader, out var taken) && !taken)) return;
        }
    }

    /// <summary>One of the two cards, until it is killed.</summary>
    public static async Task ServeAsync(string kind, int port)
    {
        var reader = new IPEndPoint(IPAddress.Loopback, port);
        if (kind is Minimal)
        {
            await AnswerAsync(reader);
            return;
        }

        var medium = new MemoryMedium();
        using (var card = Personalisation.DemonstrationWithFiles(new CardId(0x0123456789ABCDEF)))
            CardImage.Create(medium, card);
        using var os = CardImage.Open(medium);
        await VpcdCard.RunAsync(reader, os, options: null, CancellationToken.None);
    }

    private static Process StartCard(string kind, int port) => Process.Start(
        Environment.ProcessPath!, ["pair-card", kind, port.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>What the link does for our card, without a card.</summary>
    private static async Task AnswerAsync(EndPoint reader)
    {
        var (atr, success) = (Bytes.FromHex("3B80800101"), Bytes.FromHex("9000"));
        using var connection = await VpcdConnection.ConnectAsync(reader, CancellationToken.None);
        while (await connection.ReceiveAsync(CancellationToken.None) is { } message)
        {
            if (message.Control is null or VpcdControl.GetAtr)
                await connection.SendAsync(
                    new VpcdFrame(new Bytes((message.Control is null ? success : atr).ToArray())), CancellationToken.None);
        }
    }

    private static async Task WarmUpAsync(CommandApdu command, ICard ours, ICard minimal, CancellationToken cancel)
    {
        foreach (var each in Before) await SendAsync(ours, Bytes.FromHex(each).Read<CommandApdu>(), cancel);
        for (var i = 0; i < WarmUp; i++)
        {
            await SendAsync(ours, command, cancel);
            await SendAsync(minimal, command, cancel);
        }
    }

    private static async Task CompareAsync(
        string what, CommandApdu command, ICard ours, ICard minimal, CancellationToken cancel)
    {
        foreach (var each in Before) await SendAsync(ours, Bytes.FromHex(each).Read<CommandApdu>(), cancel);
        List<(double Ours, double Minimal)> rates = [];
        for (var round = 0; round < Rounds; round++)
        {
            var isOursFirst = round % 2 == 0;
            var first = await RateAsync(isOursFirst ? ours : minimal, command, cancel);
            var second = await RateAsync(isOursFirst ? minimal : ours, command, cancel);
            rates.Add(isOursFirst ? (first, second) : (second, first));
        }

        var ratios = rates.Select(rate => rate.Ours / rate.Minimal).Order().ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {Middle(rates.Select(rate => rate.Ours)):N0} APDU/s, a card that says 9000 "
            + $"{Middle(rates.Select(rate => rate.Minimal)):N0} APDU/s; ratio of a round "
            + $"{ratios[ratios.Count / 4]:P1} / {ratios[ratios.Count / 2]:P1} / {ratios[ratios.Count * 3 / 4]:P1}"));
    }

    private static double Middle(IEnumerable<double> rates) => rates.Order().ElementAt(Rounds / 2);

    private static async Task<double> RateAsync(ICard card, CommandApdu command, CancellationToken cancel)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < Count; i++) await SendAsync(card, command, cancel);
        return Count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static async Task SendAsync(ICard card, CommandApdu command, CancellationToken cancel) =>
        (await card.TransmitAsync(command, cancel)).EnsureSuccess(command);
}
