using System.Net.Sockets;
using Tessera.Smpp.Centre;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Air;

/// <summary>
/// The two connections of a relay, phone and centre. Several may send; each direction has one receiver.
/// </summary>
internal sealed class AirPath : IDisposable
{
    private readonly Socket _phone;
    private readonly Socket _centre;
    private readonly SemaphoreSlim[] _turns = [new(1), new(1)];

    public AirPath(Socket phone, Socket centre)
    {
        (_phone, _centre) = (phone, centre);
        phone.NoDelay = centre.NoDelay = true;
    }

    /// <summary>Fills the octets with what comes for that direction.</summary>
    /// <exception cref="EndOfStreamException">There is no more.</exception>
    public async Task ReceiveAsync(AirDirection direction, Memory<byte> octets, CancellationToken cancel)
    {
        var from = direction == AirDirection.Down ? _centre : _phone;
        while (octets.Length > 0)
        {
            var count = await from.ReceiveAsync(octets, cancel);
            if (count == 0) throw new EndOfStreamException();
            octets = octets[count..];
        }
    }

    public async Task SendAsync(AirDirection direction, AirFrame frame, CancellationToken cancel)
    {
        var to = direction == AirDirection.Down ? _phone : _centre;
        var turn = _turns[(int)direction];
        await turn.WaitAsync(cancel);
        try
        {
            for (var rest = Bytes.Of(frame).Memory; !rest.IsEmpty;) rest = rest[await to.SendAsync(rest, cancel)..];
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Both ends see the connection go.</summary>
    public void Cut()
    {
        _phone.Close();
        _centre.Close();
    }

    public void Dispose()
    {
        foreach (var turn in _turns) turn.Dispose();
    }
}
