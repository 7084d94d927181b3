using System.Security.Authentication;
using Tessera.Cards.SecureChannels;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.SecureChannels;

public class Scp03HostTests
{
    public static TheoryData<string> Transcripts => new(Scp03Transcript.All.Select(each => each.Name));

    [Theory]
    [MemberData(nameof(Transcripts))]
    public void Every_recorded_session_is_had_again_octet_for_octet(string name)
    {
        var recorded = Of(name);
        using var keys = recorded.Keys();
        var challenge = recorded.Octets("host_challenge");
        var initialize = GlobalPlatformCommands.InitializeUpdate(AnswerOf(recorded).KeyVersion, challenge);
        Assert.Equal(recorded.Octets("init_update_cmd"), Bytes.Of(initialize));

        using var host = Scp03Host.Open(keys, challenge, AnswerOf(recorded));
        Assert.Equal(recorded.Octets("ext_auth_cmd"), Bytes.Of(host.Authenticate(recorded.Level)));
        foreach (var step in recorded.Steps)
        {
            Assert.Equal(step.Wrapped, Bytes.Of(host.Wrap(step.Plain.Read<CommandApdu>())));
            if (step.HasAnswer)
                Assert.Equal(step.PlainAnswer, Bytes.Of(host.Unwrap(step.WrappedAnswer.Read<ResponseApdu>())));
        }
    }

    [Theory]
    [MemberData(nameof(Transcripts))]
    public void Session_keys_challenge_and_cryptograms_are_those_recorded(string name)
    {
        var recorded = Of(name);
        using var keys = recorded.Keys();
        var answer = AnswerOf(recorded);
        using var session = new Scp03Session(keys, recorded.Octets("host_challenge"), answer.CardChallenge);

        Assert.Equal(recorded.Octets("card_cryptogram"), session.CardCryptogram);
        Assert.Equal(recorded.Octets("host_cryptogram"), session.HostCryptogram);
        Assert.Equal(
            answer.CardChallenge,
            Scp03Session.CardChallenge(
                keys.Encryption, answer.Sequence!.Value, recorded.Octets("pseudo_random_challenge_aid")));
    }

    [Fact]
    public void The_answer_to_initialize_update_is_read_with_and_without_a_counter()
    {
        var counted = new InitializeUpdateAnswer(
            Bytes.FromHex("0102030405060708090A"), 0x30, (Scp03Options)0x70, Bytes.FromHex("3EB51047495B249F"),
            Bytes.FromHex("66C484C1D2EF1948"), 0xA1B2C3);
        WireFormat.Holds(counted, "0102030405060708090A 30 03 70 3EB51047495B249F 66C484C1D2EF1948 A1B2C3");
        WireFormat.Holds(
            counted with { Options = (Scp03Options)0x60, Sequence = null },
            "0102030405060708090A 30 03 60 3EB51047495B249F 66C484C1D2EF1948");
    }

