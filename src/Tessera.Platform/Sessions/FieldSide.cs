using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.Platform.Changes;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>
/// The fields of the card of a session: what is known of them, what waits for them, what the card proves.
/// </summary>
/// <param name="fields">Null on a server whose applications keep nothing on cards.</param>
internal sealed class FieldSide(
    Journal journal, CardFields? fields, CardSide card, IHolderStore holders, SessionReference session)
{
    private readonly Dictionary<byte, ushort> _proven = [];

    public IReadOnlyList<FieldState> States { get; private set; } = [];

    private HolderId Holder => card.Registration.Holder;

    public CardField Of(FieldState state) => fields!.All.First(field => field.Id == state.Field);

    public bool Carries(CardField field) => fields is not null && card.Registration.Carries(field.Application);

    /// <summary>Something waits for the card in that field.</summary>
    public bool Awaits(CardField field) => States.Any(state => state.Field == field.Id && state.Waiting.Count > 0);

    /// <summary>Finds out, on record, how everything stands.</summary>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        if (fields?.On(card.Registration).Any() != true) return;
        States = await journal.EffectAsync<IReadOnlyList<FieldState>>("fields", async (_, token) =>
        {
            List<FieldState> states = [];
            foreach (var field in fields.On(card.Registration)) states.Add(await FindAsync(field, token));
            return states;
        }, cancel);
    }

    /// <summary>Fields whose content on the card is not known for certain.</summary>
    /// <param name="isCostly">Only where something waits for the answer.</param>
    public IEnumerable<FieldOrder> Reads(bool isCostly) => States
        .Where(state => state.Copy is null && isCostly
            ? Version(state) > 0 && state.Waiting.Any(one => IsBrought(one, isCostly))
            : state.Copy is null || IsUncertain(state))
        .Select(state => new FieldOrder(Of(state), null, null));

    /// <summary>What has to be read before a dialogue can write: a change replaces what is known.</summary>
    public IEnumerable<FieldOrder> ReadsBefore(Node dialogue) => Kept(dialogue).Select(order => order.Field).Distinct()
        .Where(field => States.Any(state => state.Field == field.Id &&
            (state.Copy is null ? Version(state) > 0 : IsUncertain(state))))
        .Select(field => new FieldOrder(field, null, null));

    /// <summary>Deliveries of one policy that wait for the card and are not there already.</summary>
    public IEnumerable<(FieldState State, Origin Origin)> Waiting(DeliveryPolicy policy) =>
        Waiting().Where(one => one.Origin.Change.Policy == policy);

    /// <summary>
    /// Deliveries that nobody is asked about: what must be, and on a road that costs what the holder chose before.
    /// </summary>
    public IEnumerable<(FieldState State, Origin Origin)> Brought(bool isCostly) =>
        Waiting().Where(one => IsBrought(one.Origin, isCostly));

    public FieldOrder Delivery(FieldState state, Origin origin) => new(Of(state), origin.Change.New, origin.Change.Id);

    /// <summary>Takes note of what waits for the card and is there already.</summary>
    public async Task AgreeAsync(CancellationToken cancel)
    {
        foreach (var (state, origin) in States.SelectMany(state => state.Waiting.Select(origin => (state, origin)))
            .Where(pair => Agrees(pair.state, pair.origin)).ToList())
        {
            await journal.EffectAsync("agrees", (_, token) =>
                fields!.Log.AgreesAsync(Of(state).Of(Holder), origin.Change.Id, card.Card, token), cancel);
        }
    }

    public Task<bool> DeclineAsync(Change change, CancellationToken cancel) => journal.EffectAsync(
        "decline", (_, token) => fields!.Log.DeclineAsync(change.Id, card.Card, token), cancel);

    public Task<bool> ChooseAsync(Change change, CancellationToken cancel) =>
        journal.EffectAsync("choose", (_, token) => fields!.Log.ChooseAsync(change.Id, token), cancel);

    /// <summary>What the card is known to have; empty where nothing is known.</summary>
    public Task<Bytes> ContentAsync(CardField field, CancellationToken cancel) => journal.EffectAsync(
        $"content {field.Name}",
        async (_, token) => Carries(field)
            ? (await fields!.Log.FindAsync(field.Of(Holder), token)).CopyOf(card.Card)?.Content ?? Bytes.Empty
            : Bytes.Empty,
        cancel);

    /// <summary>Versions, codes and nonces for orders, on record before anything is sent.</summary>
    /// <returns>Null where one of them is no more to be carried out.</returns>
    public async Task<Dictionary<FieldOrder, IssuedOrder>?> IssueAsync(
        IReadOnlyList<FieldOrder> orders, CancellationToken cancel)
    {
        Dictionary<FieldOrder, IssuedOrder> issued = [];
        if (orders.Count == 0) return issued;
        if (fields is null) return null;

        var issues = await journal.EffectAsync<IReadOnlyList<Issue>>("issue", async (_, token) =>
        {
            List<Issue> taken = [];
            foreach (var order in orders)
            {
                var nonce = new Bytes(RandomNumberGenerator.GetBytes(StoreMac.NonceLength));
                taken.Add(new Issue(await VersionAsync(order, token), nonce));
            }

            return taken;
        }, cancel);
        foreach (var (order, (version, nonce)) in orders.Zip(issues))
        {
            var coded = order.Value is { } content && version is { } number
                ? fields.Keys.Write(card.Registration, order.Field, number, content)
                : (Bytes.Empty, Bytes.Empty);
            if (version is null || coded is not (var mac, var octets)) return null;
            issued[order] = new IssuedOrder(version.Value, mac, octets, nonce);
        }

        return issued;
    }

    /// <summary>Takes what the card proved.</summary>
    /// <returns>Whether it has what it was to have.</returns>
    public async Task<bool> TakeAsync(FieldOrder order, Bytes nonce, ResponseApdu answer, CancellationToken cancel)
    {
        var field = order.Field;
        if (fields!.Keys.Open(card.Registration, field.Read(nonce), answer) is not { } read) return false;
        var isTrue = await journal.EffectAsync("field", (_, token) => fields.Log.ProvenAsync(
            field.Of(Holder), card.Card, read.Version, read.Content, PolicyOf(field), session, token), cancel);
        if (isTrue) _proven[field.Id] = read.Version;
        return isTrue && (order.Value is null || order.Value == read.Content);
    }

    /// <summary>What the card is certain to have in a field; null where it has to be read.</summary>
    public FieldCopy? Certain(CardField field) =>
        States.FirstOrDefault(state => state.Field == field.Id) switch
        {
            { Copy: null } state when Version(state) == 0 => new FieldCopy(card.Card, 0, Bytes.Empty, 0, IsOpen: false),
            { Copy: { } copy } state when !IsUncertain(state) => copy,
            _ => null,
        };

    /// <summary>A script may write goods there: what the card has is not certain until it is proven.</summary>
    public Task<bool> IssueAsync(IReadOnlyList<CardField> places, CancellationToken cancel) => places.Count == 0
        ? Task.FromResult(true)
        : journal.EffectAsync("issue goods", async (_, token) =>
        {
            foreach (var place in places) await fields!.Log.IssueAsync(place.Of(Holder), card.Card, null, session, token);
            return true;
        }, cancel);

    /// <summary>The card's receipt for a movement proved what came with it.</summary>
    public async Task SoldAsync(Article article, CancellationToken cancel)
    {
        var (place, version, content) = article;
        await journal.EffectAsync("sold", (_, token) => fields!.Log.ProvenAsync(
            place.Of(Holder), card.Card, version, content, null, session, token), cancel);
        _proven[place.Id] = version;
    }

    /// <summary>An object stays on its card: it is no change that others are to get.</summary>
    private static DeliveryPolicy? PolicyOf(CardField field) => field.IsObject ? null : field.Policy;

    private IEnumerable<(FieldState State, Origin Origin)> Waiting() =>
        from state in States
        where state.Waiting.Count > 0
        let origin = state.Waiting[^1]
        where !Agrees(state, origin)
        select (state, origin);

    private async Task<FieldState> FindAsync(CardField field, CancellationToken cancel)
    {
        var key = field.Of(Holder);
        await fields!.Log.WelcomeAsync(key, card.Card, cancel);
        var log = await fields.Log.FindAsync(key, cancel);
        var waiting = log.UnderWay.Where(one => one.Delivery.Card == card.Card && one.Delivery.State == DeliveryState.Pending);
        var choices = log.UnderWay.Where(one => one.Delivery.State == DeliveryState.Conflict)
            .DistinctBy(one => one.Change.New);
        return new FieldState(
            field.Id, log.CopyOf(card.Card), await OriginsAsync(waiting, cancel), await OriginsAsync(choices, cancel));
    }

    private async Task<IReadOnlyList<Origin>> OriginsAsync(IEnumerable<UnderWay> changes, CancellationToken cancel)
    {
        List<Origin> origins = [];
        foreach (var (change, _) in changes)
        {
            var from = change.Card is { } other ? await holders.FindCardAsync(other, cancel) : null;
            origins.Add(new Origin(change, from?.Kind, await fields!.Log.IsChosenAsync(change.Id, cancel)));
        }

        return origins;
    }

    private Task<ushort?> VersionAsync(FieldOrder order, CancellationToken cancel) => order.Value is null
        ? Task.FromResult<ushort?>(0)
        : fields!.Log.IssueAsync(order.Field.Of(Holder), card.Card, order.Delivery, session, cancel);

    /// <summary>As the card says, not proven: a reason to read, no more.</summary>
    private ushort Version(FieldState state) => _proven.TryGetValue(state.Field, out var proven)
        ? proven
        : card.Fields.FirstOrDefault(one => one.Field == state.Field).Version;

    private bool IsUncertain(FieldState state) => state.Copy!.IsOpen || state.Copy.Version != Version(state);

    private static bool IsBrought(Origin origin, bool isCostly) =>
        origin.Change.Policy == DeliveryPolicy.Mandatory || (isCostly && origin.IsChosen);

    private static bool Agrees(FieldState state, Origin origin) =>
        state.Copy is { IsOpen: false } copy && copy.Content == origin.Change.New;

    private static IEnumerable<FieldOrder> Kept(Node node) => node switch
    {
        Map map => Kept(map.Inner),
        Both both => Kept(both.First).Concat(Kept(both.Second)),
        Choice choice => choice.Options.SelectMany(option => Kept(option.Then)),
        KeepLeaf keep => [keep.Order],
        _ => [],
    };

    /// <summary>What one order was given.</summary>
    private sealed record Issue(ushort? Version, Bytes Nonce);
}
