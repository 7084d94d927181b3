using System.Text;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Tests.Scripts;
using Tessera.Toolkit.Tests.Verifiers;
using Tessera.Toolkit.Verifiers;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>docs/protocols/script.md §6.12: a PIN or finger for a verifier leaves a terminal encrypted for it, or not at all.</summary>
public sealed class SealedEntryTests : IDisposable
{
    private const string Template = "7F2E08 8106 313131 323232";

    private static readonly Bytes Terminal = Bytes.FromHex("B1B2B3B4B5B6B7B8");
    private static readonly Bytes Nonce = Bytes.FromHex("D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0");
    private static readonly CardId Card = CardId.Parse("0123456789ABCDEF");

    private readonly TestVerifier _verifier = new();

    public void Dispose() => _verifier.Dispose();

    [Fact]
    public void A_PIN_is_sealed_for_the_verifier_named_to_the_holder_before_and_zero_afterwards()
    {
        var stage = NewStage();
        var digits = Encoding.ASCII.GetBytes("1234567");
        stage.Holder = perform => perform.Prompt is null
            ? Stage.Agree(perform)
            : new HolderEntered(digits).Seal(perform, _verifier.Key);

        var answer = stage.Play(Identifying(InputSource.Pin));

        Assert.Null(answer.Stopped);
        Assert.Equal("Your balance\nPIN goes to\nTest Bank:", stage.Texts[^1]);
        Assert.True(stage.Shown[^1].Command.IsHiddenInput);
        Assert.Null(stage.Shown[^1].Prompt!.Place);
        Assert.Equal(new byte[7], digits);
        var entry = Assert.Single(stage.Trace!.Entries);
        Assert.Equal("1234567"u8.ToArray().Append((byte)0xFF), SealedEntry.Open(_verifier.Sealing, entry.Statement, entry.Sealed));
        Assert.Equal(["00A4040009F0544553534552410100", "0020FF80"], stage.Sent);
    }

    [Fact]
    public void A_finger_is_sealed_alike_and_its_length_says_nothing_of_it()
    {
        var stage = NewStage(TerminalCapabilities.Biometrics);

        Assert.Null(stage.Play(Identifying(InputSource.Finger)).Stopped);

        Assert.Equal("Your balance\nFinger goes to\nTest Bank", stage.Texts[^1]);
        var entry = Assert.Single(stage.Trace!.Entries);
        Assert.Equal(Hpke.Overhead + 187, entry.Sealed.Length);
        var opened = SealedEntry.Open(_verifier.Sealing, entry.Statement, entry.Sealed)!;
        Assert.Equal(Bytes.FromHex(Template).ToArray(), opened[..11]);
        Assert.All(opened[11..], octet => Assert.Equal(0, octet));
    }

    [Fact]
    public void It_is_bound_to_server_session_number_nonce_terminal_card_and_what_was_shown()
    {
        var stage = NewStage();
        stage.Play(Identifying(InputSource.Pin));
        var statement = stage.Trace!.Entries[0].Statement;

        Assert.Equal(
            new VerificationStatement(
                Stage.Server, 0x2A, 1, Nonce, Terminal, Card, InputSource.Pin, statement.Digest), statement);
        var other = NewStage();
        other.Play(Identifying(InputSource.Pin, "Your balances"));
        Assert.NotEqual(statement.Digest, other.Trace!.Entries[0].Statement.Digest);
    }

    [Fact]
    public void Every_bit_of_statement_and_entry_counts()
    {
        var stage = NewStage();
        stage.Play(Identifying(InputSource.Pin));
        var (statement, entry) = (stage.Trace!.Entries[0].Statement, stage.Trace.Entries[0].Sealed);
        Assert.NotNull(SealedEntry.Open(_verifier.Sealing, statement, entry));

        var octets = Bytes.Of(statement).ToArray();
        for (var bit = 0; bit < 8 * octets.Length; bit++)
            Assert.Null(Opened(new Bytes(Turned(octets, bit)), entry));
        for (var bit = 0; bit < 8 * entry.Length; bit++)
            Assert.Null(Opened(new Bytes(octets), new Bytes(Turned(entry.ToArray(), bit))));
    }

    [Fact]
    public void Neither_answer_nor_trace_nor_digest_has_a_digit_of_it()
    {
        var stage = NewStage();

        var answer = Bytes.Of(stage.Play(Identifying(InputSource.Pin))).ToString();

        Assert.DoesNotContain("313233343536", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "313233343536", string.Join(' ', stage.Trace!.Steps.Select(step => step.ToString())), StringComparison.Ordinal);
        var again = NewStage();
        again.Play(Identifying(InputSource.Pin));
        Assert.NotEqual(stage.Trace.Digest, again.Trace!.Digest); // of what was sent, which is never the same twice
    }

    [Fact]
    public void A_terminal_that_is_set_up_for_none_asks_nobody()
    {
        var stage = NewStage();
        stage.Rules = stage.Rules with { Verifier = null };

        Refuses(stage, InputSource.Pin, StopReason.NotCapable);
    }

