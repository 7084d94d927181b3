using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using Tessera.Phone.Data;
using Tessera.Phone.Sound;
using Tessera.Wire;
using Xunit;

namespace Tessera.Phone.Tests.Data;

public sealed class LineCallTests : IDisposable
{
    private static readonly TimeSpan Armed = TimeSpan.FromSeconds(30);

    private readonly LineCall _server = new(TestCall.ServerOptions([OctetModem.Fast]));
    private readonly LineCall _device = new(TestCall.DeviceOptions([OctetModem.Fast]));
    private readonly Queue<short[]> _down = new([new short[AudioBlock.Length], new short[AudioBlock.Length]]);
    private readonly Queue<short[]> _up = new([new short[AudioBlock.Length], new short[AudioBlock.Length]]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_on_a_call_carries_octets_as_a_connection_does()
    {
        var (server, device) = await ConnectAsync();
        Assert.Equal(TestCall.DeviceKey.PublicKey, server.Peer);
        Assert.False(_device.IsVoice);

        await server.Output.WriteAsync("to the device"u8.ToArray(), Cancel);
        Assert.Equal("to the device"u8.ToArray(), await During(ReadAsync(device.Input, 13)));
        await device.Output.WriteAsync("to the server"u8.ToArray(), Cancel);
        await device.DisposeAsync();

        Assert.Equal("to the server"u8.ToArray(), await During(ReadToEndAsync(server.Input)));
        Assert.Equal(LineEnding.Finished, await During(device.Ended));
        Assert.Equal(LineEnding.PeerFinished, await During(server.Ended));
        Assert.Equal((true, true), (_server.IsVoice, _device.IsVoice));
        Assert.True((await server.Output.FlushAsync(Cancel)).IsCompleted);
    }

    [Fact]
    public async Task Who_takes_leave_is_read_to_the_end_and_in_voice()
    {
        var (server, device) = await ConnectAsync();
        await device.Output.WriteAsync("an answer"u8.ToArray(), Cancel);
        Assert.Equal("an answer"u8.ToArray(), await During(ReadAsync(server.Input, 9)));

        server.TakeLeave("farewell"u8);
        Assert.Equal("farewell"u8.ToArray(), await During(ReadToEndAsync(device.Input)));
        Assert.Equal(LineEnding.PeerFinished, await During(device.Ended));
        Assert.Equal(LineEnding.Finished, await During(server.Ended));
        Assert.Empty(await During(ReadToEndAsync(server.Input)));
        Assert.Equal((true, true), (_server.IsVoice, _device.IsVoice));
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_that_waits_holds_the_writer_back_and_gets_all()
    {
        var (server, device) = await ConnectAsync();
        var octets = new byte[100_000];
        Random.Shared.NextBytes(octets);
        var written = WriteAsync(server.Output, octets);

        // The device's pipe, both ends' windows and the server's pipe hold less than half of it.
        for (var packet = 0; packet < 5000; packet++) Step();
        Assert.False(written.IsCompleted);
        Assert.False(server.Ended.IsCompleted);
        Assert.Equal(octets, await During(ReadToEndAsync(device.Input)));
        await During(written);
    }

    [Fact]
    public async Task The_end_of_the_call_is_the_loss_of_the_connection()
    {
        var (server, device) = await ConnectAsync();
        await server.Output.WriteAsync(new byte[3000], Cancel);
        Step();
        _server.HangUp();
        Assert.Equal(LineEnding.Left, await server.Ended);
        Assert.Equal(LineEnding.Silence, await During(device.Ended));
        await Assert.ThrowsAsync<ConnectionLostException>(() => ReadToEndAsync(device.Input));
        await Assert.ThrowsAsync<ConnectionLostException>(() => ReadToEndAsync(server.Input));
        await Assert.ThrowsAsync<ConnectionLostException>(async () => await server.Output.FlushAsync(Cancel));
        Assert.Null(await _server.EscapeAsync(Cancel));
    }

    [Fact]
    public async Task What_was_not_written_whole_is_not_read_as_whole()
    {
        var (server, device) = await ConnectAsync();
        await server.Output.WriteAsync(new byte[20], Cancel);
        await server.Output.CompleteAsync(new ConnectionLostException("The channel broke."));
        Assert.Equal(LineEnding.Left, await During(server.Ended));
        Assert.Equal(LineEnding.Silence, await During(device.Ended));
        await Assert.ThrowsAsync<ConnectionLostException>(() => ReadToEndAsync(device.Input));
    }

    [Fact]
    public async Task Nobody_there_is_an_answer_and_giving_up_leads_back_to_voice()
    {
        Assert.Null(await During(_server.EscapeAsync(Cancel)));
        Assert.Equal(LineEnding.NoAnswer, _server.Ending);
        Assert.Null(await During(_device.ObeyAsync(TimeSpan.FromSeconds(1), Cancel)));

        using var giveUp = new CancellationTokenSource();
        var escape = _server.EscapeAsync(giveUp.Token);
        Step();
        Assert.False(_server.IsVoice);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _server.EscapeAsync(Cancel));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => escape);
        Step();
        Assert.True(_server.IsVoice);
        await ConnectAsync();
    }

