using System.Threading.Channels;
using Tessera.Phone.Sound;

namespace Tessera.Terminal.Tests.Lines;

/// <summary>Blocks on their way in one direction.</summary>
internal sealed class MemorySound
{
    private readonly Channel<short[]> _blocks = Channel.CreateUnbounded<short[]>();

    public void Say(short[] block) => _blocks.Writer.TryWrite(block);

    public ValueTask<short[]> HearAsync(CancellationToken cancel) => _blocks.Reader.ReadAsync(cancel);
}

/// <summary>An end of two such directions.</summary>
internal sealed class MemoryPath(MemorySound heard, MemorySound said) : ISoundPath
{
    public async ValueTask<Hearing> HearAsync(Memory<short> samples, CancellationToken cancel)
    {
        (await heard.HearAsync(cancel)).CopyTo(samples);
        return Hearing.Heard;
    }

    public ValueTask SayAsync(ReadOnlyMemory<short> samples, CancellationToken cancel)
    {
        said.Say(samples.ToArray());
        return ValueTask.CompletedTask;
    }
}

/// <summary>A telephone into which somebody says one and the same thing, and that counts what it hears.</summary>
internal sealed class Telephone : ISoundPath
{
    /// <summary>What people say: nothing that a modem or the escape would send.</summary>
    public const short Voice = -4321;

    private long _silent;
    private long _loud;

    /// <summary>Blocks of silence so far: those in which the device muted the line.</summary>
    public long Silent => Interlocked.Read(ref _silent);

    public long Loud => Interlocked.Read(ref _loud);

    public ValueTask<Hearing> HearAsync(Memory<short> samples, CancellationToken cancel)
    {
        samples.Span.Fill(Voice);
        return ValueTask.FromResult(Hearing.Heard);
    }

    public ValueTask SayAsync(ReadOnlyMemory<short> samples, CancellationToken cancel)
    {
        if (samples.Span.ContainsAnyExcept((short)0)) Interlocked.Increment(ref _loud);
        else Interlocked.Increment(ref _silent);
        return ValueTask.CompletedTask;
    }
}
