using Tessera.Lab.Houses.Sockets;
using Tessera.Lab.Houses.Telephones;

namespace Tessera.Lab.Houses;

/// <summary>
/// A house with a telephone and a socket in the wall, each hop between them SIP and RTP over loopback sockets.
/// </summary>
public sealed class House : IAsyncDisposable
{
    private House(HouseOptions options)
    {
        Options = options;
        Socket = WallSocket.Start(new WallSocketOptions
        {
            Network = options.Network, Number = options.Number, House = () => Telephone!.Address, Time = options.Time,
        });
        Telephone = Telephone.Start(new TelephoneOptions { Line = () => Socket.Jack, Time = options.Time });
    }

    public HouseOptions Options { get; }

    public Telephone Telephone { get; }

    public WallSocket Socket { get; }

    public static House Start(HouseOptions options) => new(options);

    public async ValueTask DisposeAsync()
    {
        await Telephone.DisposeAsync();
        await Socket.DisposeAsync();
    }
}
