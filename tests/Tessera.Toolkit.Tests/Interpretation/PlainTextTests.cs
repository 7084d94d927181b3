using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Xunit;

namespace Tessera.Toolkit.Tests.Interpretation;

/// <summary>docs/protocols/script.md §6, rule 11: a card signs over text that shows what it says, and no other.</summary>
public class PlainTextTests
{
    [Theory]
    [InlineData("Order 4711\nTwo tons of coal, 480.00 EUR")]
    [InlineData("Größe: 3 µm, 10 k\u03A9, 25 °C, 30 £, naïve")]
    [InlineData("Договор № 5: уголь, 480,00")]
    [InlineData("Σύμβαση 5, 480,00")]
    [InlineData("חוזה 5: 480.00")]
    [InlineData("عقد ٥")]
    [InlineData("契約書 第5号")]
    [InlineData("अनुबंध 5")]
    public void Text_of_any_language_is_plain(string text) => Assert.Null(PlainText.FaultOf(text));

    [Theory]
    [InlineData("pay \u202E00.084\u202C now", '\u202E')]
    [InlineData("pay \u2067480\u2069", '\u2067')]
    [InlineData("48\u200B0.00", '\u200B')]
    [InlineData("48\u00AD0.00", '\u00AD')]
    [InlineData("one\rtwo", '\r')]
    [InlineData("one\b\b\b", '\b')]
    [InlineData("\u001B[2J", '\u001B')]
    [InlineData("48\u03360.00", '\u0336')]
    [InlineData("48\u20E00.00", '\u20E0')]
    [InlineData("one\u2028two", '\u2028')]
    [InlineData("\uE000", '\uE000')]
    [InlineData("\uFFFE", '\uFFFE')]
    [InlineData("thanks \uD83D\uDE00", '\uD83D')]
    [InlineData("half \uFFFD", '\uFFFD')]
    [InlineData("a\u3164b", '\u3164')]
    [InlineData("to p\u0430ypal", 'p')]
    [InlineData("\u0391da", '\u0391')]
    public void What_hides_moves_or_mimics_is_not(string text, char fault) => Assert.Equal(fault, PlainText.FaultOf(text));

    [Fact]
    public void What_was_shown_otherwise_than_it_reads_is_not_signed_and_no_PIN_is_asked()
    {
        Refused(ProactiveCommand.DisplayText("Pay \u202E00.084"));
        Refused(ProactiveCommand.DisplayText("Pay 480.00"), ProactiveCommand.DisplayText("not\u00AD"));
        Refused(ProactiveCommand.DisplayText("Pay 480.00"), ProactiveCommand.SelectItem("How?", ["c\u0430sh"]));
    }

    [Fact]
    public void An_item_chosen_from_a_list_whose_lines_may_be_cut_is_no_agreement() =>
        Refused(ProactiveCommand.SelectItem("Sign?", ["Two tons of coal for Ada, to be paid on delivery, 480.00"]));

    private static void Refused(params ProactiveCommand[] shown)
    {
        var stage = new Stage { Situation = CardSituation.Inserted(false), Card = _ => Stage.Answer("9000") };
        var script = new ScriptBuilder().Send(new CommandApdu(0x00, 0xA4, 0x04, 0x00, AppletPolicies.Piv.Aid, Le: 256));
        foreach (var one in shown) script = script.Perform(one);

        stage.Stops(
            script.VerifyPin().Sign(0x9C, SignatureAlgorithm.EccP256, out var step), StopReason.NoItem, step);

        // No VERIFY: the last is the one that closes the script.
        Assert.DoesNotContain(stage.Prompts, prompt => prompt.IsHidden);
    }
}
