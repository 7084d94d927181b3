using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary>The lab's world in one process, its server in another.</summary>
public sealed class LabRunTests : IDisposable
{
    private readonly TempFolder _server = new();
    private readonly TempFolder _lab = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _server.Dispose();
        _lab.Dispose();
    }

    [Fact]
    public async Task Cards_move_between_terminals_and_the_server_sees_them()
    {
        await using var server = await ServerProcess.StartAsync(_server.Path, Cancel);
        using var http = new HttpClient { BaseAddress = server.Address };
        await using var lab = Run(server);
        var pc = TitleOf("pc", await lab.LineAsync(Cancel));
        var text = TitleOf("text", await lab.LineAsync(Cancel));
        var card = (await HoldersCardAsync(lab)).Split(':')[0];

        await lab.TypeAsync("insert card text", Cancel);
        Assert.Equal($"{card}: in text", await HoldersCardAsync(lab));
        await CardSeenAsync(http, text);

        await lab.TypeAsync("insert card pc", Cancel);
        Assert.Equal($"{card}: in pc", await HoldersCardAsync(lab));
        await CardSeenAsync(http, pc);

        await lab.TypeAsync("dance", Cancel);
        await lab.TypeAsync("insert purse pc", Cancel);
        await lab.TypeAsync("pull card", Cancel);
        Assert.Equal($"{card}: on the shelf", await HoldersCardAsync(lab));
        await lab.TypeAsync("cut card 3", Cancel);
        await lab.TypeAsync("pull card", Cancel);
        Assert.Equal($"{card}: on the shelf", await HoldersCardAsync(lab));

        var run = await lab.SignalAsync("INT", Cancel);
        Assert.Equal(0, run.ExitCode);
        var complaints = run.Error.TrimEnd('\n').Split('\n');
        Assert.Equal(3, complaints.Length);
        Assert.Equal(
            "tessera: The hand of the lab knows insert CARD TERMINAL, pull CARD or cut CARD WRITES.", complaints[0]);
        Assert.StartsWith("tessera: There is no card 'purse'.", complaints[1], StringComparison.Ordinal);
        Assert.Equal("tessera: The card 'card' is in no terminal.", complaints[2]);
    }

    [Fact]
    public async Task The_world_is_put_up_as_it_was_left()
    {
        await using var server = await ServerProcess.StartAsync(_server.Path, Cancel);
        List<string> first, second;
        await using (var lab = Run(server)) first = await StartedAsync(lab);
        await using (var lab = Run(server)) second = await StartedAsync(lab);

        Assert.EndsWith(": on the shelf", first[2], StringComparison.Ordinal);
        Assert.Equal(first[2], second[2]);
    }

    /// <summary>From <c>Terminal pc, Its title: http://127.0.0.1:4711/</c>.</summary>
    private static string TitleOf(string name, string line)
    {
        var (start, end) = ($"Terminal {name}, ", line.IndexOf(": http://127.0.0.1:", StringComparison.Ordinal));
        Assert.StartsWith(start, line, StringComparison.Ordinal);
        Assert.True(end > start.Length, line);
        return line[start.Length..end];
    }

    private static async Task<List<string>> StartedAsync(ToolProcess lab)
    {
        List<string> lines = [await lab.LineAsync(Cancel), await lab.LineAsync(Cancel), await HoldersCardAsync(lab)];
        Assert.Equal(0, (await lab.SignalAsync("TERM", Cancel)).ExitCode);
        return lines;
    }

    /// <summary>Where the lab says the holder's ISO card is, and the other cards behind it.</summary>
    private static async Task<string> HoldersCardAsync(ToolProcess lab)
    {
        var card = await lab.LineAsync(Cancel);
        Assert.StartsWith("Card sim, ", await lab.LineAsync(Cancel), StringComparison.Ordinal);
        Assert.StartsWith("Card clone, ", await lab.LineAsync(Cancel), StringComparison.Ordinal);
        return card;
    }

    private ToolProcess Run(ServerProcess server) =>
        ToolProcess.Start(["lab", "run", "--server", server.Address.ToString(), "--dir", _lab.Path]);

    /// <summary>Asks the server until a terminal of that name has a card.</summary>
    private static async Task CardSeenAsync(HttpClient server, string terminal)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!HasCard(JsonElement.Parse(await server.GetStringAsync("/api/terminals", limit.Token)), terminal))
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    private static bool HasCard(JsonElement terminals, string name) => terminals.EnumerateArray().Any(terminal =>
        terminal.GetProperty("name").ValueEquals(name) && terminal.GetProperty("card").GetBoolean());
}
