using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.Cards.Tests.SecureChannels;
using Tessera.VirtualCard.SecureChannels;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.SecureChannels;

/// <summary>The card's end answers as the real card did whose sessions were recorded.</summary>
public class RecordedSessionTests
{
    public static TheoryData<string> Transcripts => new(Scp03Transcript.All.Select(each => each.Name));

    [Theory]
    [MemberData(nameof(Transcripts))]
    public void Every_recorded_session_is_answered_octet_for_octet(string name)
    {
        var recorded = Scp03Transcript.All.Single(each => string.Equals(each.Name, name, StringComparison.Ordinal));
        var answer = recorded.Octets("init_update_rsp").Read<ResponseApdu>().Data.Read<InitializeUpdateAnswer>();
        using var domain = new DomainPersonalisation
        {
            Aid = SecuredCard.Aid,
            KeyVersion = answer.KeyVersion,
            Keys = recorded.Keys(),
            Options = answer.Options,
            Diversification = answer.Diversification,
        };
        using var card = new SecuredCard(domain, answer.Sequence!.Value - 1);

        Assert.Equal(SecuredCard.Aid, recorded.Octets("pseudo_random_challenge_aid"));
        Assert.Equal(recorded.Octets("init_update_rsp"), card.Send(recorded.Octets("init_update_cmd")));
        Assert.Equal("9000", card.Send(recorded.Octets("ext_auth_cmd")).ToString());
        foreach (var step in recorded.Steps)
        {
            card.Answer = step.HasAnswer ? step.PlainAnswer.Read<ResponseApdu>() : new ResponseApdu(StatusWord.FileNotFound);
            var said = card.Send(step.Wrapped);

            Assert.Equal(step.Plain.Read<CommandApdu>(), card.Asked);
            Assert.Equal(step.HasAnswer ? step.WrappedAnswer : Bytes.Of(StatusWord.FileNotFound), said);
        }
    }
}
