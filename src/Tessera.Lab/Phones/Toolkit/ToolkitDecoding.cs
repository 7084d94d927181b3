using System.Globalization;
using System.Text;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Toolkit;

/// <summary>Toolkit objects in words, for the log; what was typed hidden is not among them.</summary>
internal static class ToolkitDecoding
{
    public static string Of(ProactiveCommand command, GeneralResult? fault)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Name(command.Type)} number {command.Number}, qualifier {command.Qualifier:X2}");
        if (fault is { } result)
        {
            text.Append(CultureInfo.InvariantCulture, $": cannot be performed, {Words(result)}");
            return text.ToString();
        }

        foreach (var found in command.Objects) text.Append(CultureInfo.InvariantCulture, $"\n  {Of(found)}");
        return text.ToString();
    }

    public static string Of(ProactiveCommand command, TerminalResponse response)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Name(response.Type)}: {Words(response.Result)}");
        if (response.Additional.Length > 0) text.Append(CultureInfo.InvariantCulture, $", {response.Additional}");
        foreach (var found in response.Objects)
        {
            var hidden = command.IsHiddenInput && found.Name == ObjectTag.TextString;
            text.Append(CultureInfo.InvariantCulture, $"\n  {(hidden ? "TextString, hidden" : Of(found))}");
        }

        return text.ToString();
    }

    /// <summary>Where in a TERMINAL RESPONSE the hidden text is; empty for none.</summary>
    public static Range SecretOf(ProactiveCommand command, TerminalResponse response, Bytes octets)
    {
        if (!command.IsHiddenInput || response.Find(ObjectTag.TextString) is not { } text) return 0..0;
        return (octets.Length - text.Length)..octets.Length;
    }

    public static string OfEnvelope(Bytes envelope)
    {
        var reader = new ByteReader(envelope.Span);
        var content = new ByteReader(Tlv.ReadValue(ref reader, out var tag));
        var text = new StringBuilder(tag switch
        {
            0xD1 => "SMS-PP DOWNLOAD",
            0xD3 => "MENU SELECTION",
            0xD4 => "CALL CONTROL",
            0xD6 => "EVENT DOWNLOAD",
            0xD7 => "TIMER EXPIRATION",
            _ => $"ENVELOPE {tag:X2}",
        });
        while (content.Remaining > 0)
            text.Append(CultureInfo.InvariantCulture, $"\n  {Of(ComprehensionTlv.Read(ref content))}");
        return text.ToString();
    }

    private static string Of(ComprehensionTlv found)
    {
        var value = found.Value.Span;
        try
        {
            return found.Name switch
            {
                ObjectTag.TextString or ObjectTag.DefaultText => $"{found.Name} \"{TextString.Decode(value)}\"",
                ObjectTag.AlphaIdentifier => $"{found.Name} \"{AlphaIdentifier.Decode(value)}\"",
                ObjectTag.Item when value.Length > 0 => $"Item {value[0]} \"{AlphaIdentifier.Decode(value[1..])}\"",
                ObjectTag.Address => $"Address {DialNumber.Decode(value)}",
                _ => $"{found.Name} {Convert.ToHexString(value)}",
            };
        }
        catch (WireFormatException)
        {
            return $"{found.Name} {Convert.ToHexString(value)}";
        }
    }

    private static string Name(CommandType type) => type switch
    {
        CommandType.DisplayText => "DISPLAY TEXT",
        CommandType.GetInkey => "GET INKEY",
        CommandType.GetInput => "GET INPUT",
        CommandType.SelectItem => "SELECT ITEM",
        CommandType.SetUpMenu => "SET UP MENU",
        CommandType.SendShortMessage => "SEND SHORT MESSAGE",
        CommandType.PlayTone => "PLAY TONE",
        CommandType.MoreTime => "MORE TIME",
        CommandType.PollInterval => "POLL INTERVAL",
        CommandType.PollingOff => "POLLING OFF",
        CommandType.Refresh => "REFRESH",
        CommandType.ProvideLocalInformation => "PROVIDE LOCAL INFORMATION",
        CommandType.SetUpEventList => "SET UP EVENT LIST",
        CommandType.TimerManagement => "TIMER MANAGEMENT",
        CommandType.SetUpIdleModeText => "SET UP IDLE MODE TEXT",
        CommandType.SetUpCall => "SET UP CALL",
        _ => $"command of type {(byte)type:X2}",
    };

    private static string Words(GeneralResult result) => result switch
    {
        GeneralResult.Success => "performed",
        GeneralResult.PartialComprehension => "performed, partly understood",
        GeneralResult.IconNotShown => "performed, icon not shown",
        GeneralResult.ModifiedByCard => "performed, changed by the SIM",
        GeneralResult.SessionTerminatedByUser => "ended by the holder",
        GeneralResult.BackwardMove => "back",
        GeneralResult.NoResponseFromUser => "no answer of the holder",
        GeneralResult.HelpRequired => "help wanted",
        GeneralResult.TerminalBusy => "phone busy",
        GeneralResult.NetworkBusy => "network busy",
        GeneralResult.UserRefused => "refused by the holder",
        GeneralResult.UserClearedCall => "hung up by the holder",
        GeneralResult.CallControlRefused => "not allowed by the SIM",
        GeneralResult.CallControlProblem => "the SIM could not say whether it may be",
        GeneralResult.TimerContradiction => "timer not running",
        GeneralResult.BeyondCapabilities => "beyond what this phone does",
        GeneralResult.TypeNotUnderstood => "type not known",
        GeneralResult.DataNotUnderstood => "data not understood",
        GeneralResult.SmsRpError => "refused by the network",
        GeneralResult.MissingValues => "something required is missing",
        _ => $"result {(byte)result:X2}",
    };
}