    [Fact]
    public void A_terminal_sends_to_its_own_verifier_and_to_no_other()
    {
        var stage = NewStage();
        stage.Rules = stage.Rules with { Verifier = new PinnedVerifier(Bytes.FromHex("F1F2F3F4F5F6F7F8"), "Another") };

        Refuses(stage, InputSource.Pin, StopReason.NotAllowed);
    }

    [Fact]
    public void Without_reader_for_fingers_without_card_and_without_a_reason_nobody_is_asked()
    {
        Refuses(NewStage(), InputSource.Finger, StopReason.NotCapable);

        var cardless = NewStage();
        cardless.Stops(
            new ScriptBuilder().Perform(ProactiveCommand.DisplayText("Your balance")).Add(Step(InputSource.Pin)),
            StopReason.NotAllowed, 2);
        var silent = NewStage();
        silent.Stops(new ScriptBuilder().Send(PurseCommands.Select).Add(Step(InputSource.Pin)), StopReason.NoItem, 2);
        Assert.Empty(cardless.Prompts.Concat(silent.Prompts));
    }

    [Theory]
    [InlineData(GeneralResult.SessionTerminatedByUser, StopReason.EndedByHolder)]
    [InlineData(GeneralResult.NoResponseFromUser, StopReason.NoAnswerFromHolder)]
    [InlineData(GeneralResult.BeyondCapabilities, StopReason.NotCapable)]
    public void What_is_not_entered_ends_the_script(GeneralResult result, StopReason reason)
    {
        var stage = NewStage();
        stage.Holder = perform => perform.Prompt is null ? Stage.Agree(perform) : Stage.Result(perform, result);

        stage.Stops(Identifying(InputSource.Pin), reason, 3);

        Assert.Empty(stage.Trace!.Entries);
    }

    [Theory]
    [InlineData("12345")]
    [InlineData("123456789")]
    [InlineData("12345a")]
    [InlineData("")]
    public void What_is_no_PIN_is_not_sent(string typed)
    {
        var stage = NewStage();
        stage.Holder = perform => perform.Prompt is null
            ? Stage.Agree(perform)
            : Stage.Typed(typed).Seal(perform, _verifier.Key);

        stage.Stops(Identifying(InputSource.Pin), StopReason.NotCapable, 3);
    }

    [Fact]
    public void Clear_digits_are_no_answer_to_a_prompt_for_a_verifier()
    {
        var stage = NewStage();
        stage.Holder = perform => perform.Prompt is null ? Stage.Agree(perform) : Stage.Typed("123456");

        Assert.Throws<ArgumentException>(() => stage.Play(Identifying(InputSource.Pin)));
    }

    [Fact]
    public void The_worked_entry_is_bound_as_written_and_refused_as_written()
    {
        var script = WorkedScripts.Of("sealedscript").Single().Read<CommandScript>();
        var id = Bytes.FromHex("F1F2F3F4F5F6F7F8");
        var (own, none) = (NewStage(), NewStage());
        own.Rules = own.Rules with { Verifier = new PinnedVerifier(id, "Test Bank") };
        none.Rules = none.Rules with { Verifier = null };

        Assert.Null(own.Play(script).Stopped);
        Assert.Equal(WorkedScripts.Of("statement").Single(), Bytes.Of(own.Trace!.Entries[0].Statement));
        Assert.Equal(WorkedScripts.Of("sealedanswer").Single(), Bytes.Of(none.Play(script)));
        Assert.Equal(97, Bytes.Of(own.Trace.Entries[0].Statement).Length);
        Assert.Equal(VerificationStatement.Length, Bytes.Of(own.Trace.Entries[0].Statement).Length);
    }

    private void Refuses(Stage stage, InputSource source, StopReason reason)
    {
        stage.Stops(Identifying(source), reason, 3);
        Assert.Empty(stage.Prompts);
    }

    private byte[]? Opened(Bytes statement, Bytes entry)
    {
        try
        {
            return SealedEntry.Open(_verifier.Sealing, statement.Read<VerificationStatement>(), entry);
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    private static byte[] Turned(byte[] octets, int bit)
    {
        byte[] turned = [.. octets];
        turned[bit / 8] ^= (byte)(1 << (bit % 8));
        return turned;
    }

    private SealedStep Step(InputSource source) => new(source, _verifier.Key.Id, Nonce);

    private ScriptBuilder Identifying(InputSource source, string why = "Your balance") => new ScriptBuilder()
        .Send(PurseCommands.Select).Perform(ProactiveCommand.DisplayText(why)).Add(Step(source));

    private Stage NewStage(TerminalCapabilities capabilities = TerminalCapabilities.None)
    {
        var profile = TerminalProfile.Rich with { Capabilities = capabilities };
        var stage = new Stage
        {
            Rules = TerminalRules.ForTerminal(Stage.Server, profile) with
            {
                Terminal = Terminal,
                Verifier = new PinnedVerifier(_verifier.Key.Id, _verifier.Key.Name),
            },
            Situation = CardSituation.Inserted(initializeInForce: false),
        };
        stage.Holder = perform => perform.Prompt?.Kind switch
        {
            null => Stage.Agree(perform),
            PromptKind.Finger => new HolderEntered(Bytes.FromHex(Template).ToArray()).Seal(perform, _verifier.Key),
            _ => Stage.Typed("123456").Seal(perform, _verifier.Key),
        };
        return stage;
    }
}
