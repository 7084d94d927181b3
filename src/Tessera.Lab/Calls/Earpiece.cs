using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Tessera.Wire;

namespace Tessera.Lab.Calls;

/// <summary>
/// What is heard in a telephone, for whoever listens; what is said into it is silence. Any thread may listen.
/// </summary>
public sealed class Earpiece
{
    /// <summary>Who may listen at once.</summary>
    public const int MostListeners = 8;

    /// <summary>Blocks that wait for a slow listener; of more, the oldest are lost.</summary>
    private const int MaxWaiting = 50;

    private ImmutableArray<Channel<Bytes>> _listeners = [];

    /// <summary>
    /// Blocks of 20 ms, 160 samples of 16 bits, little-endian, 8000 a second: of each call from now on.
    /// </summary>
    /// <exception cref="TooManyListenersException">There is no room for one more.</exception>
    public IAsyncEnumerable<Bytes> ListenAsync(CancellationToken cancel)
    {
        var heard = Channel.CreateBounded<Bytes>(
            new BoundedChannelOptions(MaxWaiting)
            {
                FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true,
            });
        var isFull = false;
        ImmutableInterlocked.Update(ref _listeners, listeners =>
        {
            isFull = listeners.Length >= MostListeners;
            return isFull ? listeners : listeners.Add(heard);
        });
        return isFull ? throw new TooManyListenersException() : HearAsync(heard, cancel);
    }

    /// <summary>The next 20 ms, from whatever makes sound here.</summary>
    internal void Hear(ReadOnlySpan<short> heard)
    {
        var listeners = _listeners;
        if (listeners.Length == 0) return;
        var octets = new byte[heard.Length * sizeof(short)];
        for (var i = 0; i < heard.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(octets.AsSpan(i * sizeof(short)), heard[i]);
        foreach (var listener in listeners) listener.Writer.TryWrite(new Bytes(octets));
    }

    private async IAsyncEnumerable<Bytes> HearAsync(
        Channel<Bytes> heard, [EnumeratorCancellation] CancellationToken cancel)
    {
        try
        {
            while (true) yield return await heard.Reader.ReadAsync(cancel);
        }
        finally
        {
            ImmutableInterlocked.Update(ref _listeners, listeners => listeners.Remove(heard));
        }
    }
}

/// <summary>A sound has as many listeners already as it takes.</summary>
public sealed class TooManyListenersException()
    : InvalidOperationException($"{Earpiece.MostListeners} listen already: there is no room for one more.");
