using System.IO.Pipelines;

namespace Tessera.Smpp.Centre;

/// <summary>
/// A short message service centre: takes messages from ESMEs and phones, keeps them until they are delivered or expire,
/// and tells their senders.
/// </summary>
public sealed class ShortMessageCentre : IAsyncDisposable
{
    /// <summary>How often old ends are forgotten.</summary>
    private static readonly TimeSpan Forgetting = TimeSpan.FromHours(1);

    private readonly CentreOptions _options;
    private readonly IMessageStore _store;
    private readonly EventStream _events = new();
    private readonly MessageRegister _register;
    private readonly AirInterface _air;
    private readonly EsmeDesk _desk;
    private readonly Dictionary<Msisdn, PhoneRecipient> _phones = [];
    private Task _forgetting = Task.CompletedTask;

    private ShortMessageCentre(CentreOptions options, IMessageStore store, TimeProvider time, long lastId)
    {
        (_options, _store) = (options, store);
        var plan = new NumberPlan(options);
        _register = new MessageRegister(options, store, time, _events, lastId);
        _air = new AirInterface(options, plan, _register, _events);
        _desk = new EsmeDesk(options, plan, _register, _events);
        foreach (var account in options.Esmes)
        {
            var esme = new EsmeRecipient(account, _register);
            _register.Add(esme);
            _desk.Add(esme);
        }

        foreach (var subscriber in options.Subscribers)
        {
            var phone = new PhoneRecipient(subscriber, _register, options);
            _register.Add(phone);
            _air.Add(phone);
            _phones.Add(subscriber.Number, phone);
        }
    }

    /// <summary>Completes only with an error: the store failed and the centre takes no more messages.</summary>
    public Task Failed => _register.Failed;

    /// <summary>Messages that wait.</summary>
    public int Held => _register.Count;

    /// <summary>Starts with what the store holds.</summary>
    /// <param name="store">Its owner's; nobody else may use it meanwhile.</param>
    /// <exception cref="ArgumentException">Two own the same address, number or SIM.</exception>
    public static async Task<ShortMessageCentre> StartAsync(
        CentreOptions options, IMessageStore store, TimeProvider? time = null, CancellationToken cancel = default)
    {
        var held = await store.LoadAsync(cancel);
        var centre = new ShortMessageCentre(options, store, time ?? TimeProvider.System, held.LastId);
        foreach (var message in held.Messages) await centre._register.RestoreAsync(message);
        foreach (var recipient in centre._register.Recipients) recipient.Start();
        centre._forgetting = centre.ForgetAsync();
        return centre;
    }

    /// <summary>Watches what happens from now on.</summary>
    /// <param name="contents">Whether events show what messages hold.</param>
    public CentreWatch Watch(bool contents = false) => new(_events, contents);

    /// <summary>Whether the phone of that number is attached.</summary>
    public bool IsAttached(Msisdn number) => _phones.TryGetValue(number, out var phone) && phone.IsAttached;

    /// <summary>How ESMEs are served: for an <see cref="SmppListener"/>.</summary>
    public SmppServerOptions Esmes => _desk.Options;

    /// <summary>Serves one connection of a phone to its end (docs/protocols/air.md).</summary>
    public Task ServePhoneAsync(IDuplexPipe pipe, CancellationToken cancel) => _air.ServeAsync(pipe, cancel);

    /// <summary>
    /// Stops offering messages; those in flight stay in the store. Connections end by their own token.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _register.CloseAsync();
        await _forgetting;
        _events.End();
        _register.Dispose();
    }

    private async Task ForgetAsync()
    {
        var (time, closed) = (_register.Time, _register.Closed);
        try
        {
            while (true)
            {
                await Task.Delay(Forgetting, time, closed);
                await _store.ForgetAsync(time.GetUtcNow() - _options.Remember, closed);
            }
        }
        catch (OperationCanceledException) when (closed.IsCancellationRequested)
        {
            // The centre stops.
        }
        catch (Exception e)
        {
            _register.Fail(e);
        }
    }
}
