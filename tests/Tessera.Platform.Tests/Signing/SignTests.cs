using Tessera.Apps;
using Tessera.Cards.Piv;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Signing;
using Tessera.Platform.Views;
using Tessera.Toolkit;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Signing;

/// <summary>A document is shown, agreed to, signed by the card, verified and filed (docs/protocols/evidence.md).</summary>
public class SignTests
{
    private static readonly Dialogue<SignedTransaction> Sign = Dialogue.Sign(SigningWorld.Contract);

    [Theory]
    [InlineData(PivAlgorithm.P256)]
    [InlineData(PivAlgorithm.P384)]
    [InlineData(PivAlgorithm.Rsa2048)]
    public async Task What_was_shown_is_signed_in_one_script_and_filed(PivAlgorithm algorithm)
    {
        using var world = await SigningWorld.WithAsync(algorithm);
        using var till = world.Insert();
        world.Person.Does("123456");

        var (signed, _) = await world.RunAsync(till, Sign);

        Assert.Equal(SigningWorld.CardId, signed!.Card);
        Assert.Equal(PaymentMethod.Pin, signed.Method);
        Assert.Contains("Ada Lovelace", signed.Signer, StringComparison.Ordinal);
        Assert.Single(till.Ran, Signs);
        var file = Only(world);
        Assert.Equal(["Order 4711\nTwo tons of coal", "for Ada, 480.00"], file.Shown);
        Assert.Equal(("pin", 16, 2), (file.Confirmed, file.Columns, file.Rows));
        Assert.True(EvidenceCheck.Check(file, world.Trust) is { Holds: true, Trust.IsTrusted: true });
    }

    [Fact]
    public async Task A_card_that_is_known_proves_itself_first_and_shows_no_certificate_again()
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        world.Person.Does("123456");
        await world.RunAsync(till, Sign);

