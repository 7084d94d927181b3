using Tessera.Gateway;
using Tessera.Smpp.Centre;

namespace Tessera.Server.ShortMessages;

/// <summary>What happened on the short message road, in words and octets.</summary>
internal static class RoadWords
{
    public static (string Text, string Octets) Of(GatewayEvent told) => told switch
    {
        RoadChanged { Bound: true } => ("Bound to the SMSC", ""),
        RoadChanged changed => ($"Not bound to the SMSC: {changed.Reason}", ""),
        PartReceived part => ($"A part from {part.Sender}, {part.Octets} octets, waits for the others", ""),
        Gateway.MessageRefused refused => ($"A message from {refused.Sender} is dropped: {refused.Why}", ""),
        CardAnnounced announced => (
            $"The holder of card {announced.Card} calls, counter {announced.Counter}, {Words(announced.Count)}", ""),
        SessionOpened opened => (
            $"Session {opened.Session} opens under counter {opened.Counter}, {Words(opened.Count)}",
            opened.Opening.ToString()),
        ScriptSent sent => (
            $"Session {sent.Session}: script {sent.Number} goes out under counter {sent.Counter}, {Words(sent.Count)}"
            + (sent.Send > 1 ? $", for the {sent.Send}. time" : ""),
            sent.Script.ToString()),
        PartAccepted part => ($"Session {part.Part.Session}: the SMSC took part {part.Part.Position} as {part.MessageId}", ""),
        PartSettled part => ($"Session {part.Part.Session}: part {part.Part.Position} is {part.State}", ""),
        AnswerTaken answer => (
            $"Session {answer.Session}: script {answer.Number} is answered, {Words(answer.Count)}"
            + (answer.Again ? ", not for the first time" : "") + (answer.Late ? ", after its session" : ""),
            answer.Answer.ToString()),
        SessionClosed closed => (
            $"Session {closed.Session} ends after {closed.Traffic.Messages} short messages: {closed.Reason}", ""),
        _ => (told.ToString(), ""),
    };

    public static (string Text, string Octets) Of(CentreEvent told) => told switch
    {
        EsmeBound bound => ($"{bound.SystemId} is bound as {bound.Mode}", ""),
        EsmeUnbound unbound => ($"{unbound.SystemId} is gone: {unbound.Reason}", ""),
        EsmeRefused refused => ($"{refused.SystemId} may not bind: {refused.Status}", ""),
        PhoneAttached attached => ($"Phone {attached.Number} is there, IMSI {attached.Imsi}", ""),
        PhoneDetached detached => ($"Phone {detached.Number} is gone: {detached.Reason}", ""),
        PhoneRefused refused => ($"A phone is refused: {refused.Cause}, {refused.Reason}", ""),
        MessageSubmitted submitted => (
            $"Message {submitted.Id} from {submitted.Source} to {submitted.Destination}"
            + (submitted.About is { } about ? $", the receipt of {about}" : ""),
            submitted.Contents?.ToString() ?? ""),
        Smpp.Centre.MessageRefused refused => ($"A message to {refused.Destination} is refused: {refused.Reason}", ""),
        MessagePostponed postponed => (
            $"Message {postponed.Id} waits after attempt {postponed.Attempts}: {postponed.Reason}", ""),
        MessageEnded ended => ($"Message {ended.Id}: {ended.State}", ""),
        _ => (told.ToString(), ""),
    };

    private static string Words(MessageCount count) =>
        $"{count.Messages} short message{(count.Messages == 1 ? "" : "s")} of {count.Octets} octets";
}