    [Fact]
    public async Task People_on_sound_paths_hear_each_other_but_no_data()
    {
        var (down, up) = (new Sound(), new Sound());
        var (ear, mouth) = (new Sound(), new Sound());
        var server = _server.RunAsync(new Path(up, down), people: null, Cancel);
        var device = _device.RunAsync(new Path(down, up), new Path(mouth, ear), Cancel);
        down.Say(0);
        var obeys = _device.ObeyAsync(Armed, Cancel);
        var escapes = _server.EscapeAsync(Cancel);
        var muted = 0;
        while (!obeys.IsCompleted || !escapes.IsCompleted)
        {
            mouth.Say(TestCall.Voice);
            if (await ear.HearAsync(Cancel) is { } block && !_device.IsVoice)
            {
                muted++;
                Assert.Equal(-1, block.AsSpan().IndexOfAnyExcept((short)0));
            }
        }

        Assert.InRange(muted, 1, 1000);
        await (await escapes)!.Output.CompleteAsync();
        up.End();
        down.End();
        mouth.End();
        await Task.WhenAll(server, device);
        Assert.NotEqual(LineEnding.NoAnswer, await (await escapes)!.Ended);
    }

    public void Dispose()
    {
        _server.Dispose();
        _device.Dispose();
    }

    private async Task<(LineLink Server, LineLink Device)> ConnectAsync()
    {
        var obeys = _device.ObeyAsync(Armed, Cancel);
        var server = await During(_server.EscapeAsync(Cancel));
        return (server!, (await During(obeys))!);
    }

    /// <summary>The call goes on until that is done; it takes as many samples as it takes, and no time.</summary>
    private async Task<T> During<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            Step();
            await Task.Yield();
        }

        return await task;
    }

    private async Task During(Task task) => await During(task.ContinueWith(
        done => done.IsCompletedSuccessfully, Cancel, TaskContinuationOptions.None, TaskScheduler.Default));

    private void Step()
    {
        Cancel.ThrowIfCancellationRequested();
        short[] down = new short[AudioBlock.Length], up = new short[AudioBlock.Length];
        _server.Exchange(_up.Dequeue(), concealed: false, down);
        _device.Exchange(_down.Dequeue(), concealed: false, up);
        _down.Enqueue(down);
        _up.Enqueue(up);
    }

    private static async Task WriteAsync(PipeWriter output, byte[] octets)
    {
        for (var at = 0; at < octets.Length; at += 1000) await output.WriteAsync(octets.AsMemory(at, 1000), Cancel);
        await output.CompleteAsync();
    }

    private static async Task<byte[]> ReadAsync(PipeReader input, int length)
    {
        var read = await input.ReadAtLeastAsync(length, Cancel);
        var octets = read.Buffer.ToArray();
        input.AdvanceTo(read.Buffer.End);
        return octets;
    }

    private static async Task<byte[]> ReadToEndAsync(PipeReader input)
    {
        var octets = new MemoryStream();
        await input.CopyToAsync(octets, Cancel);
        return octets.ToArray();
    }

    private sealed class Sound
    {
        private readonly Channel<short[]> _blocks = Channel.CreateUnbounded<short[]>();

        public void Say(short sample) => Say([.. Enumerable.Repeat(sample, AudioBlock.Length)]);

        public void Say(short[] block) => _blocks.Writer.TryWrite(block);

        public void End() => _blocks.Writer.TryComplete();

        public async ValueTask<short[]?> HearAsync(CancellationToken cancel) =>
            await _blocks.Reader.WaitToReadAsync(cancel) && _blocks.Reader.TryRead(out var block) ? block : null;
    }

    private sealed class Path(Sound heard, Sound said) : ISoundPath
    {
        public async ValueTask<Hearing> HearAsync(Memory<short> samples, CancellationToken cancel)
        {
            if (await heard.HearAsync(cancel) is not { } block) return Hearing.Ended;
            block.CopyTo(samples);
            return Hearing.Heard;
        }

        public ValueTask SayAsync(ReadOnlyMemory<short> samples, CancellationToken cancel)
        {
            said.Say(samples.ToArray());
            return ValueTask.CompletedTask;
        }
    }
}
