using Tessera.Platform.Holders;
using Tessera.Toolkit;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Verifiers;
using Tessera.Wire;

namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>What goes wrong with a script.</summary>
internal enum Fault
{
    None,

    /// <summary>The card is out before the script runs.</summary>
    NeverRuns,

    /// <summary>The script runs, and the card is out before its answer comes.</summary>
    AnswerLost,

    /// <summary>The script runs, the terminal forgets its answer, the card stays in.</summary>
    Interrupted,

    /// <summary>The card is gone when the first card command comes.</summary>
    CardPulled,
}

/// <summary>A terminal with one insertion of a card: the real interpreter, and every script once.</summary>
internal sealed class ModelLink(
    ModelCard card, ScriptedHolder holder, TerminalProfile profile, ushort session, Bytes server, Power power, int maxScript = 8192,
    double roundTripSeconds = 0.02) : ILink, IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Dictionary<byte, (Bytes Script, Bytes Answer)> _done = [];
    private bool _initialized;

    public static Bytes Name { get; } = Bytes.FromHex("7465726D696E616C");

    public LinkTraits Traits { get; } = new(maxScript, TimeSpan.FromSeconds(roundTripSeconds));

    public TerminalProfile Profile => profile;

    public Bytes Terminal => Opening is null ? Name : Bytes.Of(card.Registration.Card);

    public ushort Session => session;

    public Bytes Atr => Bytes.Empty;

    /// <summary>The card opened the session by itself: its INITIALIZE is in force.</summary>
    public Opening? Opening
    {
        get;
        init => (field, _initialized) = (value, value?.Purse is not null);
    }

    public CancellationToken Ended => _ended.Token;

    /// <summary>What its owner set it up for; null for none.</summary>
    public VerifierKey? Verifier { get; init; }

    /// <summary>Every script that ran, once.</summary>
    public List<CommandScript> Ran { get; } = [];

    /// <summary>Every script that came, as often as it came.</summary>
    public List<Bytes> Came { get; } = [];

    /// <summary>The answer to each script that ran, whether it arrived or not.</summary>
    public List<Bytes> Answers { get; } = [];

    /// <summary>Decides what goes wrong.</summary>
    public Func<CommandScript, Fault> Faults { get; set; } = _ => Fault.None;

    public void Pull()
    {
        card.Reset();
        _ended.Cancel();
    }

    public void Dispose() => _ended.Dispose();

    public Task<Bytes> SendAsync(byte number, Bytes script, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        power.Need();
        if (_ended.IsCancellationRequested) throw new ConnectionLostException("The card is out.");
        Came.Add(script);
        if (_done.TryGetValue(number, out var before))
        {
            if (before.Script != script) throw new InvalidOperationException("Another script under a used number.");
            return Task.FromResult(before.Answer);
        }

        var read = script.Read<CommandScript>();
        var fault = script.Length > Traits.MaxScript ? throw new InvalidOperationException("Too long.") : Faults(read);
        if (fault == Fault.NeverRuns) throw Lost();
        var answer = Run(read, fault == Fault.CardPulled);
        if (fault == Fault.AnswerLost) throw Lost();
        if (fault == Fault.Interrupted) answer = Bytes.Of(ResponseScript.Refusing(StopReason.Interrupted, read.Head));
        _done[number] = (script, answer);
        if (fault == Fault.CardPulled) Pull();
        return Task.FromResult(answer);
    }

    public Task<ILink> ReopenAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        _ended.Cancel();
        return Task.FromResult<ILink>(new ModelLink(
            card, holder, profile, (ushort)(session + 1), server, power, maxScript, roundTripSeconds));
    }

    private Bytes Run(CommandScript script, bool pulled)
    {
        Ran.Add(script);
        card.Begin();
        var sim = card.Registration.Kind == CardKind.Sim;
        using var interpreter = new ScriptInterpreter(
            script,
            sim
                ? TerminalRules.ForSim(Bytes.Of(card.Registration.Card), profile) with
                {
                    CachedList = name => card.Lists.Values.FirstOrDefault(list => list.Name == name)?.Whole,
                }
                : TerminalRules.ForTerminal(server, profile) with
                {
                    Terminal = Terminal,
                    Verifier = profile.HasVerifier && Verifier is { } pinned ? new PinnedVerifier(pinned.Id, pinned.Name) : null,
                },
            sim ? CardSituation.Sim(card.Registration.Currency, _initialized) : CardSituation.Inserted(_initialized));
        var action = interpreter.Next(null);
        while (action is not Done)
        {
            action = interpreter.Next(action switch
            {
                Transmit when pulled => StepOutcome.CardLost,
                Transmit transmit when card.PulledAt == transmit.Command.Ins && card.PulledAt != 0 => Pulled(),
                Transmit transmit => new CardAnswered(card.Transmit(transmit.Command)),
                Perform { Prompt.Statement: not null } sealing when holder.Perform(sealing) is var outcome =>
                    outcome is HolderEntered entered ? entered.Seal(sealing, Verifier!) : outcome,
                Perform perform => holder.Perform(perform),
                Print print => holder.Print(print.Content),
                _ => throw new InvalidOperationException(),
            });
        }

        var done = (Done)action;
        _initialized = done.InitializeInForce;
        foreach (var list in done.Lists) card.Keep(list);
        Answers.Add(done.Answer);
        return done.Answer;
    }

    private StepOutcome Pulled()
    {
        card.PulledAt = 0;
        Pull();
        return StepOutcome.CardLost;
    }

    private ConnectionLostException Lost()
    {
        Pull();
        return new ConnectionLostException("The card is out.");
    }
}
