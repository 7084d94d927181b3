using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Tessera.Lab.Phones.Log;
using Tessera.Smpp.Centre;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Air;

/// <summary>
/// The air between one phone and its centre: takes the phone's connection, makes one to the centre, and hands frames
/// over (docs/protocols/air.md), unless the lab has a fault for them.
/// </summary>
public sealed class AirRelay : IAsyncDisposable
{
    private const int LengthOctets = 2;

    private readonly EndPoint _centre;
    private readonly HandsetLog _log;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _closing = new();
    private readonly AirGate _gate;
    private readonly Task _accepting;
    private AirPath? _path;

    internal AirRelay(EndPoint centre, HandsetLog log, Action changed)
    {
        (_centre, _log) = (centre, log);
        _gate = new AirGate(changed);
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync(_closing.Token);
    }

    /// <summary>The switches as they are.</summary>
    public AirFaults Faults => _gate.Faults;

    /// <summary>Where the phone connects.</summary>
    internal EndPoint EndPoint => _listener.LocalEndPoint!;

    /// <summary>The next messages of that direction are lost.</summary>
    public void Lose(AirDirection direction, int count) =>
        Set(direction, count, faults => faults with { Lose = count });

    /// <summary>The next answers to messages of that direction are lost: the message itself arrives.</summary>
    public void LoseAnswers(AirDirection direction, int count) =>
        Set(direction, count, faults => faults with { LoseAnswers = count });

    /// <summary>The next messages of that direction come twice.</summary>
    public void Double(AirDirection direction, int count) =>
        Set(direction, count, faults => faults with { Double = count });

    /// <summary>The next message of that direction waits for the one after it.</summary>
    public void Reorder(AirDirection direction) => Set(direction, 0, faults => faults with { Reorder = true });

    /// <summary>Messages of that direction wait for <see cref="ReleaseAsync"/>.</summary>
    public void Hold(AirDirection direction) => Set(direction, 0, faults => faults with { Hold = true });

    /// <summary>What waits goes on, and nothing waits any more.</summary>
    public async Task ReleaseAsync(AirDirection direction, CancellationToken cancel)
    {
        var released = _gate.Release(direction);
        if (Volatile.Read(ref _path) is not { } path) return;
        foreach (var frame in released)
        {
            Write(direction, frame, "released");
            await path.SendAsync(direction, frame, cancel);
        }
    }

    /// <summary>Without signal the connection is gone and none can be made.</summary>
    public void SetSignal(bool signal)
    {
        _gate.Set(faults => faults with { Signal = signal });
        if (!signal) Volatile.Read(ref _path)?.Cut();
    }

    /// <summary>Everything passes again; what waits is forgotten.</summary>
    public void Clear()
    {
        _gate.Release(AirDirection.Down);
        _gate.Release(AirDirection.Up);
        _gate.Set(_ => AirFaults.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested) return;
        await _closing.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _closing.Dispose();
    }

    private void Set(AirDirection direction, int count, Func<DirectionFaults, DirectionFaults> change)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _gate.Set(faults => faults.With(direction, change(faults.Of(direction))));
    }

    /// <summary>One connection after the other: a phone has one.</summary>
    private async Task AcceptAsync(CancellationToken closing)
    {
        try
        {
            while (true)
            {
                using var phone = await _listener.AcceptAsync(closing);
                if (!Faults.Signal) continue;
                await ServeAsync(phone, closing);
            }
        }
        catch (OperationCanceledException)
        {
            // Taken down.
        }
    }

    private async Task ServeAsync(Socket phone, CancellationToken closing)
    {
        using var centre = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await centre.ConnectAsync(_centre, closing);
        }
        catch (SocketException)
        {
            return;
        }

        using var path = new AirPath(phone, centre);
        Volatile.Write(ref _path, path);
        try
        {
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(closing);
            Task[] pumps =
            [
                PumpAsync(path, AirDirection.Up, cut.Token), PumpAsync(path, AirDirection.Down, cut.Token),
            ];
            await Task.WhenAny(pumps);
            path.Cut();
            await cut.CancelAsync();
            await Task.WhenAll(pumps);
        }
        finally
        {
            Volatile.Write(ref _path, null);
        }
    }

    /// <summary>Ends without failing: either side went away, said what is no frame, or the signal is gone.</summary>
    private async Task PumpAsync(AirPath path, AirDirection direction, CancellationToken cancel)
    {
        var octets = new byte[LengthOctets + 1 + AirFrame.MaxBody];
        try
        {
            while (true)
            {
                await path.ReceiveAsync(direction, octets.AsMemory(0, LengthOctets), cancel);
                var length = BinaryPrimitives.ReadUInt16BigEndian(octets);
                if (length + LengthOctets > octets.Length) return;
                await path.ReceiveAsync(direction, octets.AsMemory(LengthOctets, length), cancel);
                var frame = Bytes.CopyOf(octets.AsSpan(0, LengthOctets + length)).Read<AirFrame>();
                var passed = _gate.Pass(direction, frame, out var fate);
                Write(direction, frame, fate);
                foreach (var next in passed) await path.SendAsync(direction, next, cancel);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or WireFormatException
            or OperationCanceledException or ObjectDisposedException)
        {
            // The end of this connection.
        }
    }

    private void Write(AirDirection direction, AirFrame frame, string fate)
    {
        if (frame.Type is AirFrameType.Ping or AirFrameType.Pong) return;
        AirDecoding.Write(_log, direction, frame, fate);
    }
}
