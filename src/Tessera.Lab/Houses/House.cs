using Tessera.Lab.Houses.Devices;
using Tessera.Lab.Houses.Sockets;
using Tessera.Lab.Houses.Telephones;
using Tessera.Phone.Sip;

namespace Tessera.Lab.Houses;

/// <summary>
/// A house with a telephone, a socket in the wall and, where there is one, a device between them, each hop SIP and RTP
/// over loopback sockets.
/// </summary>
public sealed class House : IAsyncDisposable
{
    private House(HouseOptions options)
    {
        Options = options;
        Socket = WallSocket.Start(new WallSocketOptions
        {
            Network = options.Network, Number = options.Number, Time = options.Time,
            House = () => Device?.WallSide ?? Telephone!.Address,
        });
        Telephone = Telephone.Start(new TelephoneOptions
        {
            Line = () => Device?.TelephoneSide ?? Socket.Jack, Time = options.Time,
        });
    }

    public HouseOptions Options { get; }

    public Telephone Telephone { get; }

    public WallSocket Socket { get; }

    /// <summary>Completes when its device cannot go on, with the reason; never without one.</summary>
    public Task Completion => Device?.Completion ?? Task.Delay(Timeout.Infinite);

    /// <summary>The device between them; null where the telephone is plugged into the wall.</summary>
    public HouseDevice? Device { get; private set; }

    /// <param name="device">The device between telephone and wall; null for none.</param>
    /// <exception cref="IOException">Another terminal uses the folder of the device.</exception>
    public static async Task<House> StartAsync(HouseOptions options, HouseDeviceOptions? device, CancellationToken cancel)
    {
        var house = new House(options);
        if (device is null) return house;
        try
        {
            house.Device = await HouseDevice.StartAsync(
                device with
                {
                    Wall = house.Socket.Jack,
                    Telephone = () => SipUri.Sip("telephone", house.Telephone.Address),
                },
                cancel);
            return house;
        }
        catch
        {
            await house.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Telephone.DisposeAsync();
        if (Device is not null) await Device.DisposeAsync();
        await Socket.DisposeAsync();
    }
}
