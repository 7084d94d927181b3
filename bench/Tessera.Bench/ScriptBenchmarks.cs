using BenchmarkDotNet.Attributes;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Toolkit;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.Bench;

/// <summary>A script from its octets to the octets of its answer: SELECT, INITIALIZE, GET BALANCE against the card in process.</summary>
[MemoryDiagnoser]
public class ScriptBenchmarks
{
    private readonly TerminalRules _rules = TerminalRules.ForTerminal(new Bytes(new byte[8]), TerminalProfile.Rich);
    private readonly Bytes _script = Bytes.Of(new CommandScript(1, 1,
    [
        new CardStep(PurseCommands.Select), new CardStep(PurseCommands.Initialize(new Bytes(new byte[8]))),
        new CardStep(PurseCommands.Balance),
    ]));
    private CardOs _card = null!;

    [GlobalSetup]
    public void Setup()
    {
        var medium = new MemoryMedium();
        using (var personalisation = Personalisation.Demonstration(new CardId(0x0123456789ABCDEF)))
            CardImage.Create(medium, personalisation);
        _card = CardImage.Open(medium);
        _card.Reset();
    }

    [GlobalCleanup]
    public void Cleanup() => _card.Dispose();

    [Benchmark]
    public Bytes RoundTrip()
    {
        using var interpreter = new ScriptInterpreter(
            _script.Read<CommandScript>(), _rules, CardSituation.Inserted(initializeInForce: false));
        StepOutcome? outcome = null;
        while (true)
        {
            switch (interpreter.Next(outcome))
            {
                case Transmit transmit:
                    outcome = new CardAnswered(_card.Transmit(Bytes.Of(transmit.Command).Span).Read<ResponseApdu>());
                    break;
                case Done done:
                    return done.Answer;
            }
        }
    }
}
