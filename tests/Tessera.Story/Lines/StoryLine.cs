using Tessera.Phone.Data;
using Tessera.Phone.Sound;
using Tessera.Terminal.Lines;
using Tessera.Testing.Lines;

namespace Tessera.Story.Lines;

/// <summary>The line of one call between a server and a device, and what is cut on it.</summary>
/// <param name="pace">Of a packet: a story has a clock of its own.</param>
/// <param name="each">Called before each packet.</param>
internal sealed class StoryLine(
    LineCall server, TerminalCall device, DuplexLine line, Scissors scissors, TimeSpan pace, Action each)
{
    /// <summary>Packets that are made up of the last one; what is missing behind them is silence.</summary>
    private const int Repeated = 10;

    private const int ShortLoss = 10;
    private const int LongLoss = 100;

    private short[] _atServer = new short[AudioBlock.Length];
    private short[] _atDevice = new short[AudioBlock.Length];
    private short[] _fromServer = new short[AudioBlock.Length];
    private short[] _fromDevice = new short[AudioBlock.Length];
    private (bool Server, bool Device) _concealed;
    private TaskCompletionSource? _voice;
    private int _lost;
    private int _left;

    /// <summary>Packets in which people were muted at either end.</summary>
    public int DataPackets { get; private set; }

    private bool IsVoice => server.IsVoice && device.IsVoice;

    /// <summary>Completes when people hear each other.</summary>
    public Task VoiceAsync()
    {
        var voice = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _voice, voice);
        return voice.Task;
    }

    /// <summary>Carries sound until the call is dropped or the device has no power.</summary>
    /// <returns>The cut that ended it.</returns>
    public async Task<Cut> RunAsync(CancellationToken over)
    {
        using var clock = new PeriodicTimer(pace);
        while (true)
        {
            await clock.WaitForNextTickAsync(over);
            each();
            if (Step() is { } cut) return cut;
        }
    }

    private Cut? Step()
    {
        _fromServer.AsSpan().Clear();
        _fromDevice.AsSpan().Clear();
        server.Exchange(_atServer, _concealed.Server, _fromServer);
        device.Exchange(_atDevice, _concealed.Device, _fromDevice);
        if (IsVoice)
        {
            Volatile.Read(ref _voice)?.TrySetResult();
        }
        else
        {
            DataPackets++;
            switch (scissors.NextPacket($"server {server.State}, rung {server.Rung?.Number}"))
            {
                case { Kind: CutKind.Loss } loss:
                    (_lost, _left) = (0, loss.Long ? LongLoss : ShortLoss);
                    break;
                case { } cut:
                    return cut;
            }
        }

        Carry();
        return null;
    }

    private void Carry()
    {
        _concealed = line.Exchange(_fromServer, _fromDevice);
        if (_left == 0)
        {
            (_atServer, _fromServer) = (_fromServer, _atServer);
            (_atDevice, _fromDevice) = (_fromDevice, _atDevice);
            return;
        }

        _left--;
        _concealed = (true, true);
        if (_lost++ < Repeated) return;
        _atServer.AsSpan().Clear();
        _atDevice.AsSpan().Clear();
    }
}
