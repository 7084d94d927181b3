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

    private readonly Stack<IAsyncDisposable> _parts = new();
    private ShortMessageCentre _centre = null!;

    private LocalCentre(string password) => Password = password;

    /// <summary>Where phones attach.</summary>
    public IPEndPoint Air { get; private set; } = null!;

    /// <summary>Where ESMEs bind.</summary>
    public IPEndPoint Smpp { get; private set; } = null!;

    /// <summary>Of the gateway.</summary>
    public string Password { get; }

    /// <summary>Completes only with an error: the store failed and no more messages are taken.</summary>
    public Task Failed => _centre.Failed;

    /// <exception cref="System.Net.Sockets.SocketException">One of its ports is taken; nothing of it runs.</exception>
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
        var local = new LocalCentre(password);
        try
        {
            var store = local.Keep(new SqliteMessageStore(database));
            local._centre = local.Keep(await ShortMessageCentre.StartAsync(options, store, time, cancel));
            local.Listen(new IPEndPoint(IPAddress.Loopback, airPort), new IPEndPoint(IPAddress.Loopback, smppPort));
            return local;
        }
        catch
        {
            await local.DisposeAsync();
            throw;
        }
    }

    public CentreWatch Watch() => _centre.Watch(contents: true);

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part)) await part.DisposeAsync();
    }

    private void Listen(IPEndPoint air, IPEndPoint smpp)
    {
        Air = Keep(CentreListener.Start(air, _centre.ServePhoneAsync)).Address;
        Smpp = Keep(SmppListener.Listen(smpp, _centre.Esmes)).EndPoint;
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }
}
