using System.Threading.Channels;
using Tessera.Cards;
using Tessera.Toolkit.Scripts;

namespace Tessera.Gateway;

/// <summary>
/// The server side of the short message road (docs/protocols/sms.md): bound to an SMSC, it hands out a link for every
/// session that a card opens, and again after a restart for every session that is still open.
/// </summary>
public sealed class SmsGateway : IAsyncDisposable
{
    /// <summary>The name under which it measures itself.</summary>
    public const string MeterName = "Tessera.Gateway";

    private readonly CancellationTokenSource _stopping = new();
    private readonly GatewaySite _site;
    private readonly LinkTable _links;
    private readonly TextSender _texts;
    private readonly Reception _reception;
    private int _disposed;

    private SmsGateway(SmsGatewayOptions options, IGatewayStore store, TimeProvider time)
    {
        var road = new SmscRoad(options, time);
        _site = new GatewaySite(
            options, store, road, new GatewayMeter(() => _links?.Count ?? 0, () => road.IsBound), time);
        _links = new LinkTable(_site, _stopping.Token);
        _texts = new TextSender(_site);
        _reception = new Reception(_site, _links, _texts);
    }

    /// <summary>
    /// Every session that a card opens, once in the life of this object; completed when it is disposed.
    /// </summary>
    public ChannelReader<SmsLink> Links => _links.HandedOut;

    /// <summary>
    /// Answers that came when their session was over, or that nobody had taken by then, the oldest first: each at least
    /// once, and again at the next tidying or start until it is settled. For one reader; ends when the gateway does.
    /// </summary>
    public IAsyncEnumerable<LateAnswer> LateAsync(CancellationToken cancel) => _site.Late.ReadAsync(cancel);

    /// <summary>What a late answer proves is on record: it is not offered again.</summary>
    public Task SettledAsync(LateAnswer late, CancellationToken cancel) =>
        _site.Store.LateTakenAsync(late.Id, late.Number, cancel);

    /// <summary>Bound to the SMSC at the moment.</summary>
    public bool IsBound => _site.Road.IsBound;

    /// <summary>
    /// Completes when the gateway is disposed; fails where it cannot go on, because its store failed.
    /// </summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Takes up what is on record, and connects to the SMSC for ever.</summary>
    public static async Task<SmsGateway> StartAsync(
        SmsGatewayOptions options, IGatewayStore store, TimeProvider? time, CancellationToken cancel)
    {
        var gateway = new SmsGateway(options, store, time ?? TimeProvider.System);
        try
        {
            await gateway._links.ResumeAsync(cancel);
            await gateway._reception.ResumeAsync(cancel);
            gateway.Completion = Task.WhenAll(
                gateway.LoopAsync(gateway.ConnectAsync),
                gateway.LoopAsync(gateway.TidyAsync));
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a text for people, in one message.</summary>
    /// <param name="number">In international form, digits only.</param>
    /// <param name="text">1 to 160 characters of the GSM alphabet; it may be a secret, and is told to nobody.</param>
    /// <param name="validity">How long it is of use: it is tried as long as that, and no longer on its way then.</param>
    /// <returns>When the phone has it, or it will not arrive any more.</returns>
    /// <exception cref="ArgumentException">One message cannot carry it.</exception>
    /// <exception cref="InvalidOperationException">Too many are under way.</exception>
    public Task<TextFate> SendTextAsync(string number, string text, TimeSpan validity, CancellationToken cancel) =>
        _texts.SendTextAsync(number, text, validity, cancel);

    /// <summary>Sends the login of a caller to the card itself, which opens a session with it at once.</summary>
    /// <param name="validity">What is left of its life.</param>
    /// <returns>
    /// When the card has it, or it will not arrive any more; it fails at once where a session of the card is open.
    /// </returns>
    /// <exception cref="ArgumentException">The card is not known.</exception>
    /// <exception cref="InvalidOperationException">Too many are under way.</exception>
    public async Task<TextFate> SendLoginAsync(
        CardId card, LoginPair login, TimeSpan validity, CancellationToken cancel)
    {
        var subscriber = await _site.Store.FindAsync(card, cancel)
            ?? throw new ArgumentException($"Card {card} is not known.", nameof(card));
        return _links.At(card) is null
            ? await _texts.SendLoginAsync(subscriber, login, validity, cancel)
            : TextFate.Failed;
    }

    /// <summary>Unbinds and ends all links; no session ends by it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _stopping.CancelAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _reception.DisposeAsync();
        await _links.StopAsync();
        _site.Late.End();
        _site.Meter.Dispose();
        _stopping.Dispose();
    }

    private Task ConnectAsync(CancellationToken stop) =>
        _site.Road.RunAsync(_reception.TakeAsync, _site.Tell, stop);

    /// <summary>One loop that fails ends the others.</summary>
    private async Task LoopAsync(Func<CancellationToken, Task> loop)
    {
        try
        {
            await loop(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }
        catch
        {
            await _stopping.CancelAsync();
            throw;
        }
    }

    private async Task TidyAsync(CancellationToken stop)
    {
        while (true)
        {
            await _reception.TidyAsync(stop);
            await _links.TidyAsync();
            _site.Late.Offer();
            var now = _site.Time.GetUtcNow();
            await _site.Store.PruneAsync(now - _site.Options.Retention, now - _site.Options.PartLife, stop);
            await Task.Delay(_site.Options.Tidying, _site.Time, stop);
        }
    }
}
