using System.Globalization;
using System.Text;
using Tessera.Smpp;
using Tessera.Wire;

namespace Tessera.Server.ShortMessages;

/// <summary>PDUs between gateway and SMSC in words and octets; never a password.</summary>
internal static class PduWords
{
    public static (string Text, string Octets) Of(SeenPdu seen) => (
        string.Create(
            CultureInfo.InvariantCulture, $"{NameOf(seen.Frame.Id)} {seen.Frame.SequenceNumber}{Contents(seen.Frame)}"),
        seen.Octets.ToString());

    /// <summary>As the standard writes it: <c>submit_sm_resp</c>.</summary>
    public static string NameOf(CommandId id)
    {
        var name = new StringBuilder();
        foreach (var letter in id.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && name.Length > 0) name.Append('_');
            name.Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }

    private static string Contents(in PduFrame frame)
    {
        try
        {
            return Contents(Pdu.Read(frame));
        }
        catch (WireFormatException e)
        {
            return $", which cannot be read: {e.Message}";
        }
    }

    private static string Contents(Pdu pdu) => pdu switch
    {
        Bind bind => $" of {bind.SystemId}",
        SubmitSm submit => Contents(submit),
        DeliverSm deliver => Contents(deliver),
        MessageResponse { Status: CommandStatus.Ok, MessageId.Length: > 0 } response => $": message {response.MessageId}",
        ResponsePdu response => $": {response.Status}",
        _ => "",
    };

    private static string Contents<TResponse>(ShortMessage<TResponse> message) where TResponse : ResponsePdu => string.Create(
        CultureInfo.InvariantCulture,
        $" from {message.Source.Digits} to {message.Destination.Digits}, esm_class {message.EsmClass.Value:X2}, "
        + $"protocol_id {message.ProtocolId:X2}, data_coding {message.DataCoding.Value:X2}, {message.Text.Length} octets");
}