        using var again = world.Insert(session: 0x2B);
        world.Person.Does("123456");
        await world.RunAsync(again, Sign);
        var script = Assert.Single(again.Ran, Signs);
        Assert.Equal([0x9E, 0x9C], script.Steps.OfType<SignStep>().Select(step => step.KeyReference));
        Assert.DoesNotContain(script.Steps, step => step is CardStep { Command.Ins: PivCommands.GetData });
        Assert.Equal(2, world.Evidence.Filed.Count);
        Assert.All(
            world.Evidence.Filed,
            filed => Assert.True(EvidenceCheck.Check(EvidenceFile.Read(filed.File.Span), world.Trust).Holds));
    }

    [Fact]
    public async Task What_follows_a_signature_is_in_the_same_script()
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        world.Person.Does("123456");

        var (signed, _) = await world.RunAsync(till, Sign.Then(Dialogue.Show("Filed.")));

        Assert.NotNull(signed.First);
        var script = Assert.Single(till.Ran, Signs);
        Assert.Equal(2, script.Steps.OfType<ToolkitStep>().Count(step => step.Command.Text is "Filed." or "Order 4711\nTwo tons of coal"));
    }

    [Fact]
    public async Task Beside_a_browser_it_is_shown_by_the_terminal_and_not_by_the_page()
    {
        using var world = await SigningWorld.WithAsync();
        using var agent = world.Insert(TerminalProfile.Rich);
        world.Person.Does("123456");

        var (signed, _) = await world.RunAsync(agent, Sign);

        Assert.NotNull(signed);
        Assert.Contains(world.Person.Shown, text => text.Contains("Two tons of coal", StringComparison.Ordinal));
        Assert.DoesNotContain(world.Page.Shown, text => text.Contains("Two tons of coal", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("!cancel at text")]
    [InlineData("!cancel")]
    public async Task Who_declines_signs_nothing(string answer)
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        world.Person.Does(answer);

        var (_, end) = await world.RunAsync(till, Sign);

        Assert.Equal(DialogueEnd.Cancelled, end);
        Assert.Empty(world.Evidence.Filed);
    }

    [Fact]
    public async Task Two_wrong_PINs_and_the_right_one_are_one_script_and_all_in_the_evidence()
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        world.Person.Does("111111", "222222", "123456");

        var (signed, _) = await world.RunAsync(till, Sign);

        Assert.NotNull(signed);
        Assert.Single(till.Ran, Signs);
        Assert.Contains("Wrong, 1 left\nTo sign, PIN:", world.Person.Shown, StringComparer.Ordinal);
        Assert.Contains("230263C2", Only(world).Record.ToString(), StringComparison.Ordinal);
        Assert.Contains("230263C1", Only(world).Record.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_PIN_that_is_blocked_signs_nothing_until_the_PUK_unblocks_it()
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        world.Person.Does("111111", "222222", "333333", "Stop");

        var (_, end) = await world.RunAsync(till, Sign);

        Assert.Equal(DialogueEnd.PinBlocked, end);
        Assert.Empty(world.Evidence.Filed);
        using var again = world.Insert(session: 0x2B);
        world.Person.Does("654321", "Unblock it with the PUK", "12345678", "654321", "654321", "654321");
        Assert.NotNull((await world.RunAsync(again, Sign)).Result);
    }

    [Theory]
    [InlineData("Pay \u202E00.084")]
    [InlineData("48\u200B0.00")]
    [InlineData("to p\u0430ypal")]
    [InlineData("\uD83D\uDE00")]
    public void A_document_that_may_show_something_else_than_it_says_is_none(string text) =>
        Assert.Throws<ArgumentException>(() => Dialogue.Sign(View.Titled("Order").Text($"480.00 {text}")));

    [Fact]
    public async Task Line_ends_and_tabs_of_a_file_are_shown_as_those_of_a_display()
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        world.Person.Does("123456");

        await world.RunAsync(till, Dialogue.Sign(View.Titled("Order").Text("coal\t480.00\r\nfor Ada\r\n")));

        Assert.Equal(["Order\ncoal 480.00", "for Ada\n"], Only(world).Shown);
    }

    [Theory]
    [InlineData(2, 16)]
    [InlineData(4, 20)]
    [InlineData(8, 20)]
    [InlineData(25, 80)]
    public async Task Every_word_of_a_long_document_is_shown_once_and_in_order_whatever_the_display(int rows, int columns)
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert(TerminalProfile.Text(rows, columns, TerminalCapabilities.None));
        world.Person.Does("123456");
        string[] words = [.. Enumerable.Range(0, 80).Select(i => $"w{i}{new string('x', i % 25)}")];

        await world.RunAsync(till, Dialogue.Sign(View.Titled("Terms").Text(string.Join(' ', words))));

        var shown = string.Concat(Only(world).Shown).Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
        Assert.Equal($"Terms{string.Concat(words)}", shown);
    }

    [Fact]
    public async Task A_document_that_is_too_long_for_one_script_is_not_signed_in_part()
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        var text = string.Join(' ', Enumerable.Range(0, 600).Select(i => $"w{i:D4}"));

        var (_, end) = await world.RunAsync(till, Dialogue.Sign(View.Titled("Terms").Text(text)));

        Assert.Equal(DialogueEnd.TerminalRefused, end);
        Assert.Empty(world.Evidence.Filed);
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "It is signed, but it could not be kept on your card.")]
    public async Task What_was_signed_is_noted_on_the_card_and_stands_where_it_cannot_be(bool isFull, string said)
    {
        using var world = await SigningWorld.WithAsync(keeper: new OrdersApplication());
        if (isFull) world.FillStore(OrdersApplication.LastOrder);
        using var till = world.Insert();
        world.Person.Does("123456");

        var (signed, end) = await world.RunAsync(
            till, Sign.Then(Dialogue.Keep(OrdersApplication.LastOrder, "Order 4711"), (one, _) => one).ThenShow("Thank you."));

        Assert.Equal((null, SignTests.Only(world).Id.ToString()), (end, signed?.Evidence));
        Assert.Single(till.Ran, Signs);
        Assert.Contains("Thank you.", world.Person.Shown, StringComparer.Ordinal);
        var told = string.Join(' ', world.Person.Shown).Replace('\n', ' ');
        Assert.Equal(said.Length > 0, told.Contains("could not be kept", StringComparison.Ordinal));
        Assert.Contains(said, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_ends_the_dialogue_behind_the_signature_has_signed_all_the_same()
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        world.Person.Does("123456", "!cancel at text");

        var (signed, end) = await world.RunAsync(till, Sign.ThenShow("Thank you."));

        Assert.Equal((null, SignTests.Only(world).Id.ToString()), (end, signed?.Evidence));
    }

    [Fact]
    public async Task A_card_without_a_purse_signs_too()
    {
        using var world = await SigningWorld.WithAsync(hasPurse: false);
        using var till = world.Insert();
        world.Person.Does("123456");

        Assert.NotNull((await world.RunAsync(till, Sign)).Result);
    }

    [Fact]
    public async Task A_card_without_a_key_is_honestly_told_so_and_asked_for_no_PIN()
    {
        using var world = await SigningWorld.WithAsync(signs: false);
        using var till = world.Insert();

        var (_, end) = await world.RunAsync(till, Sign);

        Assert.Equal(DialogueEnd.CardRefused, end);
        Assert.EndsWith("This card cannot sign here.", string.Join(' ', world.Person.Shown), StringComparison.Ordinal);
        Assert.DoesNotContain(world.Person.Shown, text => text.Contains("PIN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_card_that_is_pulled_while_it_signs_leaves_no_evidence()
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        till.PulledAt = command => command is { Ins: PivCommands.GeneralAuthenticate, P2: 0x9C };
        world.Person.Does("123456");

        var (signed, _) = await world.RunAsync(till, Sign);

        Assert.Null(signed);
        Assert.Empty(world.Evidence.Filed);
    }

    [Fact]
    public async Task A_signature_whose_answer_is_lost_leaves_no_evidence()
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        till.Answering = (script, answer) => Signs(script) ? null : answer;
        world.Person.Does("123456");

        Assert.Null((await world.RunAsync(till, Sign)).Result);
        Assert.Empty(world.Evidence.Filed);
    }

    [Fact]
    public async Task A_revoked_certificate_signs_nothing_and_a_card_that_is_known_is_asked_for_no_PIN()
    {
        using var world = await SigningWorld.WithAsync();
        world.Revoke();
        using var till = world.Insert();
        world.Person.Does("123456");

        Assert.Equal(DialogueEnd.CardRefused, (await world.RunAsync(till, Sign)).End);
        Assert.Empty(world.Evidence.Filed);
    }

    [Fact]
    public async Task A_card_that_was_revoked_after_it_was_known_is_asked_for_no_PIN()
    {
        using var world = await SigningWorld.WithAsync();
        using (var till = world.Insert())
        {
            world.Person.Does("123456");
            await world.RunAsync(till, Sign);
        }

        world.Revoke();
        using var again = world.Insert(session: 0x2B);

        Assert.Equal(DialogueEnd.CardRefused, (await world.RunAsync(again, Sign)).End);
        Assert.DoesNotContain(again.Ran, Signs);
        Assert.Single(world.Evidence.Filed);
    }

    [Fact]
    public async Task A_card_with_other_keys_than_are_known_shows_its_certificates_and_signs()
    {
        using var world = await SigningWorld.WithAsync();
        using (var till = world.Insert())
        {
            world.Person.Does("123456");
            await world.RunAsync(till, Sign);
        }

        using var renewed = SigningCard.Make(SigningWorld.CardId, world.Authority, SigningWorld.Now, PivAlgorithm.P256);
        using var again = world.Insert(card: renewed, session: 0x2B);
        world.Person.Does("123456", "123456");

        var (signed, _) = await world.RunAsync(again, Sign);

        Assert.NotNull(signed);
        Assert.Equal(2, again.Ran.Count(Signs));
        Assert.Equal(2, world.Evidence.Filed.Count);
    }

    [Fact]
    public async Task An_answer_that_was_tampered_with_is_no_evidence()
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        till.Answering = (script, answer) => Signs(script) ? Tampered(answer) : answer;
        world.Person.Does("123456");

        Assert.Equal(DialogueEnd.CardRefused, (await world.RunAsync(till, Sign)).End);
        Assert.Empty(world.Evidence.Filed);

        static Bytes Tampered(Bytes answer)
        {
            var octets = answer.ToArray();
            octets[^5] ^= 1;
            return new Bytes(octets);
        }
    }

    internal static EvidenceFile Only(SigningWorld world) =>
        EvidenceFile.Read(Assert.Single(world.Evidence.Filed).File.Span);

    internal static bool Signs(CommandScript script) => script.Numbered().Any(one => one.Step is SignStep { KeyReference: 0x9C });
}
