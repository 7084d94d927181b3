using System.Net;
using System.Security.Cryptography;
using Tessera.Smpp;
using Tessera.Smpp.Centre;
using Tessera.Storage;
using Tessera.Storage.Smsc;
using Tessera.VirtualCard.Sim;

namespace Tessera.Server.ShortMessages;

/// <summary>
/// The SMSC inside the server: its messages are in the server's database, its ports on 127.0.0.1, its only ESME is the
/// gateway and its only subscriber the lab's phone.
/// </summary>
/// <remarks>
/// The gateway's password is made at each start, because both ends of it live in one process: there is none at rest.
/// </remarks>
internal sealed class LocalCentre : IAsyncDisposable
{
    public const string SystemId = "gateway";

    private const int PasswordLength = 8;
    private const string PasswordCharacters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    private readonly SqliteMessageStore _store;
    private readonly ShortMessageCentre _centre;
    private readonly CentreListener _air;
    private readonly SmppListener _smpp;

    private LocalCentre(SqliteMessageStore store, ShortMessageCentre centre, int airPort, int smppPort, string password)
    {
        (_store, _centre, Password) = (store, centre, password);
        _air = CentreListener.Start(new IPEndPoint(IPAddress.Loopback, airPort), centre.ServePhoneAsync);
        _smpp = SmppListener.Listen(new IPEndPoint(IPAddress.Loopback, smppPort), centre.Esmes);
    }

    /// <summary>Where phones attach.</summary>
    public IPEndPoint Air => _air.Address;

    /// <summary>Where ESMEs bind.</summary>
    public IPEndPoint Smpp => _smpp.EndPoint;

    /// <summary>Of the gateway.</summary>
    public string Password { get; }

    /// <summary>Completes only with an error: the store failed and no more messages are taken.</summary>
    public Task Failed => _centre.Failed;

    public static async Task<LocalCentre> StartAsync(
        Database database, string serviceNumber, int airPort, int smppPort, TimeProvider time, CancellationToken cancel)
    {
        var password = RandomNumberGenerator.GetString(PasswordCharacters, PasswordLength);
        var phone = SimSubscription.Demonstration;
        var options = new CentreOptions
        {
            Number = Msisdn.Parse(phone.ServiceCentre),
            Subscribers = [new Smpp.Centre.Subscriber(Imsi.Parse(phone.Imsi), Msisdn.Parse(phone.Msisdn))],
            Esmes = [new EsmeAccount { SystemId = SystemId, Password = password, Addresses = [serviceNumber] }],
        };
        var store = new SqliteMessageStore(database);
        var centre = await ShortMessageCentre.StartAsync(options, store, time, cancel);
        return new LocalCentre(store, centre, airPort, smppPort, password);
    }

    public CentreWatch Watch() => _centre.Watch(contents: true);

    public async ValueTask DisposeAsync()
    {
        await _smpp.DisposeAsync();
        await _air.DisposeAsync();
        await _centre.DisposeAsync();
        await _store.DisposeAsync();
    }
}
