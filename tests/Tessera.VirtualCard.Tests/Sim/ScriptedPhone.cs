using Tessera.Cards;
using Tessera.Sms.Messages;
using Tessera.Toolkit.Commands;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>
/// A phone without a screen: it fetches what the card has, answers as it was told to, and hands messages to the
/// gateway.
/// </summary>
internal sealed class ScriptedPhone(CardOs card, Gateway gateway)
{
    private const int MaxCommands = 100;

    /// <summary>It speaks to a UICC: class 80 where a phone of the second generation has A0.</summary>
    public bool IsUicc { get; init; }

    /// <summary>All commands of the card, in order.</summary>
    public List<ProactiveCommand> Commands { get; } = [];

    /// <summary>Short messages that the network took.</summary>
    public int Sent { get; private set; }

    /// <summary>What the holder does; by default everything is done and nothing entered.</summary>
    public Func<ProactiveCommand, TerminalResponse> Holder { get; set; } =
        command => TerminalResponse.To(command, GeneralResult.Success);

    /// <summary>Whether the network takes a message; what it takes the gateway gets.</summary>
    public Func<int, GeneralResult> Network { get; set; } = _ => GeneralResult.Success;

    /// <summary>Takes the phone into use: reset, TERMINAL PROFILE, and what the card then wants.</summary>
    public ScriptedPhone SwitchOn()
    {
        card.Reset();
        Exchange(Gateway.Command(0x10, Bytes.FromHex(TestSim.Profile)));
        return this;
    }

    public void Choose(byte item) => Exchange($"A0C2000009D307820201819001{item:X2}");

    /// <summary>Hands over a message, in the order in which its parts are given.</summary>
    /// <returns>The status of each ENVELOPE.</returns>
    public IReadOnlyList<string> Deliver(IEnumerable<string> envelopes) => [.. envelopes.Select(Exchange)];

    public string Poll() => Exchange("A0F2000016");

    /// <summary>One command, and then all that the card wants of the phone.</summary>
    /// <returns>The status of the first.</returns>
    public string Exchange(string hex)
    {
        var first = Send(hex);
        var status = first;
        for (var i = 0; status.StartsWith("91", StringComparison.Ordinal); i++)
        {
            if (i == MaxCommands) throw new InvalidOperationException("The card does not come to an end.");
            var fetched = Transmit($"A0120000{status[2..]}").Read<ResponseApdu>();
            Xunit.Assert.Equal(StatusWord.Success, fetched.Status);
            var command = fetched.Data.Read<ProactiveCommand>();
            Commands.Add(command);
            status = Send(Gateway.Command(0x14, Bytes.Of(Perform(command))));
        }

        Xunit.Assert.Equal(first.StartsWith("91", StringComparison.Ordinal) ? "9000" : first, status);
        return first;
    }

    /// <summary>Only the status word.</summary>
    private string Send(string hex) => Transmit(hex).ToString()[^4..];

    private Bytes Transmit(string hex) =>
        card.Transmit(Bytes.FromHex(IsUicc && hex.StartsWith("A0", StringComparison.Ordinal) ? $"80{hex[2..]}" : hex).Span);

    private TerminalResponse Perform(ProactiveCommand command)
    {
        if (command.Type == CommandType.SetUpMenu) return TerminalResponse.To(command, GeneralResult.Success);
        if (command.Type != CommandType.SendShortMessage) return Holder(command);

        var result = Network(Sent);
        if (!result.IsDone()) return TerminalResponse.To(command, result);
        Sent++;
        gateway.Receive(command.Find(ObjectTag.SmsTpdu)!.Value.Read<SmsSubmit>());
        return TerminalResponse.To(command, result);
    }
}
