using System.Collections.Concurrent;
using System.Threading.Channels;
using Tessera.Phone.Data;
using Tessera.Phone.Sound;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Lines;
using Tessera.Terminal.Ports;
using Tessera.Terminal.Tests.Agents;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Lines;

/// <summary>
/// A device with its telephone at one end of a line, a server with a real listener of links at the other; the blocks go
/// as fast as they are worked out.
/// </summary>
internal sealed class LineWorld : IAsyncDisposable
{
    /// <summary>Of the clock of the samples, which runs a hundred thousand times as fast as ours.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromHours(70);

    private readonly LineKey _serverKey = LineKey.Generate();
    private readonly TempFolder _folder = new();
    private readonly Channel<TerminalStatus> _statuses = Channel.CreateUnbounded<TerminalStatus>();
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly List<LineCall> _lines = [];
    private Task _calling = Task.CompletedTask;
    private CancellationTokenSource _hungUp = new();

    public LineWorld(TimeSpan? armed = null, TerminalPorts? ports = null, Sequence<LineModem>? modems = null)
    {
        Options = new LineTerminalOptions
        {
            Name = "Home",
            Folder = _folder.Path,
            Server = _serverKey.PublicKey,
            Modems = modems ?? [LineModems.Ofdm],
            Display = new DisplaySize(4, 20),
            Armed = armed ?? Long,
            ArmedAgain = Long,
            Ports = ports ?? new TerminalPorts(),
        };
        Listener = new LinkListener(new LinkListenerOptions
        {
            Server = Server, Changed = status => _statuses.Writer.TryWrite(status),
        });
        Device = Start();
    }

    public LineTerminalOptions Options { get; }

    public LinkListener Listener { get; }

    public LineTerminal Device { get; private set; }

    public HandReader Reader { get; private set; } = null!;

    public Telephone Telephone { get; } = new();

    /// <summary>The server's end of the call.</summary>
    public LineCall Line { get; private set; } = null!;

    public PeerIdentity Server => new(_serverKey.PublicKey.Identity);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The telephone is taken off the hook, and the server answers.</summary>
    public void Call()
    {
        var known = LineTerminal.IdentityOf(Options);
        Line = new LineCall(new LineServerOptions
        {
            Key = _serverKey, Modems = Options.Modems, Allows = key => key.Identity == known.KeyHash,
        });
        _lines.Add(Line);
        _hungUp = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _calling = CallAsync(Line, _hungUp.Token);
    }

    /// <summary>The call breaks off.</summary>
    public async Task DropAsync()
    {
        await _hungUp.CancelAsync();
        await _calling;
        _hungUp.Dispose();
    }

    /// <summary>The server escapes.</summary>
    /// <returns>Whether a device came, which is then served as a link.</returns>
    public async Task<bool> EscapeAsync() => Serve(await Line.EscapeAsync(Cancel));

    /// <summary>The server waits for a device that asks for data.</summary>
    public async Task<bool> AwaitAsync() => Serve(await Line.ObeyAsync(Long, Cancel));

    /// <summary>The next word of the device that says what is wanted.</summary>
    public async Task<TerminalStatus> StatusAsync(Func<TerminalStatus, bool> wanted)
    {
        while (true)
        {
            var status = await _statuses.Reader.ReadAsync(Cancel);
            if (wanted(status)) return status;
        }
    }

    public async Task StageAsync(LineStage stage) =>
        await Eventually.SeeAsync(() => Task.FromResult(Device.Status), status => status.Stage == stage, Cancel);

    /// <summary>Presses the data key in a call in which the card is in.</summary>
    public async Task PressAsync()
    {
        await SeeAsync("Press data key");
        Assert.Equal(DataKeyAnswer.Asking, Device.PressDataKey());
    }

    public async Task SeeAsync(string text)
    {
        while (true)
        {
            var number = Device.Screen.Number;
            if (string.Join('\n', Device.Screen.Lines).Contains(text, StringComparison.Ordinal)) return;
            await Device.Screen.ChangedAsync(number, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        }
    }

    /// <summary>Presses keys for what stands on the display.</summary>
    public void Type(params IEnumerable<Key> keys)
    {
        foreach (var key in keys) Assert.True(Device.Screen.TryPress(Device.Screen.Ask, key));
    }

    public Till NewTill() => new(Server.Id, CardInHand.Id);

    /// <summary>
    /// The device has no power from here on: nobody is told, and nothing that it does to its journal while it is taken
    /// down has been written.
    /// </summary>
    /// <param name="letGo">Lets go of what the device waits for.</param>
    public async Task LosePowerAsync(Action letGo)
    {
        var journal = new FileInfo(Path.Combine(Options.Folder, "scripts.journal"));
        var written = journal.Length;
        await DropAsync();
        var dying = Device.DisposeAsync();
        letGo();
        await dying;
        using var file = journal.OpenWrite();
        file.SetLength(written);
    }

    /// <summary>Power is back.</summary>
    public void Restart() => Device = Start();

    /// <summary>In a new call the server sends a script as it sent it before, whatever session the device has now.</summary>
    /// <returns>The answer.</returns>
    public async Task<Bytes> SendAgainAsync(Bytes script)
    {
        Call();
        var asked = Line.ObeyAsync(Long, Cancel);
        await PressAsync();
        var link = await asked ?? throw new InvalidOperationException("The device did not come.");
        await using var channel = new LineFrameChannel(link);
        await channel.SendAsync(LinkFrame.Of(FrameType.Hello, new ServerHello(Server.Id, Resumed: false)), Cancel);
        await channel.SendAsync(new LinkFrame(FrameType.Script, script), Cancel);
        while (await channel.ReceiveAsync(Cancel) is { } frame)
        {
            if (frame.Type == FrameType.Answer) return frame.Body;
        }

        throw new InvalidOperationException("The device did not answer.");
    }

    public async ValueTask DisposeAsync()
    {
        await _hungUp.CancelAsync();
        await _calling;
        await Device.DisposeAsync();
        await Device.Completion;
        await Listener.DisposeAsync();
        await Task.WhenAll(_serving);
        _lines.ForEach(line => line.Dispose());
        _serverKey.Dispose();
        _folder.Dispose();
    }

    private LineTerminal Start()
    {
        var reader = Reader = new HandReader();
        return LineTerminal.Start(Options, _ => Task.FromResult<Tessera.Cards.ICardReader>(reader));
    }

    private bool Serve(LineLink? link)
    {
        if (link is null) return false;
        _serving.Add(Listener.ServeAsync(
            new LineFrameChannel(link), new PeerIdentity(link.Peer.Identity), CancellationToken.None));
        return true;
    }

    /// <summary>Two blocks are on their way in each direction.</summary>
    private async Task CallAsync(LineCall line, CancellationToken hungUp)
    {
        var (down, up) = (new MemorySound(), new MemorySound());
        for (var i = 0; i < 2; i++) down.Say(new short[AudioBlock.Length]);
        var server = line.RunAsync(new MemoryPath(up, down), people: null, hungUp);
        var device = Device.RunAsync(new MemoryPath(down, up), Telephone, hungUp);
        foreach (var end in new[] { server, device })
        {
            await end.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            Assert.True(end.IsCanceled || end.IsCompletedSuccessfully, end.Exception?.ToString());
        }
    }
}
