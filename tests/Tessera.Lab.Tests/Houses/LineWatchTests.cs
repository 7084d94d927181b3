using Tessera.Lab.Houses.Sockets;
using Tessera.Phone.Data;
using Tessera.Phone.Sound;
using Tessera.Wire;
using Xunit;

namespace Tessera.Lab.Tests.Houses;

/// <summary>Who listens at a line hears what the ends do, and no more. Both ends are those of the product.</summary>
public sealed class LineWatchTests : IDisposable
{
    private readonly List<string> _notes = [];
    private readonly List<LineUse> _uses = [LineUse.Voice];
    private readonly LineKey _serverKey = LineKey.Generate();
    private readonly LineKey _deviceKey = LineKey.Generate();
    private readonly short[] _down = new short[AudioBlock.Length];
    private readonly short[] _up = new short[AudioBlock.Length];
    private readonly LineWatch _watch;

    public LineWatchTests() => _watch = new LineWatch(_notes.Add);

    public void Dispose()
    {
        _serverKey.Dispose();
        _deviceKey.Dispose();
    }

    [Fact]
    public void Data_is_heard_from_its_escape_to_voice_again_with_rungs_and_octets()
    {
        using var server = Server(LineModems.All);
        using var device = Device(LineModems.All);
        device.Arm(TimeSpan.FromSeconds(30));
        server.Escape();
        Run(server, device, () => device.State == LineState.Data && server.State == LineState.Data);
        device.Write(new byte[300]);
        device.Finish();

        Run(server, device, () => _watch.Use == LineUse.Voice);

        Assert.Equal([LineUse.Voice, LineUse.Escape, LineUse.Opening, LineUse.Data, LineUse.Voice], _uses);
        Assert.Equal("Escape signal of the service.", _notes[0]);
        Assert.Equal("Hello of the service, by 16-QAM bursts (rung 6).", _notes[1]);
        Assert.Equal("Reply of the house, by 16-QAM bursts (rung 6).", _notes[2]);
        Assert.Contains("Data of the service by 256-QAM bursts (rung 8).", _notes, StringComparer.Ordinal);
        Assert.StartsWith("Voice again after ", _notes[^1], StringComparison.Ordinal);
        Assert.True(_watch.OctetsOf(LineDirection.Out) > 300 + _watch.OctetsOf(LineDirection.In));
        Assert.Equal(("", ""), (_watch.ModemOf(LineDirection.Out), _watch.ModemOf(LineDirection.In)));
    }

    [Theory]
    [InlineData(1, "tones (rung 1)")]
    [InlineData(2, "V.21 (rung 2)")]
    [InlineData(4, "Bell 202 (rung 4)")]
    public void A_slow_modem_is_named(int rung, string words)
    {
        var modem = LineModems.All.Single(each => each.Rungs[0].Number == rung);
        using var server = Server([modem]);
        using var device = Device([modem]);
        device.Arm(TimeSpan.FromSeconds(60));

        server.Escape();
        Run(server, device, () => _watch.ModemOf(LineDirection.In).Length > 0);

        Assert.Contains($"Hello of the service, by {words}.", _notes, StringComparer.Ordinal);
        Assert.Equal(words, _watch.ModemOf(LineDirection.In));
    }

    [Fact]
    public void The_request_of_a_device_is_heard_and_that_nobody_answers_it()
    {
        using var server = Server(LineModems.All);
        using var device = Device(LineModems.All);

        device.Escape();
        Run(server, device, () => _uses.Count > 1 && _watch.Use == LineUse.Voice);

        Assert.Equal("Escape signal of the house.", _notes[0]);
        Assert.StartsWith("Request of the house, by ", _notes[1], StringComparison.Ordinal);
        Assert.Equal("Voice again: nobody went to data.", _notes[^1]);
        Assert.DoesNotContain(LineUse.Data, _uses);
    }

    [Fact]
    public void A_voice_stays_a_voice()
    {
        var speech = Tessera.Phone.Speech.Phrase.In(Tessera.Phone.Speech.SpokenLanguage.English)
            .Say("welcome").Say("message-sent").Say("goodbye").ToSamples();
        foreach (var block in speech.Chunk(AudioBlock.Length).Where(block => block.Length == AudioBlock.Length))
        {
            _watch.Hear(LineDirection.Out, block, concealed: false);
            _watch.Hear(LineDirection.In, block, concealed: false);
            _watch.Tick();
            Assert.Equal(LineUse.Voice, _watch.Use);
        }

        Assert.Empty(_notes);
    }

    private LineEnd Server(Sequence<LineModem> modems) => new(new LineServerOptions
    {
        Key = _serverKey, Modems = modems, Allows = key => key.Equals(_deviceKey.PublicKey),
    });

    private LineEnd Device(Sequence<LineModem> modems) => new(new LineDeviceOptions
    {
        Key = _deviceKey, Modems = modems, Server = _serverKey.PublicKey,
    });

    /// <summary>Two minutes of samples at most.</summary>
    private void Run(LineEnd server, LineEnd device, Func<bool> until)
    {
        var block = new short[AudioBlock.Length];
        for (var packet = 0; packet < 6000; packet++)
        {
            if (until()) return;
            block.AsSpan().Clear();
            device.Process(_down, concealed: false, block);
            var said = block.ToArray();
            block.AsSpan().Clear();
            server.Process(_up, concealed: false, block);
            said.CopyTo(_up, 0);
            block.CopyTo(_down, 0);
            _watch.Hear(LineDirection.Out, _up, concealed: false);
            _watch.Hear(LineDirection.In, _down, concealed: false);
            _watch.Tick();
            if (_uses[^1] != _watch.Use) _uses.Add(_watch.Use);
        }

        Assert.Fail($"Still {_watch.Use} after {string.Join(' ', _notes)}");
    }
}
