using Tessera.Lab.Phones.Air;
using Tessera.Lab.Phones.Screens;
using Tessera.Sms.Messages;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Toolkit;

/// <summary>SEND SHORT MESSAGE: what the SIM itself sends (ETSI TS 102 223 §6.4.10).</summary>
internal sealed partial class ToolkitSession
{
    private const byte PackingByPhone = 0x01;
    private const byte EightBits = 0x04;
    private const byte NoService = 0x04;
    private const byte NoCause = 0x00;

    private Task SendShortMessageAsync(ProactiveCommand command)
    {
        var message = command.Find(ObjectTag.SmsTpdu)!.Value.Read<SmsSubmit>() with
        {
            Reference = _phone.Radio.NextReference(),
        };
        if ((command.Qualifier & PackingByPhone) != 0) message = Packed(message);
        var centre = command.Find(ObjectTag.Address) is { Length: > 1 } address ? ReadCentre(address) : (Address?)null;
        if (command.Alpha is not { Length: 0 })
            Show(new TextScreen(command.Alpha ?? "Sending…"));
        _phone.SendAll(
            [message], outcome => _current == command ? SentAsync(command, outcome) : Task.CompletedTask, centre);
        return Task.CompletedTask;
    }

    private Task SentAsync(ProactiveCommand command, SendOutcome outcome) => outcome.End switch
    {
        SendEnd.Taken => DoneAsync(command),
        SendEnd.Refused => RespondAsync(GeneralResult.SmsRpError, (byte)outcome.Cause),
        SendEnd.NoService => RespondAsync(GeneralResult.TerminalBusy, NoService),
        _ => RespondAsync(GeneralResult.NetworkBusy, NoCause),
    };

    /// <summary>The SIM wrote one character an octet: the same characters in septets.</summary>
    private static SmsSubmit Packed(SmsSubmit message) => message.Coding.Alphabet == Alphabet.Octets
        ? message with { Coding = new DataCodingScheme((byte)(message.Coding.Octet & ~EightBits)) }
        : message;

    private static Address? ReadCentre(Bytes address)
    {
        var reader = new ByteReader([(byte)address.Length, .. address.Span]);
        return Address.ReadRelay(ref reader);
    }
}
