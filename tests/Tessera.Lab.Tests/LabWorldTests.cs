using System.Collections.Concurrent;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Terminal.Tests.Agents;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Testing;
using Tessera.Toolkit;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard;
using Tessera.Wire;
using Xunit;

namespace Tessera.Lab.Tests;

public sealed class LabWorldTests : IAsyncLifetime
{
    private const string Card = LabWorld.HoldersCard;
    private const string Pc = LabWorld.Pc;
    private const string Text = LabWorld.TextTerminal;

    private readonly TempFolder _folder = new();
    private readonly LinkServer _server = new();
    private readonly ConcurrentQueue<(PeerIdentity Terminal, string Name)> _enrolled = new();
    private readonly ConcurrentQueue<CardOrder> _registered = new();
    private LabWorld _world = null!;
    private bool _refusesToRegister;
    private Till _till = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await StartAsync();
        _till = new Till(_server.Pin.Id, _registered.First().Card);
    }

    public async ValueTask DisposeAsync()
    {
        _till.Dispose();
        await _world.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_new_world_has_two_terminals_connected_and_the_cards_of_one_holder_on_the_table()
    {
        var terminals = new Dictionary<Bytes, TerminalStatus>();
        while (terminals.Count < 2)
        {
            var status = await _server.StatusAsync(known => known.Connected, Cancel);
            terminals[status.Terminal] = status;
        }

        Assert.Equal(
            [("PC card reader", TerminalProfile.Rich), ("Text terminal", TerminalProfile.TextOnly)],
            _enrolled.Select(each => terminals[each.Terminal.Id]).Select(status => (status.Name, status.Profile)));
        Assert.Equal([(Pc, null), (Text, null)], Places());
        var first = _registered.First().Card;
        Assert.All(_registered, order => Assert.Equal(first, order.First));
        Assert.Equal([CardMake.Iso, CardMake.Sim, CardMake.StoreOnly], _registered.Select(order => order.Make));
        Assert.Equal(
            _registered.Distinct().Select(order => order.Card), _world.State.Cards.Select(card => CardId.Parse(card.Id)));
        Assert.Equal(new CardState(Card, "The holder's card", first.ToString(), null), _world.State.Cards[0]);
    }

    [Fact]
    public async Task A_card_put_into_a_terminal_is_paid_with_there()
    {
        var link = await InsertAsync(Pc);
        Assert.Equal([(Pc, Card), (Text, null)], Places());
        await LoadAsync(link);
        _till.TakeState(await link.SendAsync(3, Till.Opening(link.Session, 3), Cancel));
        var script = _till.Purchase(link.Session, 4);

        var paying = link.SendAsync(4, script, Cancel);
        using var page = await PageAsync(Pc);
        await page.ChooseAsync(0, Cancel);
        await page.EnterAsync("secret", DemonstrationKeys.Pin, Cancel);

        Assert.Equal(320u, _till.Paid(script, await paying)?.Amount);
    }

    [Fact]
    public async Task A_card_moved_to_another_terminal_ends_its_session_and_opens_one_there()
    {
        var before = await InsertAsync(Pc);

        var after = await InsertAsync(Text);

        Assert.NotEqual(before.Terminal, after.Terminal);
        await EndedAsync(before);
        Assert.Equal([(Pc, null), (Text, Card)], Places());
        Assert.Equal(new PurseBalance(0, 0), await BalanceAsync(after));
    }

    [Fact]
    public async Task A_card_pulled_while_the_PIN_is_asked_lies_on_the_table_and_the_terminal_waits_for_the_next()
    {
        var link = await InsertAsync(Pc);
        await LoadAsync(link);
        _till.TakeState(await link.SendAsync(3, Till.Opening(link.Session, 3), Cancel));
        _ = link.SendAsync(4, _till.Purchase(link.Session, 4), Cancel);
        using var page = await PageAsync(Pc);
        await page.ChooseAsync(0, Cancel);
        await page.SeeAsync("secret", Cancel);

        await _world.PullAsync(Card, Cancel);

        await page.SeeAsync(screen => screen is { Kind: "idle", HasCard: false }, Cancel);
        await EndedAsync(link);
        Assert.Equal([(Pc, null), (Text, null)], Places());
        Assert.Equal(new PurseBalance(5000, 1), await BalanceAsync(await InsertAsync(Pc)));
    }

    [Fact]
    public async Task Power_cut_at_any_write_of_a_movement_leaves_it_done_or_undone_and_the_card_alive()
    {
        var (balance, cuts) = (new PurseBalance(0, 0), 0);
        for (var done = false; !done; cuts++)
        {
            var link = await InsertAsync(Pc);
            Assert.Equal(balance, await BalanceAsync(link, 1));
            await _world.CutPowerAsync(Card, cuts, Cancel);
            done = await IsLoadedAsync(link, 2);

            await InsertAsync(Text);
            var after = await BalanceAsync(await InsertAsync(Pc));
            Assert.Contains(after, new[] { balance, new PurseBalance(balance.Balance + 5000, balance.Number + 1) });
            Assert.True(!done || after.Number == balance.Number + 1);
            balance = after;
            await _world.PullAsync(Card, Cancel);
        }

        Assert.True(cuts > 2, "The power was never cut.");
    }

    [Fact]
    public async Task A_card_without_power_lies_on_the_table_and_cannot_lose_it_again()
    {
        var link = await InsertAsync(Pc);
        await _world.CutPowerAsync(Card, 0, Cancel);

        Assert.False(await IsLoadedAsync(link, 1));
        await EndedAsync(link);

        Assert.Equal([(Pc, null), (Text, null)], Places());
        await Assert.ThrowsAsync<InvalidOperationException>(() => _world.CutPowerAsync(Card, 0, Cancel));
    }

    [Fact]
    public async Task A_world_that_starts_again_has_the_same_card_with_its_money_and_the_same_terminals()
    {
        var before = await InsertAsync(Pc);
        await LoadAsync(before);

        await _world.DisposeAsync();
        _world = await StartAsync();
        Assert.Equal([(Pc, null), (Text, null)], Places());
        var after = await InsertAsync(Pc);

        Assert.Equal((before.Terminal, before.Session + 1), (after.Terminal, after.Session));
        Assert.Equal(new PurseBalance(5000, 1), await BalanceAsync(after));
        Assert.Equal(
            _registered.Distinct().Select(order => order.Card), _world.State.Cards.Select(card => CardId.Parse(card.Id)));
        Assert.Equal(2, _enrolled.Distinct().Count());
    }

    [Fact]
    public async Task A_world_that_had_one_card_gains_the_others_and_a_card_is_the_same_until_it_is_registered()
    {
        await _world.DisposeAsync();
        File.Delete(Path.Combine(_folder.File("lab"), "clone.img"));
        _registered.Clear();
        _refusesToRegister = true;
        await Assert.ThrowsAsync<IOException>(StartAsync);
        _refusesToRegister = false;

        _world = await StartAsync();

        var order = Assert.Single(_registered.Distinct(), order => order.Make == CardMake.StoreOnly);
        Assert.Equal(
            (CardMake.StoreOnly, _world.State.Cards[0].Id, _world.State.Cards[2].Id),
            (order.Make, order.First.ToString(), order.Card.ToString()));
    }

    [Fact]
    public async Task What_is_not_there_is_named_and_nothing_moves()
    {
        await InsertAsync(Pc);

        var terminal = await Assert.ThrowsAsync<ArgumentException>(() => _world.InsertAsync(Card, "moon", Cancel));
        var card = await Assert.ThrowsAsync<ArgumentException>(() => _world.PullAsync("ace", Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => _world.InsertAsync("ace", Text, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _world.CutPowerAsync(Card, -1, Cancel));

        Assert.Contains("'moon'", terminal.Message, StringComparison.Ordinal);
        Assert.Contains("'ace'", card.Message, StringComparison.Ordinal);
        Assert.Equal([(Pc, Card), (Text, null)], Places());
    }

    [Fact]
    public async Task Hands_that_all_grab_the_card_at_once_leave_it_in_one_place()
    {
        var hands = Enumerable.Range(0, 20).Select(hand => (hand % 3) switch
        {
            0 => _world.InsertAsync(Card, Pc, Cancel),
            1 => _world.InsertAsync(Card, Text, Cancel),
            _ => _world.PullAsync(Card, Cancel),
        });
        await Task.WhenAll(hands);
        await _world.PullAsync(Card, Cancel);
        while (_server.Listener.Links.TryRead(out _)) { }

        await _world.InsertAsync(Card, Pc, Cancel);

        Assert.Equal([(Pc, Card), (Text, null)], Places());
        using var page = await PageAsync(Pc);
        await page.SeeAsync(screen => screen is { HasCard: true, Connected: true }, Cancel);
        Assert.False(_world.Completion.IsCompleted);
    }

    private Task<LabWorld> StartAsync() => LabWorld.StartAsync(
        new LabOptions
        {
            Folder = _folder.File("lab"),
            Link = _server.Address,
            Pin = _server.Pin,
            Origin = "http://127.0.0.1:5080",
            Enrol = (terminal, name, _) =>
            {
                _enrolled.Enqueue((terminal, name));
                _server.Enrol(terminal, name);
                return Task.CompletedTask;
            },
            Make = DemonstrationCards.MakeAsync,
            Register = (order, _) =>
            {
                _registered.Enqueue(order);
                return _refusesToRegister ? throw new IOException("The register is out of order.") : Task.CompletedTask;
            },
        },
        Cancel);

    private IEnumerable<(string Place, string? Card)> Places() => _world.State.Places.Select(place => (place.Name, place.Card));

    private Task<TerminalPage> PageAsync(string place) =>
        TerminalPage.OpenAsync(_world.State.Places.Single(known => known.Name.Equals(place, StringComparison.Ordinal)).Page, Cancel);

    private async Task<ILink> InsertAsync(string place)
    {
        await _world.InsertAsync(Card, place, Cancel);
        return await _server.SessionAsync(Cancel);
    }

    private async Task LoadAsync(ILink link) => Assert.True(await IsLoadedAsync(link, 1));

    /// <summary>Loads 50.00 by two scripts; false where the card was lost.</summary>
    private async Task<bool> IsLoadedAsync(ILink link, byte number)
    {
        _till.TakeState(await link.SendAsync(number, Till.Opening(link.Session, number), Cancel));
        try
        {
            var answer = await link.SendAsync(++number, _till.Load(link.Session, number, 5000), Cancel);
            return answer.Read<ResponseScript>().End is null;
        }
        catch (ConnectionLostException)
        {
            return false;
        }
    }

    private static async Task<PurseBalance> BalanceAsync(ILink link, byte number = 1)
    {
        var script = new ScriptBuilder().Send(PurseCommands.Select).Send(PurseCommands.Balance);
        var answer = await link.SendAsync(number, Bytes.Of(script.Build(link.Session, number)), Cancel);
        return ((CardResult)answer.Read<ResponseScript>().Results[^1]).Answer.Data.Read<PurseBalance>();
    }

    private static async Task EndedAsync(ILink link)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registered = link.Ended.Register(ended.SetResult);
        await ended.Task.WaitAsync(Cancel);
    }
}
