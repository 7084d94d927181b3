using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Xunit;

namespace Tessera.Platform.Tests.Dialogues;

/// <summary>Any dialogue, through the real interpreter, on every kind of terminal and link: the same result, the same money.</summary>
public class RandomDialogueTests
{
    private static readonly TerminalProfile Till =
        TerminalProfile.TextOnly with { Capabilities = TerminalCapabilities.Printer };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 150)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_dialogue_gives_the_same_result_on_every_terminal_and_link(int seed)
    {
        var random = new Random(seed);
        var dialogue = Any(random, depth: 3);

        var browser = await RunAsync(dialogue, seed, TerminalProfile.Rich, CardKind.Iso, 8192);

        Assert.Equal(browser, await RunAsync(dialogue, seed, TerminalProfile.Phone, CardKind.Iso, 8192));
        Assert.Equal(browser, await RunAsync(dialogue, seed, TerminalProfile.Phone, CardKind.Iso, 242));
        Assert.Equal(browser, await RunAsync(dialogue, seed, Till, CardKind.Iso, 2048));
        Assert.Equal(browser, await RunAsync(dialogue, seed, TerminalProfile.TextOnly, CardKind.Iso, 600));
        Assert.Equal(browser, await RunAsync(dialogue, seed, TerminalProfile.Phone, CardKind.Sim, 370));
        Assert.Equal(browser, await RunAsync(dialogue, seed, TerminalProfile.Phone, CardKind.Sim, 242));
        Assert.Equal(browser, await RunAsync(dialogue, seed, TerminalProfile.Phone, CardKind.Sim, 242, roundTrip: 15));
        Assert.Equal(browser, await RunAsync(dialogue, seed, TerminalProfile.Phone, CardKind.Sim, 370, roundTrip: 15));
    }

    private static async Task<string> RunAsync(
        Dialogue<string> dialogue, int seed, TerminalProfile profile, CardKind kind, int maxScript,
        double roundTrip = 0.02)
    {
        using var world = await World.WithAsync(100_000, kind: kind);
        using var link = world.Insert(profile, maxScript: maxScript, roundTrip: roundTrip);
        world.Person.Otherwise = (text, items) => items.Count > 0 ? Pick(seed, items) : Typed(world, text);
        world.Page.Otherwise = request => request switch
        {
            ChoicePage page => Pick(seed, page.Choices),
            AmountPage => "7.50",
            _ => "Some words",
        };

        var result = "none";
        var end = await world.RunAsync(
            link, async (session, cancel) => result = await session.RunAsync(dialogue, cancel));

        Assert.True(end == SessionEnd.Completed, $"{end}: {string.Join(" / ", world.Person.Shown)}");
        if (roundTrip < 1) Assert.Equal(world.Account, world.Card.Balance);
        return $"{result} | account {world.Account}";
    }

    /// <summary>A choice that depends on the labels only.</summary>
    private static string Pick(int seed, IReadOnlyList<string> items) => items.MinBy(item => Weight(item, seed))!;

    private static int Weight(string item, int seed) => item.Aggregate(seed, (sum, c) => unchecked(sum * 31 + c));

    private static string Typed(World world, string text) => text switch
    {
        _ when text.Contains("PIN", StringComparison.Ordinal) && !text.Contains("No PIN here", StringComparison.Ordinal) => world.Card.Pin,
        _ when text.StartsWith("Pay", StringComparison.Ordinal) => "yes",
        _ when text.Contains("Amount x", StringComparison.Ordinal) => "325",
        _ when text.Contains("How much", StringComparison.Ordinal) => "7.50",
        _ => "Some words",
    };

    private static Dialogue<string> Any(Random random, int depth) => random.Next(depth > 0 ? 11 : 6) switch
    {
        0 => Dialogue.Show(View.Titled($"Title {random.Next(99)}").Text(Words(random, random.Next(1, 60)))).Select(_ => "shown"),
        1 => Dialogue.Ask(View.Titled($"Words {random.Next(99)}?")).Select(text => $"[{text}]"),
        2 => Dialogue.AskAmount(View.Titled("How much?"), Amount.Of(1), Amount.Of(10)).Select(amount => $"({amount})"),
        3 => Dialogue.PayUpTo(Amount.Of(20), $"stall {random.Next(9)}").Select(receipt => $"typed {receipt.Amount}"),
        4 or 5 => Pay(random),
        6 or 7 => Any(random, depth - 1).Then(Any(random, depth - 1), (first, second) => $"{first} {second}"),
        10 => Dialogue.Identify($"reason {random.Next(9)}").Select(_ => "identified"),
        8 => Choose(random, item => Pay(new Random(item))),
        _ => Choose(random, item => Any(new Random(item), depth - 1)),
    };

    private static Dialogue<string> Pay(Random random) => Dialogue
        .Pay(Amount.Of(random.Next(1, 900) / 100m), $"item {random.Next(99)}", withoutPin: random.Next(3) == 0)
        .ThenPrintReceipt().ThenShow("Thank you.").Select(receipt => $"paid {receipt.Amount} for {receipt.Item}");

    private static Dialogue<string> Choose(Random random, Func<int, Dialogue<string>> next)
    {
        var items = Enumerable.Range(0, random.Next(1, 7)).Select(_ => random.Next(10_000)).Distinct().ToArray();
        return Dialogue.Choose(View.Titled("Choose").Text(Words(random, random.Next(3))), items, item => $"i{item}", next)
            .Select(chosen => $"i{chosen.Item}: {chosen.Result}");
    }

    private static string Words(Random random, int count) =>
        string.Join(' ', Enumerable.Range(0, count).Select(_ => new string('w', random.Next(1, 9))));
}
