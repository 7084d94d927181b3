using System.Text;
using Tessera.Cards.Identity;
using Tessera.Cards.Piv;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Sessions;
using Tessera.Platform.Signing;
using Tessera.Platform.Views;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Signing;

/// <summary>Evidence is checked by itself alone, and nothing in it can be changed (docs/protocols/evidence.md §3).</summary>
public class EvidenceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PivAlgorithm.P256)]
    [InlineData(PivAlgorithm.Rsa2048)]
    public async Task No_bit_in_a_slice_of_a_file_can_be_turned(PivAlgorithm algorithm)
    {
        using var world = await SigningWorld.WithAsync(algorithm);
        var file = await SignedAsync(world);
        var octets = file.ToUtf8();
        Assert.True(EvidenceCheck.Check(EvidenceFile.Read(octets), world.Trust).Holds);

        // By a bit that goes round; the trust in the signer is not needed to see it.
        for (var i = 0; i < octets.Length; i += 13)
        {
            var turned = octets.ToArray();
            turned[i] ^= (byte)(1 << (i % 8));
            Assert.False(Holds(turned, trust: null), $"Octet {i}: {(char)octets[i]} became {(char)turned[i]}");
        }
    }

    [Fact]
    public async Task No_field_can_be_another_one()
    {
        using var world = await SigningWorld.WithAsync();
        var file = await SignedAsync(world);
        var other = Bytes.FromHex("0011223344556677");
        EvidenceFile[] forged =
        [
            file with { Id = other }, file with { Shown = ["Order 4712"] }, file with { Shown = [.. file.Shown, "More"] },
            file with { Columns = 20 }, file with { Rows = 4 }, file with { Confirmed = "finger" },
            file with { Signer = "CN=Eve" }, file with { Card = other }, file with { Card = Bytes.Empty },
            file with { Time = file.Time.AddMilliseconds(1) }, file with { Application = "bank" },
            file with { Session = new Bytes(new byte[16]) }, file with { Server = other }, file with { Terminal = other },
            file with { Profile = Bytes.FromHex("FFFF") }, file with { Capabilities = 3 },
            file with { Initialized = !file.Initialized }, file with { Step = (byte)(file.Step - 1) },
            file with { Script = Turned(file.Script) }, file with { Answer = Turned(file.Answer) },
            file with { Record = Turned(file.Record) }, file with { Statement = Turned(file.Statement) },
            file with { Signature = Turned(file.Signature) }, file with { Certificate = Turned(file.Certificate) },
            file with { Chain = [] }, file with { Revocation = [] }, file with { ServerKey = Turned(file.ServerKey) },
            file with { CounterSignature = Turned(file.CounterSignature) },
        ];

        Assert.All(forged, one => Assert.False(Holds(one.ToUtf8(), world.Trust), one.ToString()));
    }

    [Fact]
    public async Task It_is_judged_by_the_roots_that_are_given_and_by_none_where_none_are()
    {
        using var world = await SigningWorld.WithAsync();
        var file = await SignedAsync(world);
        using var other = TestAuthority.Root("CN=Other", SigningWorld.Now.AddYears(-1));
        using var trust = TrustStore.Of([other.Certificate]);

        var untrusted = EvidenceCheck.Check(file, trust);

        Assert.True(untrusted.Trust!.Has(TrustFault.UnknownRoot));
        Assert.Contains("not trusted", Assert.Single(untrusted.Faults), StringComparison.Ordinal);
        Assert.True(EvidenceCheck.Check(file, null) is { Holds: true, Trust: null });
    }

    [Fact]
    public async Task A_certificate_that_was_revoked_later_was_good_then()
    {
        using var world = await SigningWorld.WithAsync();
        var file = await SignedAsync(world);
        var later = RevocationList.Read(world.Authority.List(
            SigningWorld.Now.AddDays(30), SigningWorld.Now.AddDays(60), (world.Certificate!, SigningWorld.Now.AddDays(20))));
        using var trust = TrustStore.Of([world.Authority.Certificate], lists: [later]);

        Assert.True(EvidenceCheck.Check(file, trust).Holds);
    }

    [Fact]
    public async Task One_that_was_revoked_before_was_not()
    {
        using var world = await SigningWorld.WithAsync();
        var file = await SignedAsync(world);
        world.Revoke();

        Assert.True(EvidenceCheck.Check(file, world.Trust).Trust!.Has(TrustFault.Revoked));
    }

    [Fact]
    public async Task A_terminal_without_a_session_has_one_script_and_the_card_need_not_be_registered()
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        world.Person.Does("123456");

        var outcome = await world.Host.SignAsync(till, "desk", SigningWorld.Contract, null, Cancel);

        Assert.Equal((SessionEnd.Completed, ""), (outcome.End, outcome.Words));
        Assert.Single(till.Ran);
        Assert.Equal(SigningWorld.CardId, outcome.Transaction!.Card);
        Assert.True(EvidenceCheck.Check(SignTests.Only(world), world.Trust).Holds);
        Assert.Equal(SessionEnd.Completed, Assert.Single(world.Sessions.Ends));
    }

    [Fact]
    public async Task A_document_that_is_too_long_for_a_terminal_is_not_shown_there()
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        var document = View.Titled("Terms").Text(string.Join(' ', Enumerable.Range(0, 600).Select(i => $"w{i:D4}")));

        var outcome = await world.Host.SignAsync(till, "desk", document, null, Cancel);

        Assert.Equal((null, "The document is too long for this terminal."), (outcome.Transaction, outcome.Words));
        Assert.Empty(till.Ran);
    }

    [Theory]
    [InlineData("The holder declined.", "!cancel")]
    [InlineData("The holder did not answer.", "!late")]
    [InlineData("The PIN is blocked.", "111111", "222222", "333333")]
    public async Task Whoever_ordered_it_hears_why_nothing_was_signed(string words, params string[] answers)
    {
        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        world.Person.Does(answers);

        var outcome = await world.Host.SignAsync(till, "desk", SigningWorld.Contract, null, Cancel);

        Assert.Null(outcome.Transaction);
        Assert.Equal(words, outcome.Words);
        Assert.Empty(world.Evidence.Filed);
    }

    [Fact]
    public async Task Another_card_than_the_expected_one_signs_nothing()
    {
        using var world = await SigningWorld.WithAsync();
        using (var till = world.Insert())
        {
            world.Person.Does("123456");
            await world.Host.SignAsync(till, "desk", SigningWorld.Contract, null, Cancel);
        }

        using var other = SigningCard.Make(new(0x0908070605040302), world.Authority, SigningWorld.Now);
        using var again = world.Insert(card: other, session: 0x2B);
        world.Person.Does("123456");

        var outcome = await world.Host.SignAsync(again, "desk", SigningWorld.Contract, SigningWorld.CardId, Cancel);

        Assert.Equal(SessionEnd.CardRefused, outcome.End);
        Assert.Single(world.Evidence.Filed);
    }

    [Fact]
    public async Task A_document_has_a_title_and_fits_a_script()
    {
        Assert.Throws<ArgumentException>(() => Dialogue.Sign(View.Of("Something")));

        using var world = await SigningWorld.WithAsync();
        using var till = world.Insert();
        var (_, end) = await world.RunAsync(
            till, Dialogue.Sign(View.Titled("Long").Text(string.Join(' ', Enumerable.Repeat("word", 700)))));

        Assert.Equal(DialogueEnd.TerminalRefused, end);
        Assert.Empty(world.Evidence.Filed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    public void What_is_no_evidence_is_refused_with_a_reason(string text) =>
        Assert.NotEmpty(Assert.Throws<InvalidDataException>(() => EvidenceFile.Read(Encoding.UTF8.GetBytes(text))).Message);

    internal static async Task<EvidenceFile> SignedAsync(SigningWorld world)
    {
        using var till = world.Insert();
        world.Person.Does("123456");
        await world.RunAsync(till, Dialogue.Sign(SigningWorld.Contract));
        return SignTests.Only(world);
    }

    private static bool Holds(byte[] octets, TrustStore? trust)
    {
        try
        {
            return EvidenceCheck.Check(EvidenceFile.Read(octets), trust).Holds;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static Bytes Turned(Bytes octets)
    {
        var copy = octets.ToArray();
        copy[^1] ^= 1;
        return new Bytes(copy);
    }
}
