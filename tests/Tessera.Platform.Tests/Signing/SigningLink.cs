using Tessera.Cards;
using Tessera.Platform.Tests.Sessions.Model;
using Tessera.Toolkit;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.Platform.Tests.Signing;

/// <summary>A terminal with a real card in software in it: the real interpreter, and every script once.</summary>
internal sealed class SigningLink(
    CardOs card, ScriptedHolder holder, TerminalProfile profile, Bytes server, ushort session = 0x2A) : ILink, ICardChannel,
    IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Dictionary<byte, Bytes> _done = [];
    private bool _initialized;

    public LinkTraits Traits { get; } = new(8192, TimeSpan.FromMilliseconds(20));

    public TerminalProfile Profile => profile;

    public Bytes Terminal { get; } = Bytes.FromHex("7465726D696E616C");

    public ushort Session => session;

    public Bytes Atr => card.Atr;

    public Opening? Opening => null;

    public CancellationToken Ended => _ended.Token;

    /// <summary>The card of another maker that is there in its place; null for none.</summary>
    public ICardChannel? Foreign { get; init; }

    /// <summary>Every script that ran.</summary>
    public List<CommandScript> Ran { get; } = [];

    /// <summary>The card is pulled instead of answering this command.</summary>
    public Func<CommandApdu, bool> PulledAt { get; set; } = _ => false;

    /// <summary>What the server gets in place of an answer; null where it never comes.</summary>
    public Func<CommandScript, Bytes, Bytes?> Answering { get; set; } = (_, answer) => answer;

    public async Task<Bytes> SendAsync(byte number, Bytes script, CancellationToken cancel)
    {
        if (_ended.IsCancellationRequested) throw new ConnectionLostException("The card is out.");
        if (_done.TryGetValue(number, out var before)) return before;
        var read = script.Read<CommandScript>();
        if (Answering(read, await RunAsync(read, cancel)) is not { } answer)
        {
            await _ended.CancelAsync();
            throw new ConnectionLostException("The link is cut.");
        }

        return _done[number] = answer;
    }

    public Task<ILink> ReopenAsync(CancellationToken cancel) => throw new ConnectionLostException("Nobody is there.");

    /// <summary>The card is taken out.</summary>
    public Task PulledAsync() => _ended.CancelAsync();

    public ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel) =>
        Foreign?.TransmitAsync(command, cancel)
            ?? ValueTask.FromResult(card.Transmit(Bytes.Of(command).Span).Read<ResponseApdu>());

    public void Dispose() => _ended.Dispose();

    private async Task<Bytes> RunAsync(CommandScript script, CancellationToken cancel)
    {
        Ran.Add(script);
        using var interpreter = new ScriptInterpreter(
            script, TerminalRules.ForTerminal(server, profile), CardSituation.Inserted(_initialized));
        var action = interpreter.Next(null);
        while (action is not Done)
        {
            action = interpreter.Next(action switch
            {
                Transmit { Command: var command } when PulledAt(command) => await PullAsync(),
                Transmit transmit => new CardAnswered(await new CardChannel(this).TransmitAsync(transmit.Command, cancel)),
                Perform perform => holder.Perform(perform),
                _ => throw new InvalidOperationException(),
            });
        }

        var done = (Done)action;
        _initialized = done.InitializeInForce;
        return done.Answer;
    }

    private async Task<StepOutcome> PullAsync()
    {
        card.Reset();
        await _ended.CancelAsync();
        return StepOutcome.CardLost;
    }
}
