using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Tessera.Phone.Sound;
using Xunit;

namespace Tessera.Cli.Tests;

/// <summary>
/// The jack for a headset of a telephone, as two pipes of sound: what the telephone hears, and what is said into it.
/// </summary>
internal sealed class AudioJack : IAsyncDisposable
{
    /// <summary>Blocks of silence before the first that is said: a program is not as punctual as a telephone.</summary>
    private const int Patience = 4;

    /// <summary>Blocks on their way to the program and back; of more, those that are heard are lost.</summary>
    private const int Most = 12;

    private readonly Channel<short[]> _heard = Channel.CreateUnbounded<short[]>();
    private readonly ConcurrentQueue<short[]> _said = new();
    private readonly Task _hearing;
    private readonly Task _saying;
    private int _underway = Patience;

    /// <param name="heard">The pipe that carries what the telephone hears.</param>
    /// <param name="said">The pipe that carries what is said into it.</param>
    public AudioJack(string heard, string said)
    {
        for (var i = 0; i < Patience; i++) _said.Enqueue(new short[AudioBlock.Length]);
        _hearing = Task.Run(() => HearAsync(heard), Cancel);
        _saying = Task.Run(() => SayAsync(said), Cancel);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The next 20 ms at the telephone; the program says one block for each that it hears.</summary>
    public void Exchange(ReadOnlySpan<short> heard, Span<short> said)
    {
        if (_underway < Most && _heard.Writer.TryWrite(heard.ToArray())) _underway++;
        if (!_said.TryDequeue(out var block)) return;
        _underway--;
        block.CopyTo(said);
    }

    /// <summary>The plug is pulled: what hears the pipe is at its end.</summary>
    public async ValueTask DisposeAsync()
    {
        _heard.Writer.Complete();
        await _hearing;
        await _saying;
    }

    private async Task HearAsync(string path)
    {
        await using var pipe = File.Open(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        await foreach (var block in _heard.Reader.ReadAllAsync(Cancel))
            await pipe.WriteAsync(MemoryMarshal.AsBytes(block.AsSpan()).ToArray(), Cancel);
    }

    private async Task SayAsync(string path)
    {
        await using var pipe = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var octets = new byte[AudioBlock.Length * sizeof(short)];
        while (await pipe.ReadAtLeastAsync(octets, octets.Length, throwOnEndOfStream: false, Cancel) == octets.Length)
            _said.Enqueue(MemoryMarshal.Cast<byte, short>(octets).ToArray());
    }
}