    [Theory]
    [InlineData("0102030405060708090A 30 02 70 3EB51047495B249F 66C484C1D2EF1948 A1B2C3", "secure channel protocol")]
    [InlineData("0102030405060708090A 30 03 78 3EB51047495B249F 66C484C1D2EF1948 A1B2C3", "i at octet 12")]
    [InlineData("0102030405060708090A 30 03 40 3EB51047495B249F 66C484C1D2EF1948", "i at octet 12")]
    public void Another_protocol_is_told_by_name(string hex, string where)
    {
        var wrong = Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<InitializeUpdateAnswer>());
        Assert.Contains(where, wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Transcripts))]
    public void Whatever_is_changed_in_a_coded_answer_ends_the_session(string name)
    {
        var recorded = Of(name);
        if (!recorded.Level.HasFlag(SecurityLevel.ResponseMac)) return;

        var step = recorded.Steps[0];
        for (var at = 0; at < step.WrappedAnswer.Length - 2; at++)
        {
            var changed = step.WrappedAnswer.ToArray();
            changed[at] ^= 0x01;
            Refuses(recorded, step, new Bytes(changed).Read<ResponseApdu>());
        }

        var whole = step.WrappedAnswer.Read<ResponseApdu>();
        for (var length = 0; length < whole.Data.Length; length++)
            Refuses(recorded, step, whole with { Data = new Bytes(whole.Data.Memory[..length]) });
        Refuses(recorded, step, whole with { Status = new StatusWord(0x6310) });
        Refuses(recorded, step, whole with { Status = StatusWord.WrongData });
    }

    [Fact]
    public void An_error_has_no_code_and_the_session_goes_on()
    {
        var recorded = Of("AES128 33");
        using var keys = recorded.Keys();
        using var host = Opened(recorded, keys);

        host.Wrap(recorded.Steps[0].Plain.Read<CommandApdu>());
        Assert.Equal(StatusWord.FileNotFound, host.Unwrap(new ResponseApdu(StatusWord.FileNotFound)).Status);
        Assert.Equal(recorded.Steps[1].Wrapped, Bytes.Of(host.Wrap(recorded.Steps[1].Plain.Read<CommandApdu>())));
    }

    [Fact]
    public void A_card_with_other_keys_is_refused()
    {
        var recorded = Of("AES128 11");
        using var keys = new Scp03Keys(SecretKey.Generate(), SecretKey.Generate(), SecretKey.Generate());

        var refused = Assert.Throws<AuthenticationException>(
            () => Scp03Host.Open(keys, recorded.Octets("host_challenge"), AnswerOf(recorded)));
        Assert.Contains("other keys of version 30", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Levels_that_the_card_has_not_are_refused()
    {
        var recorded = Of("AES128 11");
        using var keys = recorded.Keys();
        var weaker = AnswerOf(recorded) with { Options = Scp03Options.ResponseMac };
        using var host = Scp03Host.Open(keys, recorded.Octets("host_challenge"), weaker);

        Assert.Throws<ArgumentException>(() => host.Authenticate((SecurityLevel)0x33));
        Assert.Throws<ArgumentException>(() => host.Authenticate((SecurityLevel)0x02));
        Assert.Equal((SecurityLevel)0x13, SecurityLevels.StrongestOf(weaker.Options));
        Assert.Throws<InvalidOperationException>(() => host.Wrap(recorded.Steps[0].Plain.Read<CommandApdu>()));
        host.Authenticate((SecurityLevel)0x13);
        Assert.Throws<InvalidOperationException>(() => host.Authenticate((SecurityLevel)0x13));
    }

    [Theory]
    [InlineData(0x01, 247)]
    [InlineData(0x03, 239)]
    [InlineData(0x00, 255)]
    public void A_wrapped_command_is_short_as_long_as_it_fits(byte level, int longest)
    {
        var recorded = Of("AES128 33");
        using var keys = recorded.Keys();
        using var host = Scp03Host.Open(keys, recorded.Octets("host_challenge"), AnswerOf(recorded));
        host.Authenticate((SecurityLevel)level);

        Assert.False(host.Wrap(new CommandApdu(0x80, 0xE2, 0, 0, new Bytes(new byte[longest]))).IsExtended);
        Assert.True(host.Wrap(new CommandApdu(0x80, 0xE2, 0, 0, new Bytes(new byte[longest + 1]))).IsExtended);
    }

    [Theory]
    [InlineData(0x84)]
    [InlineData(0x90)]
    [InlineData(0xC0)]
    public void A_class_that_has_no_wrapped_form_is_refused(byte cla)
    {
        var recorded = Of("AES128 33");
        using var keys = recorded.Keys();
        using var host = Opened(recorded, keys);

        Assert.Throws<ArgumentException>(() => host.Wrap(new CommandApdu(cla, 0xE2, 0, 0)));
    }

    private static void Refuses(Scp03Transcript recorded, Scp03Step step, ResponseApdu answer)
    {
        using var keys = recorded.Keys();
        using var host = Opened(recorded, keys);
        host.Wrap(step.Plain.Read<CommandApdu>());
        Assert.Throws<AuthenticationException>(() => host.Unwrap(answer));
        Assert.Throws<ObjectDisposedException>(() => host.Wrap(step.Plain.Read<CommandApdu>()));
    }

    private static Scp03Host Opened(Scp03Transcript recorded, Scp03Keys keys)
    {
        var host = Scp03Host.Open(keys, recorded.Octets("host_challenge"), AnswerOf(recorded));
        host.Authenticate(recorded.Level);
        return host;
    }

    private static Scp03Transcript Of(string name) =>
        Scp03Transcript.All.Single(each => string.Equals(each.Name, name, StringComparison.Ordinal));

    private static InitializeUpdateAnswer AnswerOf(Scp03Transcript recorded) =>
        recorded.Octets("init_update_rsp").Read<ResponseApdu>().Data.Read<InitializeUpdateAnswer>();
}
