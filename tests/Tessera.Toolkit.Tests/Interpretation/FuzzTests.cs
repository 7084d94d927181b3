using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>Random scripts with random outcomes: always an end, never an exception, never a rule broken.</summary>
public class FuzzTests
{
    private const int Rounds = 4000;

    private static readonly ProactiveCommand Goods = ProactiveCommand.SelectItem("?", "Tea", "Gold");

    [Fact]
    public void Whatever_the_script_and_whatever_comes_of_it_there_is_an_answer()
    {
        var random = new Random(2026);
        var (executed, payments, printed) = (0, 0, 0);
        var fingers = 0;
        var profile = TerminalProfile.Rich with
        {
            Capabilities = TerminalCapabilities.Printer | TerminalCapabilities.Biometrics,
        };
        for (var round = 0; round < Rounds; round++)
        {
            var wild = random.Next(3) == 0;
            var stage = new Stage
            {
                Situation = new CardSituation(
                    random.Next(3) == 0 ? null : AppletPolicies.Purse,
                    random.Next(4) == 0 ? null : Stage.Euro,
                    random.Next(2) == 0),
            };
            if (random.Next(2) == 0) stage.Rules = TerminalRules.ForTerminal(Stage.Server, profile);
            stage.Card = command =>
            {
                Watch(stage, command);
                return RandomAnswer(random, command, wild);
            };
            stage.Holder = perform => RandomHolder(random, perform, wild);
            stage.Printer = print =>
            {
                if (print.Content.Slip is not null)
                    Assert.Contains(stage.Sent, sent => sent.StartsWith("805401", StringComparison.Ordinal));
                return RandomPrinter(random, wild);
            };

            var answer = stage.Play(RandomScript(random));

            executed += answer.Executed;
            payments += stage.Trace!.Payments.Count;
            printed += stage.Printed.Count;
            fingers += stage.Sent.Count(sent => sent.StartsWith("00210081", StringComparison.Ordinal));
            Assert.Equal(answer, Bytes.Of(answer).Read<ResponseScript>());
            Assert.DoesNotContain("3939393939", Bytes.Of(answer).ToString(), StringComparison.Ordinal);
            if (answer.Executed > 0 && answer.Stopped?.Reason != StopReason.CardLost)
                Assert.Contains("0020FF80", stage.Sent, StringComparer.Ordinal);
        }

        Assert.True(executed > Rounds / 4, $"{executed} commands");
        Assert.True(payments > 50, $"{payments} payments");
        Assert.True(fingers > 100, $"{fingers} fingers");
        Assert.True(printed > 40, $"{printed} printed");
    }

    [Fact]
    public void A_mutated_worked_script_ends_too()
    {
        var random = new Random(154);
        var worked = Scripts.WorkedScripts.Scripts[0].ToArray();
        var ran = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var octets = (byte[])worked.Clone();
            for (var flips = random.Next(3); flips >= 0; flips--)
                octets[random.Next(9, octets.Length)] = (byte)random.Next(256);
            if (!CommandScript.TryRead(new Bytes(octets), out var script, out _)) continue;

            ran++;
            var stage = new Stage { Situation = CardSituation.Sim(Stage.Euro, true) };
            stage.Card = command =>
            {
                Watch(stage, command);
                return Stage.Answer("9000");
            };
            stage.Play(script);
        }

