using System.Text;
using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Pins;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Toolkit.Verifiers;
using Tessera.VirtualCard.Biometrics;
using Tessera.Wire;
using Xunit;

namespace Tessera.Verifier.Tests;

/// <summary>docs/protocols/verifier.md §3, §4: what a verifier says of what holders entered, and what it never says.</summary>
public sealed class VerifierDeskTests : IDisposable
{
    private const string Pin = "493827";

    private static readonly CardId Card = CardId.Parse("0123456789ABCDEF");
    private static readonly PeerIdentity Server = new(new Bytes(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray()));
    private static readonly Bytes Terminal = Bytes.FromHex("B1B2B3B4B5B6B7B8");
    private static readonly SyntheticFinger Finger = new(17);

    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly VerifierFolder _keys;
    private ReferenceStore _references;
    private VerifierDesk _desk;

    public VerifierDeskTests()
    {
        _keys = VerifierFolder.Create(_folder.File("verifier"), "Test Bank");
        (_references, _desk) = SwitchOn();
        using var reference = new HolderReference();
        using var pin = PinBlock.OfPin(Pin);
        reference.SetPin(pin, rounds: 1000);
        reference.SetFinger(Finger.Enrol());
        Keep(Card, reference);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        SwitchOff();
        _keys.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_PIN_of_the_holder_is_verified_in_a_verdict_that_the_verifier_signed()
    {
        var asked = await EnteredAsync(Pin);
        var verdict = await JudgeAsync(asked);

        Assert.Equal((VerifierResult.Verified, 3), (verdict.Result, verdict.TriesLeft));
        Assert.Equal(_time.GetUtcNow(), verdict.Time);
        Assert.True(verdict.IsOf(_keys.Public, asked));
    }

    [Fact]
    public async Task A_verdict_is_of_one_entry_and_one_statement_and_no_bit_of_it_can_be_turned()
    {
        var asked = await EnteredAsync("000000");
        var octets = Bytes.Of(await JudgeAsync(asked)).ToArray();

        for (var bit = 0; bit < 8 * octets.Length; bit++)
        {
            octets[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(IsOf(octets, asked), $"bit {bit}");
            octets[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.True(IsOf(octets, asked));
        Assert.False(IsOf(octets, asked with { Statement = asked.Statement with { Card = new CardId(1) } }));
        Assert.False(IsOf(octets, await EnteredAsync("000000")));
        using var other = VerifierFolder.Create(_folder.File("other"), "Test Bank");
        Assert.False(new Bytes(octets).Read<VerifierVerdict>().IsOf(other.Public, asked));
    }

    [Fact]
    public async Task A_finger_of_the_holder_is_verified_and_another_is_not()
    {
        using var own = Finger.Lay(3);
        using var foreign = new SyntheticFinger(18).Lay(3);

        Assert.Equal(VerifierResult.Verified, (await JudgeAsync(await LaidAsync(own))).Result);
        var refused = await JudgeAsync(await LaidAsync(foreign));
        Assert.Equal((VerifierResult.Wrong, 4), (refused.Result, refused.TriesLeft));
    }

    [Fact]
    public async Task Tries_go_one_by_one_a_right_PIN_gives_them_back_and_none_left_is_blocked()
    {
        Assert.Equal(2, (await JudgeAsync(await EnteredAsync("000000"))).TriesLeft);
        Assert.Equal(VerifierResult.Verified, (await JudgeAsync(await EnteredAsync(Pin))).Result);
        for (var left = 2; left >= 0; left--)
            Assert.Equal((VerifierResult.Wrong, (byte)left), Said(await JudgeAsync(await EnteredAsync("000000"))));

        Assert.Equal((VerifierResult.Blocked, (byte)0), Said(await JudgeAsync(await EnteredAsync(Pin))));
        Assert.Equal(ComparableEntries.Finger | ComparableEntries.Blocked, (await ChallengeAsync()).Comparable);
        using var own = Finger.Lay(1);
        Assert.Equal(VerifierResult.Verified, (await JudgeAsync(await LaidAsync(own))).Result);
    }

    [Fact]
    public async Task Tries_that_are_gone_are_gone_after_a_restart()
    {
        await JudgeAsync(await EnteredAsync("000000"));
        SwitchOff();
        (_references, _desk) = SwitchOn();

        Assert.Equal((VerifierResult.Wrong, (byte)1), Said(await JudgeAsync(await EnteredAsync("000000"))));
    }

    [Fact]
    public async Task An_entry_counts_once_and_a_copy_of_it_is_stale()
    {
        var asked = await EnteredAsync(Pin);

        Assert.Equal(VerifierResult.Verified, (await JudgeAsync(asked)).Result);
        Assert.Equal(VerifierResult.Stale, (await JudgeAsync(asked)).Result);
        Assert.Equal(VerifierResult.Stale, (await JudgeAsync(asked)).Result);
        Assert.Equal(3, await TriesAsync());
    }

    [Fact]
    public async Task A_nonce_that_is_old_unknown_or_of_a_verifier_before_its_restart_is_stale()
    {
        var old = await EnteredAsync(Pin);
        _time.Advance(VerifierDesk.NonceLife);
        Assert.Equal(VerifierResult.Stale, (await JudgeAsync(old)).Result);

        var before = await EnteredAsync(Pin);
        SwitchOff();
        (_references, _desk) = SwitchOn();
        Assert.Equal(VerifierResult.Stale, (await JudgeAsync(before)).Result);

        var pushed = await EnteredAsync(Pin);
        for (var i = 0; i < VerifierDesk.MaxNonces; i++) await ChallengeAsync();
        Assert.Equal(VerifierResult.Stale, (await JudgeAsync(pushed)).Result);
        Assert.Equal(3, await TriesAsync());
    }

    public static TheoryData<string> Moves => ["server", "session", "number", "terminal", "source", "digest", "entry"];

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task An_entry_that_was_moved_is_not_read_and_costs_no_try(string what)
    {
        var asked = await EnteredAsync(Pin);
        var statement = asked.Statement;
        var moved = what switch
        {
            "server" => asked with { Statement = statement with { Server = Bytes.FromHex("A1A2A3A4A5A6A7A8") } },
            "session" => asked with { Statement = statement with { Session = 0x2B } },
            "number" => asked with { Statement = statement with { Number = 2 } },
            "terminal" => asked with { Statement = statement with { Terminal = Bytes.FromHex("B1B2B3B4B5B6B7B9") } },
            "source" => asked with { Statement = statement with { Source = InputSource.Finger } },
            "digest" => asked with { Statement = statement with { Digest = new Bytes(new byte[32]) } },
            _ => asked with { Entry = (await EnteredAsync(Pin)).Entry },
        };

        var verdict = await JudgeAsync(moved);

        Assert.Contains(verdict.Result, (VerifierResult[])[VerifierResult.Unreadable, VerifierResult.Stale]);
        Assert.True(verdict.IsOf(_keys.Public, moved));
        Assert.Equal(3, await TriesAsync());
    }

    [Fact]
    public async Task A_nonce_is_for_the_card_it_was_given_for_and_for_the_server_that_asked()
    {
        using var other = new HolderReference();
        using var pin = PinBlock.OfPin(Pin);
        other.SetPin(pin, rounds: 1000);
        Keep(new CardId(7), other);

        var ofOther = Seal((await ChallengeAsync()).Nonce, InputSource.Pin, Encoding.ASCII.GetBytes(Pin), new CardId(7));
        Assert.Equal(VerifierResult.Stale, (await JudgeAsync(ofOther)).Result);

        var stranger = new PeerIdentity(new Bytes(new byte[32]));
        Assert.Equal(VerifierResult.Stale, (await JudgeAsync(await EnteredAsync(Pin), stranger)).Result);
    }

    [Fact]
    public async Task A_card_that_it_does_not_know_is_unknown()
    {
        var challenge = (await AskAsync(new ChallengeRequest(new CardId(9)))).Read<VerifierChallenge>();
        Assert.Equal(ComparableEntries.None, challenge.Comparable);

        var asked = Seal(challenge.Nonce, InputSource.Pin, Encoding.ASCII.GetBytes(Pin), new CardId(9));
        Assert.Equal(VerifierResult.Unknown, (await JudgeAsync(asked)).Result);
    }

    [Fact]
    public async Task What_is_on_disk_says_nothing_and_is_of_one_verifier_and_one_card()
    {
        var path = Path.Combine(_folder.File("verifier"), "references", Card.ToString());
        using var template = Finger.Enrol();
        var file = Convert.ToHexString(await File.ReadAllBytesAsync(path, Cancel));
        Assert.DoesNotContain(Convert.ToHexString(template.Reveal())[..40], file, StringComparison.Ordinal);

        File.Copy(path, Path.Combine(Path.GetDirectoryName(path)!, new CardId(5).ToString()));
        using var held = await _references.HoldAsync(Cancel);
        Assert.Throws<InvalidDataException>(() => held.Find(new CardId(5)));
        Assert.NotNull(held.Find(Card));
    }

    [Fact]
    public async Task What_is_no_question_is_refused()
    {
        foreach (var octets in (string[])["", "A1", "A107 01020304050607", "A3 00", "A200", "A108 0102030405060708 00"])
            await Assert.ThrowsAsync<WireFormatException>(
                () => _desk.AnswerAsync(Bytes.FromHex(octets.Replace(" ", "", StringComparison.Ordinal)), Server, Cancel));
    }

    private static (VerifierResult Result, byte Tries) Said(VerifierVerdict verdict) => (verdict.Result, verdict.TriesLeft);

    private bool IsOf(byte[] octets, VerificationRequest asked)
    {
        try
        {
            return Bytes.CopyOf(octets).Read<VerifierVerdict>().IsOf(_keys.Public, asked);
        }
        catch (WireFormatException)
        {
            return false;
        }
    }

    private (ReferenceStore References, VerifierDesk Desk) SwitchOn()
    {
        var references = new ReferenceStore(_keys, TimeProvider.System);
        return (references, new VerifierDesk(_keys, references, _time));
    }

    private void SwitchOff()
    {
        _desk.Dispose();
        _references.Dispose();
    }

    private void Keep(CardId card, HolderReference reference)
    {
        using var held = _references.HoldAsync(Cancel).GetAwaiter().GetResult();
        held.Keep(card, reference);
    }

    private async Task<byte> TriesAsync()
    {
        using var held = await _references.HoldAsync(Cancel);
        using var reference = held.Find(Card)!;
        return reference.PinTries;
    }

    private Task<Bytes> AskAsync(VerifierRequest request, PeerIdentity? server = null) =>
        _desk.AnswerAsync(Bytes.Of(request), server ?? Server, Cancel);

    private async Task<VerifierChallenge> ChallengeAsync() =>
        (await AskAsync(new ChallengeRequest(Card))).Read<VerifierChallenge>();

    private async Task<VerifierVerdict> JudgeAsync(VerificationRequest asked, PeerIdentity? server = null) =>
        (await AskAsync(asked, server)).Read<VerifierVerdict>();

    private async Task<VerificationRequest> EnteredAsync(string digits) =>
        Seal((await ChallengeAsync()).Nonce, InputSource.Pin, Encoding.ASCII.GetBytes(digits), Card);

    private async Task<VerificationRequest> LaidAsync(FingerTemplate finger) =>
        Seal((await ChallengeAsync()).Nonce, InputSource.Finger, finger.Reveal().ToArray(), Card);

    private VerificationRequest Seal(Bytes nonce, InputSource source, byte[] entered, CardId card)
    {
        var statement = new VerificationStatement(
            Server.Id, 0x2A, 1, nonce, Terminal, card, source, new Bytes(Enumerable.Repeat((byte)0xDD, 32).ToArray()));
        return new VerificationRequest(statement, SealedEntry.Seal(_keys.Public, statement, entered)!.Value);
    }
}
