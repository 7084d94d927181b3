using System.Net;
using Tessera.Smpp.Centre;

namespace Tessera.Lab.Tests.Phones;

/// <summary>The real service centre on a real port, with the two subscribers of the tests.</summary>
internal sealed class Network : IAsyncDisposable
{
    public const string Imsi = "001010000000001";
    public const string Number = "+33612345678";
    public const string OtherNumber = "+33600000002";

    private readonly ShortMessageCentre _centre;
    private readonly CentreListener _air;

    private Network(ShortMessageCentre centre, CentreListener air) => (_centre, _air) = (centre, air);

    public EndPoint Air => _air.Address;

    /// <summary>Messages that wait in the centre.</summary>
    public int Held => _centre.Held;

    public static async Task<Network> StartAsync(CancellationToken cancel)
    {
        var centre = await ShortMessageCentre.StartAsync(
            new CentreOptions
            {
                Subscribers =
                [
                    new Subscriber(Smpp.Centre.Imsi.Parse(Imsi), Msisdn.Parse(Number)),
                    new Subscriber(Smpp.Centre.Imsi.Parse("001010000000002"), Msisdn.Parse(OtherNumber)),
                ],
                Retry = new RetrySchedule(TimeSpan.FromMilliseconds(50)),
                Air = new AirLimits { Answer = TimeSpan.FromMilliseconds(300) },
            },
            new VolatileMessageStore(), cancel: cancel);
        return new Network(centre, CentreListener.Start(new IPEndPoint(IPAddress.Loopback, 0), centre.ServePhoneAsync));
    }

    public async ValueTask DisposeAsync()
    {
        await _air.DisposeAsync();
        await _centre.DisposeAsync();
    }
}