        Assert.True(ran > 1000, $"{ran} scripts");
    }

    /// <summary>What must hold of every command that reaches a card, whoever wrote the script.</summary>
    private static void Watch(Stage stage, CommandApdu command)
    {
        Assert.Equal(0, command.Cla & 0x1F);
        if (command is { Ins: 0x20 or 0x21 or 0x24 or 0x2C, P1: 0 })
        {
            Assert.True(stage.Prompts.Last().IsHidden);
        }
        else
        {
            Assert.DoesNotContain("3939393939", command.Data.ToString(), StringComparison.Ordinal);
        }

        if (command is { Cla: 0x80, Ins: 0x54, P1: 1 })
        {
            var payment = stage.Prompts.Last(prompt => prompt.Payment is not null).Payment!;
            var at = (command.P2 & 2) == 0 ? 4 : 16;
            Assert.Equal(payment.Amount, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(command.Data.Span[at..]));
            Assert.False(string.IsNullOrWhiteSpace(payment.Item));
        }
    }

    private static CommandScript RandomScript(Random random)
    {
        while (true)
        {
            var budget = 12;
            var builder = new ScriptBuilder();
            if (random.Next(2) == 0) builder.Send(PurseCommands.Select);
            if (random.Next(2) == 0) builder.Perform(ProactiveCommand.SelectItem("?", "Tea", "Gold"));
            Fill(builder, 0);
            try
            {
                return builder.Build((ushort)random.Next(1, 9), (byte)random.Next(1, 256));
            }
            catch (InvalidOperationException)
            {
                continue;
            }

            void Fill(ScriptBuilder into, int depth)
            {
                for (var steps = random.Next(1, 6); steps > 0 && budget-- > 0; steps--)
                    AddRandom(random, into, depth, Fill);
            }
        }
    }

    private static void AddRandom(Random random, ScriptBuilder into, int depth, Action<ScriptBuilder, int> fill)
    {
        var amount = (uint)random.Next(5000);
        var terms = (MoveTerms)random.Next(4);
        var s2 = new Bytes(new byte[8]);
        var move = PurseCommands.Move((MoveKind)random.Next(1, 4), terms & MoveTerms.WithoutPin, 0, amount, s2);
        var typed = PurseCommands.Move(MoveKind.Debit, terms | MoveTerms.Ceiling, 0, amount, s2);
        switch (random.Next(23))
        {
            case 0: into.Perform(ProactiveCommand.DisplayText("Tea")); break;
            case 1: into.Perform(ProactiveCommand.SelectItem("?", "Tea", "Gold", "")); break;
            case 2: into.Perform(ProactiveCommand.GetInput("Name", 0, 9, (InputQualifier)random.Next(16))); break;
            case 3: into.Perform(ProactiveCommand.GetInkey("?", (InputQualifier)random.Next(8))); break;
            case 4: into.Perform(ProactiveCommand.SetUpCall("x", "112")); break;
            case 5: into.VerifyPin(); break;
            case 6: into.ExpectAnything().VerifyPin(); break;
            case 7: into.ChangePin(out _); break;
            case 8: into.UnblockPin(out _); break;
            case 9: into.Send(PurseCommands.Initialize(s2)); break;
            case 10: into.VerifyPin().Move(move, out _); break;
            case 11: into.Add(InputStep.Amount(16)).Move(typed, out _); break;
            case 12: into.Move(PurseCommands.Move(MoveKind.Debit, terms, 0, amount, s2), out _); break;
            case 13: into.Send(random.Next(2) == 0 ? StoreCommands.Select : PurseCommands.Select); break;
            case 14: into.Sign(0x9C, SignatureAlgorithm.EccP256, out _); break;
            case 15 when depth < 4: into.Branch(a => fill(a, depth + 1), b => fill(b, depth + 1)); break;
            case 16: into.Add(RandomModifier(random)).Send(RandomCommand(random)); break;
            case 17: into.KeepList((byte)random.Next(3), 1, Goods, out _); break;
            case 20: into.ExpectAnything().VerifyFinger(); break;
            case 21: into.VerifyFinger().Move(move, out _); break;
            case 19: into.Print("Bye", random.Next(2) == 0); break;
            case 18: into.Add(CachedListStep.Titled(new ListVersion((byte)random.Next(3), 1), "!")); break;
            default: into.Send(RandomCommand(random)); break;
        }
    }

    private static ScriptStep RandomModifier(Random random) => random.Next(5) switch
    {
        0 => new InputStep(0, (InputSource)random.Next(1, 6), InputFormat.Ascii, 8, 0, 0),
        4 => InputStep.Finger,
        1 => new ShownDigestStep(0, (byte)random.Next(1, 33)),
        2 => new PickStep(0, [new Bytes(new byte[8]), new Bytes(new byte[8])]),
        _ => new ExpectStep([new ExpectedStatus(new StatusWord((ushort)random.Next(65536)), (ushort)random.Next(65536))]),
    };

    private static CommandApdu RandomCommand(Random random)
    {
        var data = new byte[random.Next(3) == 0 ? random.Next(40) : 0];
        random.NextBytes(data);
        byte[] classes = [0x00, 0x80, 0x80, 0x10, 0x84];
        byte[] instructions = [0x20, 0x21, 0x24, 0x2C, 0x50, 0x54, 0x5A, 0x5C, 0x5E, 0xA4, 0xB2, 0x87];
        return new CommandApdu(
            classes[random.Next(classes.Length)], instructions[random.Next(instructions.Length)], (byte)random.Next(3),
            (byte)(random.Next(3) is var reference and > 0 ? 0x7F + reference : 0), new Bytes(data), random.Next(2) == 0 ? 256 : null);
    }

    private static StepOutcome RandomAnswer(Random random, CommandApdu command, bool wild)
    {
        if (wild && random.Next(6) == 0) return random.Next(2) == 0 ? StepOutcome.CardLost : StepOutcome.Interrupted;
        if (wild && random.Next(4) == 0)
        {
            var data = new byte[random.Next(300)];
            random.NextBytes(data);
            return new CardAnswered(new ResponseApdu(new Bytes(data), new StatusWord((ushort)random.Next(65536))));
        }

        return Stage.Answer(command.Ins == 0xA4 ? $"{Stage.PurseTemplate} 9000" : "9000");
    }

    private static StepOutcome RandomPrinter(Random random, bool wild) => (wild ? random.Next(5) : 0) switch
    {
        0 => new PrinterAnswered(GeneralResult.Success),
        1 => StepOutcome.CardLost,
        2 => StepOutcome.Interrupted,
        _ => new PrinterAnswered((GeneralResult)random.Next(256)),
    };

    private static StepOutcome RandomHolder(Random random, Perform perform, bool wild)
    {
        if (wild && random.Next(8) == 0) return StepOutcome.CardLost;
        if (wild && random.Next(3) == 0 && perform.Prompt?.IsHidden != true)
        {
            var value = new byte[random.Next(20)];
            random.NextBytes(value);
            var found = new ComprehensionTlv((byte)random.Next(1, 0x7F), new Bytes(value));
            return new HolderAnswered(TerminalResponse.To(perform.Command, (GeneralResult)random.Next(256), found));
        }

        if (perform.Prompt?.Kind == PromptKind.Finger) return RandomFinger(random, wild);
        if (wild && perform.Prompt?.IsHidden == true) return Stage.Typed(new string('9', random.Next(5, 10)));
        return perform.Prompt is { IsHidden: true, Kind: not PromptKind.Puk } ? Stage.Typed("999999") : Stage.Agree(perform);
    }

    private static HolderEntered RandomFinger(Random random, bool wild)
    {
        var octets = Bytes.FromHex("7F2E08 8106 383939 393939").ToArray();
        if (wild && random.Next(3) == 0) octets[random.Next(octets.Length)]++;
        return new HolderEntered(octets);
    }
}
